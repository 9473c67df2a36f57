"""Speech, transcripts and models for clients of OpenAI's API, with and without ``/v1``."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.base import WireModel, encode
from cartesia.wire.tts import OutputFormat_Raw, TtsRequest, TtsRequestIdSpecifier
from cartesia_server.audio.formats import AudioFormat
from cartesia_server.errors import FieldError, NotFound, shown
from cartesia_server.limits import read_form, read_json
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.live import LiveResponse
from cartesia_server.routes.openai_messages import (
    ModelCard,
    ModelList,
    SpeechBody,
    SpeechDelta,
    SpeechDone,
)
from cartesia_server.routes.recording import Recording, transcribe
from cartesia_server.routes.voice_lookup import resolve_job
from cartesia_server.services import Services
from cartesia_server.sessions.resolve import FIRST_PIECE, SpeechJob, check_length
from cartesia_server.sessions.speech import Speaker, SpeechPiece
from cartesia_server.sessions.stt_options import MODELS as TRANSCRIPTION_MODELS
from cartesia_server.voices.records import VoiceRecord

RATE = 24000
"""Hz of all audio that OpenAI's API makes."""

FORMATS: Mapping[str, AudioFormat] = {
    "mp3": AudioFormat("mp3", RATE, bit_rate=128000),
    "opus": AudioFormat("opus", RATE, bit_rate=64000),
    "aac": AudioFormat("aac", RATE, bit_rate=96000),
    "flac": AudioFormat("flac", RATE),
    "wav": AudioFormat("wav", RATE),
    "pcm": AudioFormat("raw", RATE),
}

SPEECH_MODELS: Mapping[str, str] = {
    "tts-1": "sonic-turbo",
    "tts-1-hd": "sonic-2",
    "gpt-4o-mini-tts": "sonic-2",
}
"""Models by the names of OpenAI's: the first is the one that starts soonest."""

HEARING_MODELS = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe")

VOICES: Mapping[str, str] = {
    "alloy": "af_alloy",
    "ash": "am_michael",
    "ballad": "bm_george",
    "cedar": "am_puck",
    "coral": "af_bella",
    "echo": "am_echo",
    "fable": "bm_fable",
    "marin": "af_kore",
    "nova": "af_nova",
    "onyx": "am_onyx",
    "sage": "af_sarah",
    "shimmer": "af_heart",
    "verse": "am_fenrir",
}
"""Built-in voices by the names of OpenAI's: somebody of the same kind, not the same voice."""

SPEEDS = (0.25, 4.0)
_STREAM_FORMATS = ("audio", "sse")
_TRANSCRIPT_FORMATS = ("json", "verbose_json", "text")
_PUBLISHED = 1737936000  # 2025-01-27, when the weights were
_OUR_NAMES = {"model_id": "model", "voice.id": "voice"}


async def speech(request: Request) -> Response:
    """Answer ``POST /v1/audio/speech``: one file or its pieces as events, sent while it is made."""
    services = Services.of(request)
    asked = await read_json(request, SpeechBody, services.settings.max_body_bytes)
    check_length(asked.input, services.settings, field="input")
    streamed = _one_of("stream_format", asked.stream_format or "audio", _STREAM_FORMATS) == "sse"
    job = await _job(services, asked)
    speaker = Speaker(job)
    work = partial(speaker.recording, asked.input)
    if not streamed:
        return LiveResponse(request, job, work, transcript=asked.input)
    return LiveResponse(
        request,
        job,
        work,
        transcript=asked.input,
        render=_delta,
        media_type="text/event-stream",
        ending=_event(SpeechDone()),
    )


