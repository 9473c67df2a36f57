from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiError,
    ApiResponseError,
    BadRequestError,
)
from cartesia.core.sse import EventDecoder, ServerSentEvent, SseParser
from cartesia.wire.tts import parse_response

CHUNK = {"type": "chunk", "data": "AAAA", "step_time": 1.0, "status_code": 206, "done": False}


def parse(*pieces: bytes) -> list[ServerSentEvent]:
    parser = SseParser()
    events = [event for piece in pieces for event in parser.feed(piece)]
    last = parser.finish()
    return events + ([last] if last else [])


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_any_line_ending_separates(ending: bytes) -> None:
    lines = [b"event: a", b"data: 1", b"data:2", b"", b"data", b"", b"data: 3", b"", b""]
    stream = ending.join(lines)
    assert parse(stream) == [ServerSentEvent("a", b"1\n2"), ServerSentEvent("message", b"3")]


def test_only_event_and_data_matter() -> None:
    assert parse(b"\xef\xbb\xbf: hello\nid: 1\nretry: 5\nstrange\ndata:  x: y \n\n: bye\n\n") == [
        ServerSentEvent("message", b" x: y ")
    ]


LINES = [b"event: chunk", b"data: {}", b"data: a", b"data:", b"", b"", b": note", b"id: 4", b"x"]


@given(
    lines=st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from([b"\n", b"\r", b"\r\n"]))),
    cuts=st.lists(st.integers(0, 200)),
)
def test_pieces_of_any_size_give_the_same_events(
    lines: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    stream = b"".join(line + ending for line, ending in lines)
    borders = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[a:b] for a, b in pairwise(borders)]
    assert parse(*pieces) == parse(stream)


@pytest.mark.parametrize(
    ("end", "last"),
    [
        (b"", None),
        (b": not", None),
        (b"id: 1\n", None),
        (b"data: 1", ServerSentEvent("message", b"1")),
        (b"data: 1\n", ServerSentEvent("message", b"1")),
        (b"dat", ServerSentEvent("message", b"")),
        (b"event: a\n", ServerSentEvent("a", b"")),
    ],
)
def test_the_end_tells_whether_an_event_was_cut(end: bytes, last: ServerSentEvent | None) -> None:
    parser = SseParser()
    assert list(parser.feed(b"data: 0\n\n" + end)) == [ServerSentEvent("message", b"0")]
    assert parser.finish() == last


def test_the_size_of_one_event_is_bounded_not_that_of_the_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cartesia.core.sse.MAX_EVENT_BYTES", 50)
    parser = SseParser()
    for _ in range(100):
        assert len(list(parser.feed(b"data: 0123456789\n\n"))) == 1
    with pytest.raises(ApiResponseError, match="more than 50 bytes"):
        for _ in range(100):
            list(parser.feed(b"data: x"))


def decoder(*wanted: str) -> EventDecoder[Any]:
    return EventDecoder(parse_response, wanted or ("chunk",), {"x-request-id": "r-1"})


def frame(event: Any, name: str = "chunk") -> bytes:
    data = event if isinstance(event, str) else json.dumps(event)
    return f"event: {name}\ndata: {data}\n\n".encode()


def test_wanted_events_come_and_others_do_not() -> None:
    times = {"type": "timestamps", "status_code": 206, "done": False}
    stream = frame(CHUNK) + frame(times) + frame({"type": "weather"}, "weather")
    assert [event.type for event in decoder().feed(stream)] == ["chunk"]
    both = decoder("chunk", "timestamps")
    assert [event.type for event in both.feed(stream)] == ["chunk", "timestamps"]
    assert list(both.finish()) == []
    assert not both.done


def test_nothing_comes_after_done() -> None:
    ending = decoder()
    done = frame({"type": "done", "status_code": 200, "done": True}, "done")
    assert list(ending.feed(done + frame(CHUNK) + b"data: {")) == []
    assert ending.done
    assert list(ending.finish()) == []


def test_the_last_event_needs_no_empty_line() -> None:
    ending = decoder()
    assert list(ending.feed(frame(CHUNK)[:-2])) == []
    assert [event.audio for event in ending.finish()] == [b"\0\0\0"]


def test_an_event_cut_short_is_a_broken_connection() -> None:
    ending = decoder()
    list(ending.feed(frame(CHUNK)[:-10]))
    with pytest.raises(ApiConnectionError, match="in the middle of an event") as caught:
        list(ending.finish())
    assert caught.value.request_id == "r-1"


def test_an_error_event_raises_its_status() -> None:
    event = {"type": "error", "status_code": 400, "done": True, "error": "transcript empty"}
    for stream in (frame(event, "error"), frame(event, "message")):
        with pytest.raises(BadRequestError) as caught:
            list(decoder().feed(stream))
        assert caught.value.body == event
        assert caught.value.request_id == "r-1"


@pytest.mark.parametrize("data", ['{"title": "no"}', "Title: Message", '{"type": "weather"}'])
def test_an_event_named_error_is_one_whatever_it_holds(data: str) -> None:
    with pytest.raises(ApiError) as caught:
        list(decoder().feed(frame(data, "error")))
    assert type(caught.value) is ApiError


@pytest.mark.parametrize("data", ["{", "[]", '"x"', '{"type": "chunk", "step_time": 1}'])
def test_a_malformed_event_raises(data: str) -> None:
    with pytest.raises(ApiResponseError, match="event 'chunk' that is malformed") as caught:
        list(decoder().feed(frame(data)))
    assert caught.value.__cause__ is not None
