"""Reading events: well formed, sparse, unknown and broken."""

from __future__ import annotations

import base64
import copy
import json
import pickle
from typing import Any

import pytest

from cartesia.wire import voice_changer
from cartesia.wire.tts import (
    WebSocketChunkResponse,
    WebSocketResponse_Chunk,
    WebSocketResponse_Done,
    WebSocketResponse_Error,
    WebSocketResponse_FlushDone,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
    parse_response,
)

BASE = {"status_code": 206, "done": False, "context_id": "c"}
WORDS = {"words": ["Hi"], "start": [0.0], "end": [0.25]}
EVENTS: list[tuple[dict[str, Any], type]] = [
    ({"type": "chunk", "data": "AAECAw==", "step_time": 1.5}, WebSocketResponse_Chunk),
    ({"type": "flush_done", "flush_id": 0, "flush_done": True}, WebSocketResponse_FlushDone),
    ({"type": "timestamps", "word_timestamps": WORDS}, WebSocketResponse_Timestamps),
    (
        {
            "type": "phoneme_timestamps",
            "phoneme_timestamps": {"phonemes": ["h"], "start": [0], "end": [1]},
        },
        WebSocketResponse_PhonemeTimestamps,
    ),
    ({"type": "error", "error": "no", "done": True}, WebSocketResponse_Error),
    ({"type": "done", "done": True}, WebSocketResponse_Done),
]


@pytest.mark.parametrize(("event", "expected"), EVENTS)
def test_each_event_is_read_and_written_back(event: dict[str, Any], expected: type) -> None:
    sent = BASE | event
    for data in (json.dumps(sent), json.dumps(sent).encode()):
        read = parse_response(data)
        assert read is not None
        assert type(read) is expected
        assert read.dict() == sent


@pytest.mark.parametrize(("event", "expected"), EVENTS)
def test_type_and_what_follows_from_it_may_be_missing(
    event: dict[str, Any], expected: type
) -> None:
    sparse = {k: v for k, v in event.items() if k not in ("type", "step_time", "flush_id")}
    read = parse_response(json.dumps(sparse))
    assert read is not None
    assert type(read) is expected
    assert read.done is (expected in (WebSocketResponse_Done, WebSocketResponse_Error))
    if isinstance(read, WebSocketResponse_Chunk):
        assert (read.status_code, read.step_time) == (206, 0.0)


def test_an_unknown_type_is_none() -> None:
    assert parse_response('{"type": "weather", "done": false}') is None
    assert parse_response('{"type": 5, "data": ""}') is None
    assert parse_response("{}") is None


def test_unknown_fields_are_kept() -> None:
    read = parse_response(json.dumps({**BASE, "type": "done", "cost": 3}))
    assert read is not None
    assert read.cost == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "data", ["", "{", "[]", "null", '{"type": "chunk"}', '{"type": "chunk", "data": 5}', b"\xff"]
)
def test_an_event_that_makes_no_sense_is_a_value_error(data: bytes | str) -> None:
    with pytest.raises(ValueError):
        parse_response(data)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"error": "old", "message": "new"}, "old"),
        ({"message": "new", "title": "kind"}, "new"),
        ({"title": "kind", "error": None}, "kind"),
    ],
)
def test_an_error_has_its_text_whatever_the_version(fields: dict[str, Any], text: str) -> None:
    read = parse_response(json.dumps({"type": "error", "status_code": 400, "done": True} | fields))
    assert isinstance(read, WebSocketResponse_Error)
    assert read.error == text


def test_audio_is_decoded_once() -> None:
    samples = bytes(range(256)) * 64
    data = base64.b64encode(samples).decode()
    read = parse_response(json.dumps({**BASE, "type": "chunk", "data": data, "step_time": 1}))
    assert isinstance(read, WebSocketChunkResponse)
    assert read.audio == samples
    assert read.audio is read.audio
    assert "audio" not in read.dict()
    assert read == read.model_copy()


@pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.deepcopy])
def test_an_event_survives_pickling_and_copying(again: Any) -> None:
    data = base64.b64encode(b"sound").decode()
    event = WebSocketResponse_Chunk.model_validate(
        {"status_code": 206, "done": False, "data": data, "step_time": 1, "new": [3]}
    )
    assert event.audio == b"sound"
    other = again(event)
    assert other == event
    assert (other.audio, other.new) == (b"sound", [3])


def test_audio_may_be_empty() -> None:
    chunk = WebSocketChunkResponse(status_code=206, done=False, data="", step_time=0)
    assert chunk.audio == b""


@pytest.mark.parametrize("data", ["A", "AA!=", 'AA"A', "AA\nAA"])
def test_audio_that_is_no_base64_is_a_value_error_and_never_lost_silently(data: str) -> None:
    chunk = WebSocketChunkResponse(status_code=206, done=False, data=data, step_time=0)
    with pytest.raises(ValueError):
        _ = chunk.audio


def test_the_voice_changer_of_the_newest_service_sends_no_type() -> None:
    chunk = voice_changer.parse_response('{"data": "AAE=", "sample_rate": 44100, "done": false}')
    assert isinstance(chunk, voice_changer.StreamingResponse_Chunk)
    assert (chunk.audio, chunk.sample_rate) == (b"\x00\x01", 44100)
    done = voice_changer.parse_response('{"done": true, "status_code": 200}')
    assert isinstance(done, voice_changer.StreamingResponse_Done)
    error = voice_changer.parse_response('{"type": "error", "title": "t", "done": true}')
    assert isinstance(error, voice_changer.StreamingResponse_Error)
    assert voice_changer.parse_response("{}") is None
    inferred = voice_changer.parse_response('{"error": "broken", "done": true}')
    assert isinstance(inferred, voice_changer.StreamingResponse_Error)