async def _job(services: Services, asked: SpeechBody) -> SpeechJob:
    """What a body means, through the same step as our own requests."""
    name = _one_of("response_format", asked.response_format or "mp3", tuple(FORMATS))
    speed = 1.0 if asked.speed is None else asked.speed
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise FieldError("speed", speed, f"{SPEEDS[0]} to {SPEEDS[1]}")
    voice = await _voice(services, asked.voice)
    ours = TtsRequest(
        model_id=SPEECH_MODELS.get(asked.model, asked.model),
        transcript=asked.input,
        voice=TtsRequestIdSpecifier(id=voice.id),
        output_format=OutputFormat_Raw(encoding="pcm_s16le", sample_rate=RATE),
        language=asked.language,
    )
    try:
        job = await resolve_job(services, ours)
    except FieldError as error:
        field = _OUR_NAMES.get(error.field, error.field)
        raise FieldError(field, error.got, error.accepted, code=error.code) from None
    return replace(job, form=FORMATS[name], controls=replace(job.controls, speed=speed))


async def _voice(services: Services, name: str) -> VoiceRecord:
    voices, theirs = services.voices, VOICES.get(name.strip().lower())
    record = voices.catalogue.find(theirs) if theirs else await voices.find(name)
    if record is None:
        accepted = f"{', '.join(VOICES)}, or a name or id that GET /voices lists"
        raise FieldError("voice", name, accepted, code="voice_not_found")
    return record


def _delta(piece: SpeechPiece) -> bytes:
    if not piece.audio:
        return b""
    return _event(SpeechDelta(audio=base64.b64encode(piece.audio).decode("ascii")))


def _event(event: WireModel) -> bytes:
    return b"data: " + encode(event) + b"\n\n"


async def transcriptions(request: Request) -> Response:
    """Answer ``POST /v1/audio/transcriptions``: the transcript of one uploaded recording.

    ``response_format`` is honoured for ``json``, ``verbose_json`` and ``text``; a ``prompt`` is
    taken as what was said before; a ``temperature`` has no meaning here and is ignored. Without a
    ``language``, OpenAI's models find out which is spoken, and ours hear English.
    """
    services = Services.of(request)
    async with read_form(request, services.settings.max_upload_bytes) as form:
        capabilities = services.transcription.capabilities
        recording = Recording.read(
            request,
            form,
            capabilities,
            other_models=HEARING_MODELS,
            granularities=("word", "segment"),
        )
        answer_format = form.get("response_format") or "json"
        if answer_format not in _TRANSCRIPT_FORMATS:
            raise FieldError("response_format", answer_format, _TRANSCRIPT_FORMATS)
        if form.get("stream") == "true":
            raise FieldError("stream", "true", "false; /stt/websocket streams transcripts")
        if answer_format == "verbose_json":
            recording = replace(recording, segments=True)
        if form.get("model") in HEARING_MODELS and not form.get("language"):
            recording = replace(recording, language=None)
        answer = await transcribe(request, recording)
    if answer_format == "text":
        return PlainTextResponse(answer.text)
    return json_response(answer)


async def models(_request: Request) -> Response:
    """Answer ``GET /v1/models``: every model that requests may name."""
    return json_response(ModelList(data=[_card(name) for name in _model_names()]))


async def model(request: Request) -> Response:
    """Answer ``GET /v1/models/{id}``."""
    name = request.path_params["id"]
    if name not in _model_names():
        raise NotFound(f"id: got {shown(name)}, accepted: {', '.join(_model_names())}")
    return json_response(_card(name))


def _model_names() -> tuple[str, ...]:
    return (*FIRST_PIECE, *TRANSCRIPTION_MODELS, *SPEECH_MODELS, *HEARING_MODELS)


def _card(name: str) -> ModelCard:
    return ModelCard(id=name, created=_PUBLISHED)


def _one_of(field: str, value: str, accepted: tuple[str, ...]) -> str:
    if value not in accepted:
        raise FieldError(field, value, accepted)
    return value


routes: list[BaseRoute] = [
    Route(prefix + path, endpoint, methods=[method])
    for path, endpoint, method in (
        ("/audio/speech", speech, "POST"),
        ("/audio/transcriptions", transcriptions, "POST"),
        ("/models", models, "GET"),
        ("/models/{id}", model, "GET"),
    )
    for prefix in ("", "/v1")
]
