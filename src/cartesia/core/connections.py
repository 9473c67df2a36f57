"""Who keeps connections, and frees those that nobody closed, silently.

A finaliser runs wherever the interpreter drops an object: in any thread, and in the middle of any
code, also of code that holds the lock of a connection pool. So it must not take a lock itself.
"""

from __future__ import annotations

import os
import weakref
from collections import deque
from contextlib import suppress

from .backend import Backend, Reply


class Connections:
    """The connections of a synchronous client. Streams hold on to it, so it outlives the client.

    Args:
        backend: Makes the connections; closed when neither client nor streams are left.

    Attributes:
        closed: Whether the program has closed them, and calls that go on are not to be repeated.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.closed = False
        # A reply in here cannot be part of what the garbage collector finalises.
        self._open: set[Reply] = set()
        self._abandoned: deque[Reply] = deque()
        weakref.finalize(self, _close_unless_forked, backend, os.getpid())

    def adopt(self, reply: Reply) -> None:
        """Keep the connection of a stream that begins."""
        self._open.add(reply)

    def release(self, reply: Reply) -> None:
        """Free the connection of a stream that ended."""
        self._open.discard(reply)
        reply.close()

    def abandon(self, reply: Reply) -> None:
        """Cut the connection of a stream that nobody refers to any more. For finalisers."""
        reply.abandon()
        self._abandoned.append(reply)

    def free_abandoned(self) -> None:
        """Give the pool back the places of connections that were cut."""
        while self._abandoned:
            with suppress(IndexError):
                self.release(self._abandoned.popleft())

    def close(self) -> None:
        """Close all connections, streams included."""
        self.closed = True
        self.free_abandoned()
        for reply in list(self._open):
            self.release(reply)
        self.backend.close()


def _close_unless_forked(backend: Backend, process: int) -> None:
    # After a fork, a thread of the other process may seem to hold a lock for ever.
    if process == os.getpid():
        backend.close()
