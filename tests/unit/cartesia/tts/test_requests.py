"""Arguments become messages, and wrong ones errors that name the field."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from cartesia.core.api_error import InvalidArgumentError
from cartesia.tts._requests import check_context_id, check_texts, compose, merge
from cartesia.wire.base import encode
from cartesia.wire.tts import (
    Controls,
    OutputFormat_Raw,
    PhonemeTimestamps,
    TtsRequestIdSpecifier,
    WebSocketTtsOutput,
    WordTimestamps,
)

RAW = {"container": "raw", "encoding": "pcm_f32le", "sample_rate": 44100}
SETTINGS: dict[str, Any] = {"model_id": "sonic-2", "output_format": RAW, "voice": {"id": "v"}}


def message(
    transcript: object = "Hello", settings: dict[str, Any] | None = None, **more: Any
) -> Any:
    return json.loads(encode(compose("c", transcript, {**SETTINGS, **(settings or {})}, **more)))


def test_what_is_not_asked_for_is_left_out() -> None:
    sent = message(
        settings={
            "duration": None,
            "language": None,
            "stream": True,
            "add_timestamps": False,
            "use_original_timestamps": False,
            "max_buffer_delay_ms": 0,
        },
        continue_=False,
    )
    assert sent == {
        "model_id": "sonic-2",
        "transcript": "Hello",
        "output_format": RAW,
        "voice": {"mode": "id", "id": "v"},
        "context_id": "c",
        "stream": True,
        "max_buffer_delay_ms": 0,
    }


def test_names_are_those_of_the_wire() -> None:
    controls = {"speed": "fast", "emotion": ["anger:high"]}
    sent = message(
        settings={
            "voice": {"id": "v", "experimental_controls": controls},
            "use_original_timestamps": True,
            "generation_config": {"speed": 1.1},
        },
        continue_=True,
        flush=True,
    )
    assert sent["voice"] == {"mode": "id", "id": "v", "__experimental_controls": controls}
    assert (sent["continue"], sent["flush"]) == (True, True)
    assert sent["use_original_timestamps"] is True
    assert sent["generation_config"] == {"speed": 1.1}


def test_messages_and_dictionaries_mean_the_same() -> None:
    voice = TtsRequestIdSpecifier(id="v", experimental_controls=Controls(speed=0.5))
    raw = OutputFormat_Raw(encoding="pcm_f32le", sample_rate=44100)
    assert message(settings={"voice": voice, "output_format": raw}) == message(
        settings={"voice": {"id": "v", "experimental_controls": {"speed": 0.5}}}
    )


@pytest.mark.parametrize(
    ("settings", "explanation"),
    [
        ({"model_id": None}, "model_id: is missing"),
        ({"voice": 7}, "voice: got 7"),
        ({"output_format": {"container": "raw"}}, "output_format.encoding: is missing"),
        (
            {"output_format": {**RAW, "sample_rate": "many"}},
            "output_format.sample_rate: got 'many'",
        ),
        ({"max_buffer_delay_ms": "soon"}, "max_buffer_delay_ms: got 'soon'"),
    ],
)
def test_a_wrong_argument_is_named(settings: dict[str, Any], explanation: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        message(settings=settings)
    assert str(caught.value).startswith(explanation)


@pytest.mark.parametrize("transcript", [None, 7, b"bytes"])
def test_a_transcript_is_text(transcript: object) -> None:
    with pytest.raises(ValueError, match=r"transcript: got .*; accepted is text, or an iterator"):
        message(transcript)


def test_continuing_needs_text_unless_to_flush() -> None:
    with pytest.raises(ValueError, match="got an empty text with continue_=True"):
        message("", continue_=True)
    assert message("", continue_=True, flush=True)["transcript"] == ""
    assert message("")["transcript"] == ""


def test_a_context_accepts_its_own_id_alone() -> None:
    check_context_id("mine", None)
    check_context_id("mine", "mine")
    with pytest.raises(ValueError, match="context_id: got 'yours'"):
        check_context_id("mine", "yours")


def test_texts_come_from_an_iterable() -> None:
    assert check_texts(["a"]) == ["a"]
    with pytest.raises(ValueError, match="transcript: got 7"):
        check_texts(7)  # type: ignore[type-var]


def test_outputs_are_joined() -> None:
    outputs = [
        WebSocketTtsOutput(audio=b"a"),
        WebSocketTtsOutput(word_timestamps=WordTimestamps(words=["x"], start=[0], end=[1])),
        WebSocketTtsOutput(
            phoneme_timestamps=PhonemeTimestamps(phonemes=["ə"], start=[0], end=[1])
        ),
        WebSocketTtsOutput(audio=b"b"),
        WebSocketTtsOutput(word_timestamps=WordTimestamps(words=["y"], start=[1], end=[2])),
        WebSocketTtsOutput(flush_done=True),
    ]
    joined = merge(outputs, "c", words=True, phonemes=True)
    assert joined.dict() == {
        "audio": b"ab",
        "context_id": "c",
        "word_timestamps": {"words": ["x", "y"], "start": [0.0, 1.0], "end": [1.0, 2.0]},
        "phoneme_timestamps": {"phonemes": ["ə"], "start": [0.0], "end": [1.0]},
    }
    plain = merge(outputs, "c", words=False, phonemes=False)
    assert (plain.word_timestamps, plain.phoneme_timestamps) == (None, None)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"duration": math.inf}, "duration"),
        ({"voice": {"embedding": [0.0, math.nan]}}, r"voice\.embedding\.1"),
        ({"generation_config": {"speed": math.nan}}, r"generation_config\.speed"),
    ],
)
def test_numbers_that_json_has_no_word_for_are_refused(
    settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^{field}: got .*accepted is a finite number"):
        compose("c", "Hello", {**SETTINGS, **settings})
