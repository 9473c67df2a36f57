"""The base of every message."""

from __future__ import annotations

import json
import threading
import warnings
from datetime import datetime, timezone

import pytest
from pydantic import ValidationError

from cartesia.wire.base import WireModel, choose_by, encode, to_wire
from cartesia.wire.tts import (
    Controls,
    OutputFormat_Mp3,
    TtsRequest,
    TtsRequestIdSpecifier,
    WebSocketTtsOutput,
    WebSocketTtsRequest,
)
from cartesia.wire.voices import Voice

VOICE = {"mode": "id", "id": "v"}


@pytest.mark.parametrize("spelling", ["continue", "continue_"])
def test_both_spellings_of_a_field_are_taken_and_the_wire_one_is_written(spelling: str) -> None:
    request = WebSocketTtsRequest.model_validate({"model_id": "m", "voice": VOICE, spelling: True})
    assert request.continue_ is True
    assert request.dict() == {"model_id": "m", "voice": VOICE, "continue": True}


@pytest.mark.parametrize("spelling", ["experimental_controls", "__experimental_controls"])
def test_controls_are_taken_and_written_alike(spelling: str) -> None:
    voice = TtsRequestIdSpecifier.model_validate(
        {"id": "v", spelling: {"speed": "fast", "emotion": ["anger"]}}
    )
    assert voice.experimental_controls == Controls(speed="fast", emotion=["anger"])
    assert voice.dict()["__experimental_controls"] == {"speed": "fast", "emotion": ["anger"]}
    assert json.loads(voice.json()) == voice.dict()


def test_dict_holds_what_was_set_and_defaults_that_say_something() -> None:
    request = TtsRequest(
        model_id="m",
        transcript="t",
        voice=TtsRequestIdSpecifier(id="v"),
        output_format=OutputFormat_Mp3(sample_rate=44100, bit_rate=128000),
        language=None,
    )
    assert request.dict() == {
        "model_id": "m",
        "transcript": "t",
        "voice": VOICE,
        "output_format": {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
        "language": None,
    }


def test_dict_and_json_take_pydantics_options_and_do_not_warn() -> None:
    request = WebSocketTtsRequest(
        model_id="m", voice=TtsRequestIdSpecifier(id="v"), continue_=False, language=None
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert request.dict(by_alias=False, include={"continue_"}) == {"continue_": False}
        assert "language" not in json.loads(request.json(exclude_none=True))


def test_json_writes_dates_and_bytes() -> None:
    created = datetime(2024, 11, 13, tzinfo=timezone.utc)
    voice = Voice(
        id="v", is_owner=False, name="n", description="d", created_at=created, language="en"
    )
    assert json.loads(voice.json())["created_at"] == "2024-11-13T00:00:00Z"
    assert json.loads(WebSocketTtsOutput(audio=b"\xff\x00").json()) == {"audio": "_wA="}


def test_lists_of_messages_are_written_in_full() -> None:
    class Pair(WireModel):
        sides: list[Controls]

    pair = Pair(sides=[Controls(speed=0.5), Controls(emotion=None)])
    assert pair.dict() == {"sides": [{"speed": 0.5}, {"emotion": None}]}


def test_messages_are_frozen_and_keep_what_they_do_not_know() -> None:
    voice = TtsRequestIdSpecifier.model_validate({"id": "v", "mood": "calm"})
    assert voice.mood == "calm"  # type: ignore[attr-defined]
    assert voice.dict()["mood"] == "calm"
    with pytest.raises(ValidationError, match="frozen"):
        voice.id = "w"


def test_to_wire_renames_keys_and_keeps_nulls() -> None:
    given = {
        "voice": {"id": "v", "experimental_controls": {"speed": "fast"}},
        "formats": (TtsRequestIdSpecifier(id="w"),),
        "continue_": True,
        "language": None,
    }
    assert to_wire(given) == {
        "voice": {"id": "v", "__experimental_controls": {"speed": "fast"}},
        "formats": [{"mode": "id", "id": "w"}],
        "continue": True,
        "language": None,
    }


def test_encode_writes_models_and_dictionaries() -> None:
    request = WebSocketTtsRequest(
        model_id="m", voice=TtsRequestIdSpecifier(id="v"), continue_=True, language=None
    )
    assert json.loads(encode(request)) == {"model_id": "m", "voice": VOICE, "continue": True}
    assert encode({"continue_": True, "language": None}) == b'{"continue":true,"language":null}'


def test_choose_by_reports_the_path_as_sent() -> None:
    choose = choose_by("mode", {"id": TtsRequestIdSpecifier})
    assert choose({"mode": "id", "id": "v"}) == TtsRequestIdSpecifier(id="v")
    already = TtsRequestIdSpecifier(id="v")
    assert choose(already) is already
    for wrong, path, message in (
        ({"mode": "name"}, ("mode",), "'id'"),
        ({"mode": ["id"]}, ("mode",), "'id'"),
        ({"mode": "id"}, ("id",), "required"),
        ("v", (), "dictionary"),
    ):
        with pytest.raises(ValidationError) as caught:
            choose(wrong)
        (error,) = caught.value.errors()
        assert error["loc"] == path
        assert message in error["msg"]


def test_a_message_first_used_by_many_threads_at_once_is_read_right() -> None:
    class Fresh(WireModel):
        words: list[Controls]

    start = threading.Barrier(8)
    read: list[Fresh] = []

    def parse() -> None:
        start.wait()
        read.append(Fresh.model_validate_json('{"words": [{"speed": 1}]}'))

    threads = [threading.Thread(target=parse) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.words[0].speed for one in read] == [1.0] * 8
