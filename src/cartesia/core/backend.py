"""The seam between the course of a call and the library that moves bytes.

Everything below it raises `ApiConnectionError` and nothing of the library's own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from .api_error import ApiConnectionError, ApiTimeoutError
from .outgoing import Outgoing

PIECE_BYTES = 256 << 10
"""Size of the pieces of a body."""


class Reply(Protocol):
    """An answer: its head has been read, its body comes piece by piece."""

    @property
    def status_code(self) -> int:
        """HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """With lower-case names."""
        ...

    @property
    def pieces(self) -> Iterator[bytes]:
        """The body, always the same iterator; it frees the connection when it is exhausted."""
        ...

    def close(self) -> None:
        """Free the connection."""
        ...

    def abandon(self) -> None:
        """Cut the connection without taking a lock, as finalisers must; `close` comes later."""
        ...


class AsyncReply(Protocol):
    """An answer: its head has been read, its body comes piece by piece."""

    @property
    def status_code(self) -> int:
        """HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """With lower-case names."""
        ...

    @property
    def pieces(self) -> AsyncIterator[bytes]:
        """The body, always the same iterator; it frees the connection when it is exhausted."""
        ...

    async def aclose(self) -> None:
        """Free the connection."""
        ...


class Backend(Protocol):
    """Sends requests and keeps connections."""

    def send(self, outgoing: Outgoing) -> Reply:
        """Send a request and read the head of its answer."""
        ...

    def close(self) -> None:
        """Close all connections; a later `send` opens new ones."""
        ...


class AsyncBackend(Protocol):
    """Sends requests and keeps connections."""

    async def send(self, outgoing: Outgoing) -> AsyncReply:
        """Send a request and read the head of its answer."""
        ...

    async def aclose(self) -> None:
        """Close all connections; a later `send` opens new ones."""
        ...


class Body:
    """A large body in pieces, each of which must get through in time, as often as needed."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), PIECE_BYTES):
            yield self._content[start : start + PIECE_BYTES]


class AsyncBody:
    """The same, for libraries that tell the surface from what a body can do."""

    def __init__(self, content: bytes) -> None:
        self._pieces = Body(content)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def server_of(url: str) -> str:
    """Scheme, host and port of a URL: what errors show of it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def failure(
    outgoing: Outgoing,
    reason: BaseException,
    *,
    connected: bool,
    timed_out: bool,
    headers: Mapping[str, str] | None = None,
) -> ApiConnectionError:
    """The error for a connection that failed.

    Args:
        outgoing: What was to be sent.
        reason: The library's exception.
        connected: Whether a connection was made, and the request may have arrived.
        timed_out: Whether it took too long.
        headers: Of the answer, if they came.
    """
    server = server_of(outgoing.url)
    if timed_out:
        limit = "in time"
        if outgoing.timeout is not None:
            phases = outgoing.timeout
            limit = f"within {phases.read if connected else phases.connect:g} s"
        text = f"Nothing came from {server}" if connected else f"No connection to {server}"
        error: ApiConnectionError = ApiTimeoutError(f"{text} {limit}", headers=headers)
    else:
        text = (
            f"The connection to {server} broke before the answer was complete"
            if connected
            else f"Could not connect to {server}"
        )
        error = ApiConnectionError(
            f"{text}: {str(reason) or type(reason).__name__}", headers=headers
        )
    error.may_have_arrived = connected
    return error
