"""What a streaming call gives: an iterator that knows its answer's headers and frees itself."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Generator, Iterator, Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Protocol, TypeVar

from typing_extensions import Self

from .api_error import ApiConnectionError
from .backend import Reply
from .wav_sizes import SizesOfFile, with_true_sizes

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Decoder(Protocol[T_co]):
    """Turns the pieces of a body into items. No I/O, so both surfaces share it."""

    @property
    def done(self) -> bool:
        """Whether what is still to come does not matter."""
        ...

    def feed(self, piece: bytes) -> Iterator[T_co]:
        """Give in a piece and get the items that it completes."""
        ...

    def finish(self) -> Iterator[T_co]:
        """End the body and get the items that were left."""
        ...


class ByteDecoder:
    """Cuts a body into pieces of one size; the last may be smaller.

    Args:
        chunk_size: In bytes; None leaves the pieces as they come.
    """

    done = False

    def __init__(self, chunk_size: int | None = None) -> None:
        self._size = chunk_size
        self._kept = bytearray()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Give in a piece and get the ones that it completes."""
        if self._size is None:
            if piece:
                yield piece
            return
        self._kept += piece
        whole = len(self._kept) // self._size * self._size
        ready = bytes(self._kept[:whole])
        del self._kept[:whole]
        for start in range(0, whole, self._size):
            yield ready[start : start + self._size]

    def finish(self) -> Iterator[bytes]:
        """Give what is left."""
        if self._kept:
            yield bytes(self._kept)


class Owner(Protocol):
    """Who keeps the connections of streams."""

    def adopt(self, reply: Reply) -> None:
        """Keep the connection of a stream that begins."""
        ...

    def release(self, reply: Reply) -> None:
        """Free the connection of a stream that ended."""
        ...

    def abandon(self, reply: Reply) -> None:
        """Free the connection of a stream that nobody refers to any more. For finalisers."""
        ...


class Stream(Generator[T, None, None]):
    """What a streaming call gives; the request has been sent and its answer is a success.

    Frees its connection when it is exhausted, closed, or no longer referred to.
    """

    def __init__(self, owner: Owner, reply: Reply, first: bytes, decoder: Decoder[T]) -> None:
        owner.adopt(reply)
        self._owner = owner
        self._reply = reply
        self._items = _decode(first, reply.pieces, decoder)
        self._reading = threading.Lock()
        self._finalizer = weakref.finalize(self, owner.abandon, reply)

    @property
    def status_code(self) -> int:
        """HTTP status of the answer."""
        return self._reply.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the answer, with lower-case names."""
        return self._reply.headers

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, if it gives one."""
        return self.headers.get("x-request-id")

    @property
    def content_type(self) -> str | None:
        """Media type of the body, such as `audio/wav`."""
        return self.headers.get("content-type")

    def __next__(self) -> T:
        if not self._reading.acquire(blocking=False):
            raise RuntimeError("The stream is already being read by another thread")
        try:
            return next(self._items)
        except BaseException:
            self.close()
            raise
        finally:
            self._reading.release()

    def send(self, value: None) -> T:
        """Give the next item, as `next` does; a stream has no use for `value`."""
        del value
        return next(self)

    def throw(self, typ: Any, val: Any = None, tb: TracebackType | None = None) -> NoReturn:
        """Close the stream and raise an exception, as a generator paused in a loop would."""
        self.close()
        raise exception_to_throw(typ, val, tb)

    def close(self) -> None:
        """Free the connection. Twice is harmless; what was not read is lost."""
        if self._finalizer.detach():
            self._items = iter(())
            self._owner.release(self._reply)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.content_type}>"


class ByteStream(Stream[bytes]):
    """Audio as it arrives: an iterator of bytes that can also be read or written as a whole."""

    def read(self) -> bytes:
        """Give all that is left; a WAV file with its true length in its header.

        Raises:
            ApiConnectionError: The connection broke before everything came.
        """
        return with_true_sizes(b"".join(self))

    def write_to_file(self, path: str | PathLike[str]) -> None:
        """Write all that is left to a file, while it arrives; a file that exists is replaced.

        A WAV file gets its true length into its header at the end.

        Raises:
            ApiConnectionError: The connection broke before everything came. The file holds what
                came until then.
        """
        sizes = SizesOfFile()
        with Path(path).open("wb") as file:
            try:
                for piece in self:
                    file.write(piece)
                    sizes.passed(piece)
            finally:
                sizes.mend(file)


class EventStream(Stream[T]):
    """Messages of an event stream as they arrive. Errors that the server reports are raised."""


def _decode(first: bytes, pieces: Iterator[bytes], decoder: Decoder[T]) -> Iterator[T]:
    yield from decoder.feed(first)
    try:
        for piece in pieces:
            yield from decoder.feed(piece)
    except ApiConnectionError:
        if not decoder.done:
            raise
    yield from decoder.finish()


def exception_to_throw(typ: Any, val: Any, tb: TracebackType | None) -> BaseException:
    """The exception that the arguments of `throw` mean."""
    error = typ if isinstance(typ, BaseException) else val
    if not isinstance(error, BaseException):
        error = typ() if error is None else typ(error)
    return error.with_traceback(tb or error.__traceback__)
