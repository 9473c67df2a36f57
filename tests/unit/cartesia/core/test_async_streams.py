from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from cartesia.core.api_error import ApiConnectionError, UnauthorizedError
from cartesia.core.async_connections import LoopConnections
from cartesia.core.async_streams import AsyncByteStream, Opened
from cartesia.core.outgoing import Outgoing
from cartesia.core.streams import ByteDecoder
from cartesia.helpers.wav import wav_header

pytestmark = pytest.mark.anyio


class FakeReply:
    status_code = 200

    def __init__(self, *pieces: bytes, error: Exception | None = None) -> None:
        self.headers = {"content-type": "audio/wav", "x-request-id": "r-1"}
        self.pieces = self._give(pieces, error)
        self.closed = 0

    async def _give(
        self, pieces: tuple[bytes, ...], error: Exception | None
    ) -> AsyncIterator[bytes]:
        for piece in pieces:
            await asyncio.sleep(0)
            yield piece
        if error:
            raise error

    async def aclose(self) -> None:
        self.closed += 1


class FakeBackend:
    def __init__(self) -> None:
        self.closed = 0

    async def send(self, outgoing: Outgoing) -> FakeReply:
        raise AssertionError(outgoing)

    async def aclose(self) -> None:
        self.closed += 1


class Sender:
    """Counts how often a stream is sent."""

    def __init__(
        self, reply: FakeReply, error: Exception | None = None, first: bytes = b"first"
    ) -> None:
        self.reply = reply
        self.first = first
        self.error = error
        self.sent = 0
        self.connections = LoopConnections(FakeBackend(), asyncio.get_running_loop())

    async def __call__(self) -> Opened:
        self.sent += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return Opened(self.connections, self.reply, self.first)

    def stream(self) -> AsyncByteStream:
        return AsyncByteStream(self, lambda _: ByteDecoder())


async def test_nothing_is_sent_before_it_is_asked_for() -> None:
    sender = Sender(FakeReply())
    stream = sender.stream()
    assert isinstance(stream, AsyncGenerator)
    assert repr(stream) == "<AsyncByteStream, not sent yet>"
    with pytest.raises(RuntimeError, match="await the stream"):
        _ = stream.headers
    del stream
    assert sender.sent == 0


async def test_await_gives_the_same_object_with_headers() -> None:
    sender = Sender(FakeReply(b"second"))
    stream = sender.stream()
    assert await stream is stream
    assert await stream is stream
    assert sender.sent == 1
    assert (stream.status_code, stream.request_id) == (200, "r-1")
    assert (stream.content_type, stream.headers) == ("audio/wav", sender.reply.headers)
    assert repr(stream) == "<AsyncByteStream, open>"
    assert [piece async for piece in stream] == [b"first", b"second"]
    assert [piece async for piece in stream] == []
    assert sender.reply.closed == 1
    assert repr(stream) == "<AsyncByteStream, closed>"


async def test_iteration_sends_by_itself() -> None:
    sender = Sender(FakeReply(b"second"))
    stream = sender.stream()
    assert await anext(stream) == b"first"
    assert await stream.asend(None) == b"second"
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    assert sender.sent == 1


async def test_an_error_answer_raises_where_it_is_sent() -> None:
    sender = Sender(FakeReply(), UnauthorizedError(401))
    with pytest.raises(UnauthorizedError):
        await sender.stream()
    with pytest.raises(UnauthorizedError):
        await anext(sender.stream())
    with pytest.raises(UnauthorizedError):
        await sender.stream().read()
    with pytest.raises(UnauthorizedError):
        async with sender.stream():
            pass
    stream = sender.stream()
    with pytest.raises(UnauthorizedError):
        await stream
    assert [piece async for piece in stream] == []
    with pytest.raises(RuntimeError, match="make the call again"):
        await stream


