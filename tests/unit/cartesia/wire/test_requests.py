"""Requests for speech as clients of all generations write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from cartesia.wire.tts import (
    CancelContextRequest,
    Controls,
    GenerationRequest,
    OutputFormat_Mp3,
    OutputFormat_Raw,
    OutputFormat_Wav,
    TtsRequest,
    TtsRequestEmbeddingSpecifier,
    TtsRequestIdSpecifier,
    TtssseRequest,
    parse_request,
)

RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
REQUEST: dict[str, Any] = {
    "model_id": "sonic-2",
    "transcript": "Hello",
    "voice": {"mode": "id", "id": "v"},
    "output_format": RAW,
}


def _errors(model: Any, **changes: Any) -> list[tuple[str, str]]:
    """Path and message of everything that is wrong with a changed request."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(json.dumps({**REQUEST, **changes}))
    return [(".".join(map(str, e["loc"])), e["msg"]) for e in caught.value.errors()]


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        ({"mode": "id", "id": "v"}, TtsRequestIdSpecifier(id="v")),
        ({"id": "v"}, TtsRequestIdSpecifier(id="v")),
        ("v", TtsRequestIdSpecifier(id="v")),
        ({"mode": None, "id": "v"}, TtsRequestIdSpecifier(id="v")),
        ({"mode": "name", "id": "v"}, TtsRequestIdSpecifier(id="v")),
        (
            {"id": "v", "experimental_controls": {"speed": "fast"}},
            TtsRequestIdSpecifier(id="v", experimental_controls=Controls(speed="fast")),
        ),
        (
            {"id": "v", "__experimental_controls": {"emotion": ["anger:high"]}},
            TtsRequestIdSpecifier(id="v", experimental_controls=Controls(emotion=["anger:high"])),
        ),
        ({"embedding": [1, 2]}, TtsRequestEmbeddingSpecifier(embedding=[1.0, 2.0])),
        (
            {"mode": "embedding", "embedding": [1.5]},
            TtsRequestEmbeddingSpecifier(embedding=[1.5]),
        ),
    ],
)
def test_a_voice_may_be_written_in_many_ways(voice: Any, expected: Any) -> None:
    read = TtsRequest.model_validate_json(json.dumps({**REQUEST, "voice": voice})).voice
    assert type(read) is type(expected)
    assert read.dict() == expected.dict()


@pytest.mark.parametrize(
    ("output_format", "expected"),
    [
        (RAW, OutputFormat_Raw),
        ({**RAW, "container": "wav", "bit_rate": None}, OutputFormat_Wav),
        ({"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}, OutputFormat_Mp3),
    ],
)
def test_an_output_format_is_told_by_its_container(output_format: Any, expected: type) -> None:
    read = TtsRequest.model_validate_json(json.dumps({**REQUEST, "output_format": output_format}))
    assert type(read.output_format) is expected


def test_values_and_fields_that_are_not_known_pass() -> None:
    read = TtsRequest.model_validate_json(
        json.dumps(
            {
                **REQUEST,
                "language": "xx",
                "duration": None,
                "speed": 1.2,
                "text_cfg": 3.0,
                "generation_config": {"speed": 1.1, "emotion": "Happy", "breath": True},
                "locale": "en-GB",
            }
        )
    )
    assert read.language == "xx"
    assert read.duration is None
    assert read.speed == 1.2
    assert read.text_cfg == 3.0  # type: ignore[attr-defined]
    assert read.generation_config is not None
    assert read.generation_config.emotion == "Happy"
    assert read.locale == "en-GB"


@pytest.mark.parametrize(
    ("model", "changes", "path", "message"),
    [
        (TtsRequest, {"voice": None}, "voice", "object"),
        (TtsRequest, {"voice": {}}, "voice.id", "required"),
        (TtsRequest, {"voice": {"id": 5}}, "voice.id", "string"),
        (TtsRequest, {"voice": {"embedding": ["a"]}}, "voice.embedding.0", "number"),
        (TtsRequest, {"output_format": "mp3"}, "output_format", "object"),
        (TtsRequest, {"output_format": {}}, "output_format.container", "'raw' or 'wav' or 'mp3'"),
        (
            TtsRequest,
            {"output_format": {"container": "ogg"}},
            "output_format.container",
            "'raw' or 'wav' or 'mp3'",
        ),
        (
            TtsRequest,
            {"output_format": {"container": "mp3", "sample_rate": 44100}},
            "output_format.bit_rate",
            "required",
        ),
        (TtssseRequest, {"output_format": {**RAW, "container": "wav"}}, "output_format.container",
         "'raw'"),
        (TtsRequest, {"transcript": 5}, "transcript", "string"),
        (GenerationRequest, {"transcript": 5}, "transcript", "text"),
    ],
)  # fmt: skip
def test_an_error_names_the_field_by_the_path_that_was_sent(
    model: Any, changes: dict[str, Any], path: str, message: str
) -> None:
    ((found, text),) = _errors(model, **changes)
    assert found == path
    assert message in text


def test_a_socket_message_asks_for_speech_or_cancels() -> None:
    read = parse_request(json.dumps({**REQUEST, "continue": True, "context_id": "c"}))
    assert isinstance(read, GenerationRequest)
    assert (read.continue_, read.context_id, read.transcript) == (True, "c", "Hello")
    cancel = parse_request(b'{\n  "cancel": true,\n  "context_id": "c"\n}')
    assert cancel == CancelContextRequest(context_id="c")
    assert isinstance(parse_request(json.dumps({**REQUEST, "cancel": False})), GenerationRequest)


def test_the_nulls_of_2x_mean_absent() -> None:
    nulls = dict.fromkeys(
        ["duration", "language", "generation_config", "pronunciation_dict_id", "context_id"]
    )
    read = parse_request(json.dumps({**REQUEST, **nulls, "stream": True}))
    assert isinstance(read, GenerationRequest)
    assert read.language is None
    assert read.stream is True


@pytest.mark.parametrize("message", ["", "{", "[]", '"text"', "5", "null", b"\xff\xfe"])
def test_a_socket_message_that_is_none_is_a_value_error(message: bytes | str) -> None:
    with pytest.raises(ValueError):
        parse_request(message)


def test_a_transcript_may_be_an_iterator_in_a_program() -> None:
    texts = iter(["Hello, ", "world!"])
    request = GenerationRequest.model_validate({**REQUEST, "transcript": texts})
    assert request.transcript is texts
