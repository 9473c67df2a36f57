"""Event streams that say wrong, unknown or unwelcome things."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cartesia.core.api_error import ApiError, ApiResponseError, InternalServerError

from .peer import Connection, Peer, Received, chunked, raw
from .surfaces import Surface

SPEECH: dict[str, Any] = {
    "model_id": "sonic-2",
    "transcript": "Hello",
    "voice": {"id": "voice"},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}
CHANGE: dict[str, Any] = {
    "clip": b"sound",
    "voice_id": "v",
    "output_format_container": "raw",
    "output_format_sample_rate": 8000,
}
CHUNK = {"type": "chunk", "data": "AAAA", "step_time": 1.5, "status_code": 206, "done": False}
TIMES = {
    "type": "timestamps",
    "status_code": 206,
    "done": False,
    "word_timestamps": {"words": ["Hi"], "start": [0.0], "end": [0.2]},
}
DONE = {"type": "done", "status_code": 200, "done": True}


def frame(event: Any, name: str | None = None) -> bytes:
    data = event if isinstance(event, str) else json.dumps(event)
    return f"event: {name}\ndata: {data}\n\n".encode() if name else f"data: {data}\n\n".encode()


def serve(*frames: bytes, end: bool = True) -> Peer:
    head = {"content_type": "text/event-stream"}
    return Peer(raw(chunked(*frames, **head, end=end), then_close=not end))


def test_the_end_is_no_event_and_times_come_only_when_asked_for(surface: Surface) -> None:
    with serve(frame(CHUNK), frame(TIMES), frame(CHUNK), frame(DONE)) as peer:
        client = surface.client(peer.url)
        plain = list(client.tts.sse(**SPEECH))
        timed = list(client.tts.sse(**SPEECH, add_timestamps=True))
    assert [event.type for event in plain] == ["chunk", "chunk"]
    assert [len(event.data) for event in plain] == [4, 4]
    assert [event.type for event in timed] == ["chunk", "timestamps", "chunk"]
    assert timed[1].word_timestamps.words == ["Hi"]


def test_what_comes_before_an_error_is_given_out_then_it_raises(surface: Surface) -> None:
    error = {
        "type": "error",
        "status_code": 500,
        "done": True,
        "error": "engine failed",
        "request_id": "r-9",
    }
    with serve(frame(CHUNK) + frame(error, "error")) as peer:
        stream = surface.client(peer.url).tts.sse(**SPEECH)
        assert next(stream).audio == b"\0\0\0"
        with pytest.raises(InternalServerError) as caught:
            next(stream)
        assert list(stream) == []
    assert caught.value.body == error
    assert caught.value.request_id == "r-9"


@pytest.mark.parametrize(
    ("event", "name", "status"),
    [
        ({"type": "error", "done": True, "status_code": 400, "message": "no"}, "error", 400),
        ({"type": "error", "status_code": 429}, None, 429),
        ({"message": "no"}, "error", None),
        ("Title: Message", "error", None),
    ],
)
def test_an_error_event_of_any_form_raises(
    surface: Surface, event: Any, name: str | None, status: int | None
) -> None:
    with serve(frame(event, name)) as peer:
        stream = surface.client(peer.url).tts.sse(**SPEECH)
        with pytest.raises(ApiError) as caught:
            next(stream)
    assert not isinstance(caught.value, ApiResponseError)
    assert caught.value.status_code == status
    assert caught.value.body == event


@pytest.mark.parametrize("data", ["{", "[1]", '"text"', '{"type": "chunk"}'])
def test_a_malformed_event_raises(surface: Surface, data: str) -> None:
    with serve(frame(CHUNK), frame(data)) as peer:
        stream = surface.client(peer.url).tts.sse(**SPEECH)
        next(stream)
        with pytest.raises(ApiResponseError, match="malformed"):
            next(stream)


def test_unknown_events_are_skipped(surface: Surface) -> None:
    strange = [frame({"type": "weather", "rain": True}), b": a comment\n\n", b"id: 7\n\n"]
    with serve(strange[0], frame(CHUNK), *strange[1:]) as peer:
        assert len(list(surface.client(peer.url).tts.sse(**SPEECH))) == 1


def test_after_the_last_event_a_cut_does_not_matter(surface: Surface) -> None:
    with serve(frame(CHUNK), frame(DONE), end=False) as peer:
        assert len(list(surface.client(peer.url).tts.sse(**SPEECH))) == 1


def test_an_event_without_end_does_not_fill_the_memory(
    surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartesia.core.sse.MAX_EVENT_BYTES", 100_000)

    def babble(connection: Connection, _: Received) -> bool:
        connection.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndata: ")
        while True:
            connection.send(b"x" * 10_000)

    with Peer(babble) as peer:
        stream = surface.client(peer.url).tts.sse(**SPEECH)
        with pytest.raises(ApiResponseError, match="more than 100000 bytes"):
            next(stream)


def test_the_voice_changer_speaks_the_same_language(surface: Surface) -> None:
    chunk = {"data": "AAAA", "step_time": 1, "status_code": 206, "done": False}
    done = {"done": True, "status_code": 200}
    with serve(frame(chunk), frame(done)) as peer:
        events = list(surface.client(peer.url).voice_changer.sse(**CHANGE))
    assert [event.audio for event in events] == [b"\0\0\0"]
