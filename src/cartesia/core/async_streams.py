"""What a streaming call gives: an asynchronous iterator that frees itself.

The asynchronous side of `streams`.
"""

from __future__ import annotations

import weakref
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Mapping,
)
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar

from typing_extensions import Self

from .api_error import ApiConnectionError
from .backend import AsyncReply
from .streams import Decoder, exception_to_throw
from .wav_sizes import SizesOfFile, with_true_sizes

T = TypeVar("T")


class AsyncOwner(Protocol):
    """Who keeps the connections of streams in an event loop."""

    def adopt(self, reply: AsyncReply) -> None:
        """Keep the connection of a stream that begins."""
        ...

    async def release(self, reply: AsyncReply) -> None:
        """Free the connection of a stream that ended."""
        ...

    def abandon(self, reply: AsyncReply) -> None:
        """Free the connection of a stream that nobody refers to any more. For finalisers."""
        ...


class Opened(NamedTuple):
    """An answer that has begun: its head, and the first bytes of its body."""

    owner: AsyncOwner
    reply: AsyncReply
    first: bytes


class AsyncStream(AsyncGenerator[T, None]):
    """What a streaming call gives. The request is sent by the first `await` or `async for`.

    `await` sends, raises if the answer is an error, and gives the stream itself with its headers
    read; `async for` and `async with` do the same by themselves. Frees its connection when it is
    exhausted, closed, or no longer referred to.
    """

    def __init__(
        self,
        send: Callable[[], Awaitable[Opened]],
        make_decoder: Callable[[Mapping[str, str]], Decoder[T]],
    ) -> None:
        self._send = send
        self._make_decoder = make_decoder
        self._opened: Opened | None = None
        self._items: AsyncIterator[T]
        self._finalizer: weakref.finalize[Any, Any] | None = None
        self._busy = False
        self._closed = False

    @property
    def status_code(self) -> int:
        """HTTP status of the answer."""
        return self._head.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the answer, with lower-case names."""
        return self._head.headers

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, if it gives one."""
        return self.headers.get("x-request-id")

    @property
    def content_type(self) -> str | None:
        """Media type of the body, such as `audio/wav`."""
        return self.headers.get("content-type")

    @property
    def _head(self) -> AsyncReply:
        if self._opened is None:
            raise RuntimeError("There is no answer: await the stream, or iterate over it, first")
        return self._opened.reply

    def __await__(self) -> Generator[Any, None, Self]:
        return self._open().__await__()

    async def __aenter__(self) -> Self:
        return await self._open()

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    async def __anext__(self) -> T:
        if self._closed:
            raise StopAsyncIteration
        await self._open()
        with self._alone():
            try:
                return await self._items.__anext__()
            except BaseException:
                await self.aclose()
                raise

    async def asend(self, value: None) -> T:
        """Give the next item, as `anext` does; a stream has no use for `value`."""
        del value
        return await self.__anext__()

    async def athrow(self, typ: Any, val: Any = None, tb: TracebackType | None = None) -> NoReturn:
        """Close the stream and raise an exception, as a generator paused in a loop would."""
        await self.aclose()
        raise exception_to_throw(typ, val, tb)

    async def aclose(self) -> None:
        """Free the connection. Twice is harmless; what was not read is lost."""
        self._closed = True
        if self._opened is not None and self._finalizer is not None and self._finalizer.detach():
            await self._opened.owner.release(self._opened.reply)

    async def _open(self) -> Self:
        if self._opened is None:
            if self._closed:
                raise RuntimeError("The stream is closed; make the call again")
            with self._alone():
                try:
                    opened = await self._send()
                except BaseException:
                    self._closed = True
                    raise
            opened.owner.adopt(opened.reply)
            decoder = self._make_decoder(opened.reply.headers)
            self._items = _decode(opened.first, opened.reply.pieces, decoder)
            self._opened = opened
            self._finalizer = weakref.finalize(self, opened.owner.abandon, opened.reply)
        return self

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._busy:
            raise RuntimeError("The stream is already being read by another task")
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open" if self._opened else "not sent yet"
        return f"<{type(self).__name__}, {state}>"


class AsyncByteStream(AsyncStream[bytes]):
    """Audio as it arrives: bytes to iterate over, to read, or to write as a whole."""

    async def read(self) -> bytes:
        """Give all that is left; a WAV file with its true length in its header.

        Raises:
            ApiError: The answer is an error.
            ApiConnectionError: The connection broke before everything came.
        """
        return with_true_sizes(b"".join([piece async for piece in self]))

    async def write_to_file(self, path: str | PathLike[str]) -> None:
        """Write all that is left to a file, while it arrives; a file that exists is replaced.

        A WAV file gets its true length into its header at the end.

        Raises:
            ApiError: The answer is an error, and the file is left alone.
            ApiConnectionError: The connection broke before everything came. The file holds what
                came until then.
        """
        import asyncio

        await self._open()
        sizes = SizesOfFile()
        file = await asyncio.to_thread(Path(path).open, "wb")
        try:
            async for piece in self:
                await asyncio.to_thread(file.write, piece)
                sizes.passed(piece)
        finally:
            with file:
                sizes.mend(file)


class AsyncEventStream(AsyncStream[T]):
    """Messages of an event stream as they arrive. Errors that the server reports are raised."""


async def _decode(
    first: bytes, pieces: AsyncIterator[bytes], decoder: Decoder[T]
) -> AsyncIterator[T]:
    for item in decoder.feed(first):
        yield item
    try:
        async for piece in pieces:
            for item in decoder.feed(piece):
                yield item
    except ApiConnectionError:
        if not decoder.done:
            raise
    for item in decoder.finish():
        yield item
