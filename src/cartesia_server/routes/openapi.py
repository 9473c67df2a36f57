"""``/openapi.json``: what this server speaks, made from the messages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any, Literal, get_args

from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.api_status import ApiInfo
from cartesia.wire.auth import TokenRequest, TokenResponse
from cartesia.wire.base import WireModel
from cartesia.wire.pronunciations import (
    CreatePronunciationDictRequest,
    PronunciationDict,
    PronunciationDicts,
    UpdatePronunciationDictRequest,
)
from cartesia.wire.stt import (
    StreamingTranscriptionResponse_Done,
    StreamingTranscriptionResponse_Error,
    StreamingTranscriptionResponse_FlushDone,
    StreamingTranscriptionResponse_Transcript,
    TranscriptionResponse,
)
from cartesia.wire.tts import (
    CancelContextRequest,
    GenerationRequest,
    TtsRequest,
    TtssseRequest,
    WebSocketResponse_Chunk,
    WebSocketResponse_Done,
    WebSocketResponse_Error,
    WebSocketResponse_FlushDone,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
)
from cartesia.wire.turns import TurnCloseCommand, TurnConfigCommand, TurnMessage
from cartesia.wire.voice_changer import (
    StreamingResponse_Chunk,
    StreamingResponse_Done,
    StreamingResponse_Error,
)
from cartesia.wire.voices import (
    CreateVoiceRequest,
    EmbeddingResponse,
    GetVoicesResponse,
    ListAccentsResponse,
    LocalizeVoiceRequest,
    MixVoicesRequest,
    UpdateVoiceRequest,
    Voice,
    VoiceAccentsRequest,
    VoiceMetadata,
)
from cartesia_server.audio.formats import BIT_RATES, CONTAINERS, MEDIA_TYPES, SAMPLE_RATES
from cartesia_server.audio.formats import ENCODINGS as SAMPLE_ENCODINGS
from cartesia_server.audio.raw import ENCODINGS
from cartesia_server.routes.openai_messages import ModelCard, ModelList, SpeechBody
from cartesia_server.sessions.turn_taking import TURN_RANGES
from cartesia_server.voices.clone import CLONE_MODES
from cartesia_server.voices.records import GENDERS

_SPEECH_EVENTS = (
    WebSocketResponse_Chunk,
    WebSocketResponse_Timestamps,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_FlushDone,
    WebSocketResponse_Done,
    WebSocketResponse_Error,
)
_TRANSCRIPTION_EVENTS = (
    StreamingTranscriptionResponse_Transcript,
    StreamingTranscriptionResponse_FlushDone,
    StreamingTranscriptionResponse_Done,
    StreamingTranscriptionResponse_Error,
)
_TURN_EVENTS = (*get_args(TurnMessage), StreamingTranscriptionResponse_Error)
_CHANGED_VOICE_EVENTS = (
    StreamingResponse_Chunk,
    StreamingResponse_Done,
    StreamingResponse_Error,
)
_BINARY = {"type": "string", "format": "binary"}


@dataclass(frozen=True)
class _Operation:
    """One method of one path.

    Attributes:
        summary: one line.
        answers: what a success holds, by media type: messages, any of which it may be.
        binary: media types of a success that is no JSON.
        body: the JSON body.
        form: fields of the multipart body, with their schemas.
        required: fields of the form that must be there.
        query: parameters of the query by name, with their schemas.
        path: parameters of the path.
        messages: what a client may send over the socket that a ``GET`` opens.
    """

    summary: str
    answers: Sequence[type[WireModel]] = ()
    media_type: str = "application/json"
    binary: Sequence[str] = ()
    body: type[WireModel] | None = None
    form: dict[str, Any] | None = None
    required: Sequence[str] = ("file", "model")
    query: dict[str, Any] = field(default_factory=dict)
    path: Sequence[str] = ()
    messages: Sequence[type[WireModel]] = ()


_TEXT, _WHOLE, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
_SWITCH = {"type": "boolean"}
_RECORDING_FIELDS: dict[str, Any] = {
    "file": _BINARY,
    "model": _TEXT,
    "language": _TEXT,
    "timestamp_granularities[]": {"type": "array", "items": {"enum": ["word"]}},
}
_OPENAI_FIELDS: dict[str, Any] = {
    **_RECORDING_FIELDS,
    "timestamp_granularities[]": {"type": "array", "items": {"enum": ["word", "segment"]}},
    "response_format": {"enum": ["json", "verbose_json", "text"]},
    "prompt": _TEXT,
}
_HEADERLESS = {"encoding": {"enum": list(ENCODINGS)}, "sample_rate": _WHOLE}
_CURSOR: dict[str, Any] = {
    "limit": {**_WHOLE, "minimum": 1, "maximum": 100},
    "starting_after": _TEXT,
    "ending_before": _TEXT,
}
_PAGE = {
    **_CURSOR,
    "q": _TEXT,
    "gender": {"enum": list(GENDERS)},
    "language": _TEXT,
    "is_owner": _SWITCH,
    "is_starred": _SWITCH,
    "expand[]": {"type": "array", "items": {"enum": ["embedding", "is_starred"]}},
}
_CLIP_FIELDS = {
    "clip": _BINARY,
    "name": _TEXT,
    "description": _TEXT,
    "language": _TEXT,
    "mode": {"enum": list(CLONE_MODES)},
    "enhance": _SWITCH,
    "base_voice_id": _TEXT,
    "accent": _TEXT,
}
_OUTPUT_FIELDS: dict[str, Any] = {
    "output_format[container]": {"enum": list(CONTAINERS)},
    "output_format[sample_rate]": {"enum": list(SAMPLE_RATES)},
    "output_format[encoding]": {"enum": list(SAMPLE_ENCODINGS)},
    "output_format[bit_rate]": {"enum": list(BIT_RATES)},
}
_INFILL_FIELDS: dict[str, Any] = {
    "left_audio": _BINARY,
    "right_audio": _BINARY,
    "model_id": _TEXT,
    "language": _TEXT,
    "transcript": _TEXT,
    "voice_id": _TEXT,
    **_OUTPUT_FIELDS,
    "voice[__experimental_controls][speed]": _TEXT,
    "voice[__experimental_controls][emotion][]": {"type": "array", "items": _TEXT},
}
_CHANGER_FIELDS: dict[str, Any] = {"clip": _BINARY, "voice[id]": _TEXT, **_OUTPUT_FIELDS}
_OUTPUT_REQUIRED = ("output_format[container]", "output_format[sample_rate]")
_CHANGER_REQUIRED = ("clip", "voice[id]", *_OUTPUT_REQUIRED)
_Method = Literal["get", "post", "patch", "delete"]
_OPERATIONS: dict[tuple[_Method, str], _Operation] = {
    ("get", "/"): _Operation("Whether the server is ready, and its version", [ApiInfo]),
    ("get", "/health/live"): _Operation("Whether the server runs", [ApiInfo]),
    ("get", "/health/ready"): _Operation(
        "Whether the server should be given work; 503 where it should not", [ApiInfo]
    ),
    ("get", "/metrics"): _Operation("Metrics in Prometheus' text format", binary=["text/plain"]),
    ("post", "/access-token"): _Operation(
        "A token for a program that must not hold a key", [TokenResponse], body=TokenRequest
    ),
    ("post", "/tts/bytes"): _Operation(
        "Speech as one file, sent while it is made",
        binary=tuple(MEDIA_TYPES[container] for container in CONTAINERS),
        body=TtsRequest,
    ),
    ("post", "/tts/sse"): _Operation(
        "Speech as server-sent events",
        _SPEECH_EVENTS,
        media_type="text/event-stream",
        body=TtssseRequest,
    ),
    ("get", "/tts/websocket"): _Operation(
        "Speech in any number of contexts over a WebSocket",
        _SPEECH_EVENTS,
        query={"cartesia_version": _TEXT, "api_key": _TEXT, "access_token": _TEXT},
        messages=(GenerationRequest, CancelContextRequest),
    ),
    ("post", "/infill/bytes"): _Operation(
        "Speech that goes between two recordings, one of which may be missing",
        binary=tuple(MEDIA_TYPES.values()),
        form=_INFILL_FIELDS,
        required=("model_id", "transcript", "voice_id", *_OUTPUT_REQUIRED),
    ),
    ("post", "/voice-changer/bytes"): _Operation(
        "A recording spoken again by another voice, as one file",
        binary=tuple(MEDIA_TYPES.values()),
        form=_CHANGER_FIELDS,
        required=_CHANGER_REQUIRED,
    ),
    ("post", "/voice-changer/sse"): _Operation(
        "A recording spoken again by another voice, as server-sent events",
        _CHANGED_VOICE_EVENTS,
        media_type="text/event-stream",
        form=_CHANGER_FIELDS,
        required=_CHANGER_REQUIRED,
    ),
    ("post", "/stt"): _Operation(
        "Transcript of a recording",
        [TranscriptionResponse],
        form=_RECORDING_FIELDS,
        query=_HEADERLESS,
    ),
    ("get", "/stt/websocket"): _Operation(
        "Transcripts of speech while it is heard: send audio as binary frames, and the words "
        "finalize, done or close as text",
        _TRANSCRIPTION_EVENTS,
        query={
            "model": _TEXT,
            **_HEADERLESS,
            "language": _TEXT,
            "min_volume": {**_NUMBER, "minimum": 0, "maximum": 1},
            "max_silence_duration_secs": _NUMBER,
        },
    ),
    ("get", "/stt/turns/websocket"): _Operation(
        "Turns of somebody who speaks, with their transcripts: send audio as binary frames",
        _TURN_EVENTS,
        query={
            "model": _TEXT,
            **_HEADERLESS,
            "language": _TEXT,
            "keyterm": {"type": "array", "items": _TEXT},
            **{
                f"turn_{name}": {**_NUMBER, "minimum": lowest, "maximum": highest}
                for name, (lowest, highest) in TURN_RANGES.items()
            },
        },
        messages=(TurnConfigCommand, TurnCloseCommand),
    ),
    ("get", "/voices"): _Operation("A page of the voices", [GetVoicesResponse], query=_PAGE),
    ("post", "/voices"): _Operation(
        "Store a voice of 192 numbers", [Voice], body=CreateVoiceRequest
    ),
    ("post", "/voices/mix"): _Operation(
        "The voice between voices", [EmbeddingResponse], body=MixVoicesRequest
    ),
    ("post", "/voices/clone"): _Operation(
        "Store a voice that sounds like the speaker of a clip",
        [VoiceMetadata],
        form=_CLIP_FIELDS,
        required=("clip", "name"),
    ),
    ("post", "/voices/localize"): _Operation(
        "Store a voice like another that is at home elsewhere",
        [VoiceMetadata],
        body=LocalizeVoiceRequest,
    ),
    ("get", "/voices/{id}"): _Operation("One voice", [Voice], path=["id"]),
    ("patch", "/voices/{id}"): _Operation(
        "Change a voice of one's own", [Voice], body=UpdateVoiceRequest, path=["id"]
    ),
    ("delete", "/voices/{id}"): _Operation("Delete a voice of one's own", path=["id"]),
    ("get", "/accents"): _Operation("The accents that voices can have", [ListAccentsResponse]),
    ("patch", "/voices/{id}/accents"): _Operation(
        "Note further accents of a voice of one's own",
        [Voice],
        body=VoiceAccentsRequest,
        path=["id"],
    ),
    ("delete", "/voices/{id}/accents/{accent_id}"): _Operation(
        "Forget an accent of a voice of one's own", [Voice], path=["id", "accent_id"]
    ),
    ("get", "/pronunciation-dicts"): _Operation(
        "A page of the dictionaries of pronunciations, newest first",
        [PronunciationDicts],
        query=_CURSOR,
    ),
    ("post", "/pronunciation-dicts"): _Operation(
        "Store a dictionary; name it in requests for speech as pronunciation_dict_id",
        [PronunciationDict],
        body=CreatePronunciationDictRequest,
    ),
    ("get", "/pronunciation-dicts/{id}"): _Operation(
        "One dictionary", [PronunciationDict], path=["id"]
    ),
    ("patch", "/pronunciation-dicts/{id}"): _Operation(
        "Change the name or all items of a dictionary",
        [PronunciationDict],
        body=UpdatePronunciationDictRequest,
        path=["id"],
    ),
    ("delete", "/pronunciation-dicts/{id}"): _Operation("Delete a dictionary", path=["id"]),
}

_OPENAI: dict[tuple[_Method, str], _Operation] = {
    ("post", "/audio/speech"): _Operation(
        "Speech, for clients of OpenAI's API",
        binary=tuple(MEDIA_TYPES.values()),
        body=SpeechBody,
    ),
    ("post", "/audio/transcriptions"): _Operation(
        "Transcript of a recording, for clients of OpenAI's API",
        [TranscriptionResponse],
        form=_OPENAI_FIELDS,
        query=_HEADERLESS,
    ),
    ("get", "/models"): _Operation("The models, for clients of OpenAI's API", [ModelList]),
    ("get", "/models/{id}"): _Operation("One model", [ModelCard], path=["id"]),
}
for (_method, _path), _operation in _OPENAI.items():
    # With and without the prefix that OpenAI's own addresses have.
    _OPERATIONS |= {(_method, _path): _operation, (_method, f"/v1{_path}"): _operation}


@cache
def document() -> dict[str, Any]:
    """The description of the API, in OpenAPI 3.1."""
    models = {
        model
        for operation in _OPERATIONS.values()
        for model in (*operation.answers, *operation.messages, operation.body)
        if model is not None
    }
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), operation in _OPERATIONS.items():
        paths.setdefault(path, {})[method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Speech", "version": version("cartesia")},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{}, {"key": []}, {"bearer": []}],
    }


def _described(operation: _Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "responses": {
            **_success(operation),
            "default": {
                "description": "What is wrong: text `Title: message`, from 2026-03-01 on JSON "
                "with `title`, `message`, `error_code`, `request_id` and `doc_url`"
            },
        },
    }
    parameters = [
        {"name": name, "in": "query", "schema": schema} for name, schema in operation.query.items()
    ] + [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in operation.path]
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        content = {"application/json": {"schema": _any_of([operation.body])}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.form:
        schema = {
            "type": "object",
            "required": list(operation.required),
            "properties": operation.form,
        }
        content = {"multipart/form-data": {"schema": schema}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.messages:
        described["x-messages"] = _any_of(operation.messages)
    return described


def _success(operation: _Operation) -> dict[str, Any]:
    if not operation.answers and not operation.binary:
        return {"204": {"description": "Done"}}
    return {"200": {"description": "Success", "content": _content(operation)}}


def _content(operation: _Operation) -> dict[str, Any]:
    if operation.binary:
        return {media_type: {"schema": _BINARY} for media_type in operation.binary}
    return {operation.media_type: {"schema": _any_of(operation.answers)}}


def _any_of(models: Sequence[type[WireModel]]) -> dict[str, Any]:
    references = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    return references[0] if len(references) == 1 else {"anyOf": references}


async def openapi(_request: Request) -> Response:
    """Answer ``GET /openapi.json``."""
    return JSONResponse(document())


routes: list[BaseRoute] = [Route("/openapi.json", openapi)]
