"""Who keeps connections in an event loop, and frees those that nobody closed, silently.

The asynchronous side of `connections`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TYPE_CHECKING

from .backend import AsyncBackend, AsyncReply

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task


class LoopConnections:
    """The connections that an asynchronous client has in one event loop.

    Args:
        backend: Makes the connections; closed when neither client nor streams are left, or the
            loop ends.
        loop: The loop.

    Attributes:
        closed: Whether the program has closed them, and calls that go on are not to be repeated.
    """

    def __init__(self, backend: AsyncBackend, loop: AbstractEventLoop) -> None:
        self.backend = backend
        self.loop = loop
        self.closed = False
        self._open: set[AsyncReply] = set()
        self._tasks: set[Task[None]] = set()
        self._keeper = _close_in_the_end(backend)

    async def start(self) -> None:
        """Have the connections closed when the loop ends."""
        await self._keeper.__anext__()

    def adopt(self, reply: AsyncReply) -> None:
        """Keep the connection of a stream that begins."""
        self._open.add(reply)

    async def release(self, reply: AsyncReply) -> None:
        """Free the connection of a stream that ended."""
        self._open.discard(reply)
        await reply.aclose()

    def abandon(self, reply: AsyncReply) -> None:
        """Free the connection of a stream that nobody refers to any more. For finalisers."""
        # A loop that is closed has closed its connections.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._release_soon, reply)

    async def aclose(self) -> None:
        """Close all connections, streams included."""
        self.closed = True
        for reply in list(self._open):
            await self.release(reply)
        await self._keeper.aclose()

    def _release_soon(self, reply: AsyncReply) -> None:
        task = self.loop.create_task(self.release(reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _close_in_the_end(backend: AsyncBackend) -> AsyncGenerator[None, None]:
    """Close a backend in its own loop, whatever happens to the client.

    An event loop closes the asynchronous generators that are still suspended when it ends, and
    also one that is dropped before: that is the one hook for both.
    """
    try:
        yield
    finally:
        await backend.aclose()