async def test_leaving_a_block_frees() -> None:
    sender = Sender(FakeReply(b"second"))
    async with sender.stream() as stream:
        assert await anext(stream) == b"first"
    assert sender.reply.closed == 1
    await stream.aclose()
    assert [piece async for piece in stream] == []
    assert sender.reply.closed == 1


async def test_a_stream_closed_before_it_was_sent_stays_so() -> None:
    sender = Sender(FakeReply())
    stream = sender.stream()
    await stream.aclose()
    assert [piece async for piece in stream] == []
    assert sender.sent == 0


async def test_an_error_in_between_frees_and_ends() -> None:
    sender = Sender(FakeReply(error=ApiConnectionError("gone")))
    stream = sender.stream()
    assert await anext(stream) == b"first"
    with pytest.raises(ApiConnectionError):
        await anext(stream)
    assert [piece async for piece in stream] == []
    assert sender.reply.closed == 1


async def test_what_is_thrown_in_comes_out() -> None:
    sender = Sender(FakeReply())
    stream = await sender.stream()
    with pytest.raises(KeyError):
        await stream.athrow(KeyError("why"))
    assert sender.reply.closed == 1


async def test_a_cancelled_reader_frees() -> None:
    class Endless(FakeReply):
        async def _give(self, *_: object) -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

    sender = Sender(Endless())
    stream = sender.stream()
    await anext(stream)
    task = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sender.reply.closed == 1


async def test_two_readers_at_once_are_refused() -> None:
    sender = Sender(FakeReply(b"second"))
    stream = await sender.stream()
    assert await anext(stream) == b"first"
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="already being read by another task"):
        await anext(stream)
    with pytest.raises(RuntimeError, match="already being read by another task"):
        await asyncio.gather(*[_read(other) for other in [sender.stream()] * 2])
    assert await first == b"second"


async def _read(stream: AsyncByteStream) -> bytes:
    return await stream.read()


async def test_a_dropped_stream_is_freed_by_the_loop() -> None:
    sender = Sender(FakeReply(b"second"))
    stream = sender.stream()
    await anext(stream)
    del stream
    gc.collect()
    await asyncio.sleep(0.01)
    assert sender.reply.closed == 1


async def test_closing_connections_closes_streams_and_backend() -> None:
    sender = Sender(FakeReply(b"second"))
    await sender.connections.start()
    stream = await sender.stream()
    await sender.connections.aclose()
    assert sender.reply.closed == 1
    assert sender.connections.backend.closed == 1  # type: ignore[attr-defined]
    await stream.aclose()


async def test_a_wav_file_gets_its_true_length(tmp_path: Path) -> None:
    begun = wav_header(encoding="pcm_s16le", sample_rate=8000)
    whole = wav_header(encoding="pcm_s16le", sample_rate=8000, data_bytes=4) + b"1234"

    def stream() -> AsyncByteStream:
        return Sender(FakeReply(b"34"), first=begun + b"12").stream()

    assert await stream().read() == whole
    await stream().write_to_file(tmp_path / "speech.wav")
    assert (tmp_path / "speech.wav").read_bytes() == whole


async def test_a_whole_stream_can_be_read_or_written(tmp_path: Path) -> None:
    assert await Sender(FakeReply(b"-second")).stream().read() == b"first-second"
    path = tmp_path / "speech.wav"
    await Sender(FakeReply(b"-second")).stream().write_to_file(path)
    assert path.read_bytes() == b"first-second"
    with pytest.raises(UnauthorizedError):
        await Sender(FakeReply(), UnauthorizedError(401)).stream().write_to_file(path)
    assert path.read_bytes() == b"first-second"


def test_a_stream_dropped_after_its_loop_makes_no_noise() -> None:
    backend = FakeBackend()

    async def begin() -> AsyncByteStream:
        sender = Sender(FakeReply(b"second"))
        sender.connections = LoopConnections(backend, asyncio.get_running_loop())
        await sender.connections.start()
        stream = sender.stream()
        await anext(stream)
        return stream

    stream = asyncio.run(begin())
    assert backend.closed == 1
    del stream
    gc.collect()
