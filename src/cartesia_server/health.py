"""Whether a server should be given work: what load balancers and orchestrators ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from cartesia_server.errors import NotReady
from cartesia_server.voices.schema import StoreError

_PATIENCE = 2.0
"""Seconds for the database to answer; a probe that waits longer counts as failed elsewhere."""


class Readiness:
    """Whether one application takes work. For one event loop.

    Attributes:
        stopping: whether it was asked to stop; set by whoever runs it.
    """

    def __init__(self) -> None:
        self.stopping = False
        self._asking: asyncio.Task[bool] | None = None

    async def check(self, ping: Callable[[], None], *, patience: float = _PATIENCE) -> None:
        """Return if the server should be given work.

        Args:
            ping: asks the database for nothing; runs on a thread of its own, one at a time.
            patience: seconds after which no answer is one.

        Raises:
            NotReady: it is stopping, or the database does not answer.
        """
        if self.stopping:
            raise NotReady("the server is stopping")
        # However often it is asked, a database that hangs holds up one thread.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(asyncio.to_thread(_answers, ping))
        asking = self._asking
        await asyncio.wait({asking}, timeout=patience)
        if not (asking.done() and asking.result()):
            raise NotReady("the database cannot be reached")


def _answers(ping: Callable[[], None]) -> bool:
    try:
        ping()
    except StoreError:
        return False
    return True
