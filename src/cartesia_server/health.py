"""Whether a server should be given work: what load balancers and orchestrators ask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from cartesia_server.errors import NotReady
from cartesia_server.voices.schema import StoreError, StoreUnavailable

log = logging.getLogger(__name__)

_PATIENCE = 2.0
"""Seconds for the database to answer; a probe that waits longer counts as failed elsewhere."""

_SILENT = "the database did not answer in time"


class Readiness:
    """Whether one application takes work. For one event loop.

    Attributes:
        stopping: whether it was asked to stop; set by whoever runs it.
    """

    def __init__(self) -> None:
        self.stopping = False
        self._asking: asyncio.Task[StoreError | None] | None = None
        self._lacking: str | None = None  # what the last answer lacked, as the log has it

    async def check(
        self, ping: Callable[[], Awaitable[None]], *, patience: float = _PATIENCE
    ) -> bool:
        """Return if the server should be given work.

        It should without its database, too: built-in voices speak on, and speech is transcribed.
        All replicas share the database; were they to be taken out of service with it, nobody would
        be served at all.

        Args:
            ping: asks the database for nothing; called while it is not at it already.
            patience: seconds after which no answer is one.

        Returns:
            Whether the database answers.

        Raises:
            NotReady: it is stopping.
        """
        if self.stopping:
            raise NotReady("the server is stopping")
        # However often it is asked, a database that hangs holds up one thread.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(_failure(ping))
        asking = self._asking
        await asyncio.wait({asking}, timeout=patience)
        failure = asking.result() if asking.done() else StoreUnavailable(_SILENT)
        self._tell(failure)
        return failure is None

    def _tell(self, failure: StoreError | None) -> None:
        """Log what changed: nothing else says so where nobody uses voices of their own."""
        lacking = failure.reason if failure else None
        if lacking != self._lacking:
            self._lacking = lacking
            if lacking is None:
                log.warning("the database answers again")
            else:
                log.warning("ready, but without users' voices and dictionaries: %s", lacking)


async def _failure(ping: Callable[[], Awaitable[None]]) -> StoreError | None:
    try:
        await ping()
    except StoreError as error:
        return error
    return None
