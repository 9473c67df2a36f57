"""Any interleaving of contexts, flushes, cancels and failures: each reader gets its own, once."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cartesia.core.api_error import WebSocketCancelledError, WebSocketClosedError, WebSocketError
from cartesia.core.channel import Channel
from cartesia.core.channel_context import Reading
from cartesia.core.channel_events import output_of
from cartesia.core.socket_inbox import END, WAIT, Signal

from .channel_events import chunk, event, flush_done, speak

Action = Callable[[], Any]


class Reader:
    """A reading with what it should get and what it got.

    Attributes:
        ending: What should come after `expected`.
    """

    def __init__(self, make: Callable[[], Reading]) -> None:
        self._make = make
        self._reading: Reading | None = None
        self.expected: list[bytes] = []
        self.ending: object = WAIT
        self.got: list[bytes | None] = []

    @property
    def started(self) -> bool:
        return self._reading is not None

    def read(self) -> object:
        """Take all that is there; gives the signal, or the class of the error, that comes after."""
        self._reading = self._reading or self._make()
        try:
            while not isinstance(item := self._reading.take(), Signal):
                self.got.append(output_of(item, "").audio)
        except WebSocketError as error:
            return type(error)
        return item


class Stream:
    """A context and a model of it: what may happen next, and who should get what."""

    def __init__(self, channel: Channel, first_flush_id: int | None) -> None:
        self.channel = channel
        self.context = channel.open()
        self.flush_id = first_flush_id
        self.said = 0
        self.over = False
        self.main = Reader(lambda: Reading(self.context))
        self.readers = [self.main]
        # For each flush under way: who gets what is said before it, and who asked for it.
        self.flushes: deque[tuple[Reader, Reader]] = deque()

    def actions(self) -> list[Action]:
        """What may happen now."""
        if not self.context.opened:
            return [lambda: speak(self.context, continue_=True)]
        reads = [reader.read for reader in self.readers]
        if self.over:
            return reads
        going_on = [self.say, self.flush, *([self.flushed] if self.flushes else [])]
        return [*reads, *going_on * 4, self.done, self.fail, self.cancel]

    def say(self) -> None:
        self.said += 1
        audio = f"{self.context.id}/{self.said}".encode()
        self.channel.feed(chunk(self.context, audio, **self._ids()))
        (self.flushes[0][0] if self.flushes else self.main).expected.append(audio)

    def flush(self) -> None:
        message, flushed = self.context.flush()
        assert json.loads(message or "")["flush"]
        reader = Reader(flushed.reading)
        self.readers.append(reader)
        if self.main.started:
            self.flushes.append((self.main, reader))
            return
        if not self.flushes:
            reader.expected, self.main.expected = self.main.expected, []
        self.flushes.append((reader, reader))

    def flushed(self) -> None:
        self.channel.feed(flush_done(self.context, self.flush_id))
        if self.flush_id is not None:
            self.flush_id += 1
        self.flushes.popleft()[1].ending = END

    def done(self) -> None:
        self.channel.feed(event("done", self.context, **self._ids()))
        self.end(END)

    def fail(self) -> None:
        self.channel.feed(event("error", self.context, error="overload"))
        self.end(WebSocketError)

    def cancel(self) -> None:
        message = self.context.cancel()
        assert json.loads(message or "") == {"context_id": self.context.id, "cancel": True}
        for reader in self.readers:
            reader.expected = reader.expected[: len(reader.got)]
        self.end(WebSocketCancelledError)

    def end(self, ending: object) -> None:
        if self.context.opened and not self.over:
            self.over = True
            for reader in self.readers:
                reader.ending = ending if reader.ending is WAIT else reader.ending

    def _ids(self) -> dict[str, int]:
        return {} if self.flush_id is None else {"flush_id": self.flush_id}


@given(st.data())
def test_each_reader_gets_its_own_in_order_and_once(data: Any) -> None:
    channel = Channel()
    flush_ids = st.sampled_from([0, 1, None])
    streams = [Stream(channel, data.draw(flush_ids)) for _ in range(data.draw(st.integers(1, 3)))]
    noise: list[Action] = [
        lambda: channel.feed(chunk("stranger", b"noise")),
        lambda: channel.feed(event("unknown", streams[0].context)),
        lambda: channel.feed(event("done", "stranger")),
    ]
    for choice in data.draw(st.lists(st.integers(0, 999), min_size=30, max_size=60)):
        actions = [action for stream in streams for action in stream.actions()]
        actions = actions if choice % 10 else noise
        actions[choice // 10 % len(actions)]()
    if data.draw(st.booleans()):
        channel.lost(WebSocketClosedError("lost"), clean=False)
        for stream in streams:
            stream.end(WebSocketClosedError)

    for stream in streams:
        for reader in stream.readers:
            assert reader.read() == reader.ending
            assert reader.got == reader.expected
        assert stream.context.closed == stream.over
    assert channel.buffered == 0
    assert channel.to_send() == []


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 400)), max_size=60),
    st.sets(st.integers(0, 2)),
)
def test_what_waits_is_bounded_and_nobody_is_cut_who_reads(
    arrivals: list[tuple[int, int]], lazy: set[int]
) -> None:
    channel = Channel(max_buffered=2000)
    streams = [Stream(channel, None) for _ in range(3)]
    for stream in streams:
        speak(stream.context, continue_=True)
    for number, size in arrivals:
        channel.feed(chunk(streams[number].context, b"x" * size))
        for index in {0, 1, 2} - lazy:
            assert streams[index].main.read() is WAIT
        # Two messages may go over the bound, of about 700 bytes at most.
        assert all(stream.context.buffered < 3400 for stream in streams)
    for index in {0, 1, 2} - lazy:
        got = b"".join(audio or b"" for audio in streams[index].main.got)
        assert len(got) == sum(size for number, size in arrivals if number == index)
