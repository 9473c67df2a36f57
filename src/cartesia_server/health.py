"""Whether a server should be given work: what load balancers and orchestrators ask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

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
            self._asking = asyncio.create_task(asyncio.to_thread(_failure, ping))
        asking = self._asking
        await asyncio.wait({asking}, timeout=patience)
        failure = asking.result() if asking.done() else StoreUnavailable(_SILENT)
        self._tell(failure)
        if failure is not None:
            # What the database said may name machines and people; this path needs no key.
            away = isinstance(failure, StoreUnavailable)
            raise NotReady("the database cannot be reached" if away else str(failure))

    def _tell(self, failure: StoreError | None) -> None:
        """Log what changed: a server that gets no work, and does not say why, is a riddle."""
        lacking = failure.reason if failure else None
        if lacking != self._lacking:
            self._lacking = lacking
            if lacking is None:
                log.warning("ready again")
            else:
                log.warning("not ready: %s", lacking)


def _failure(ping: Callable[[], None]) -> StoreError | None:
    try:
        ping()
    except StoreError as error:
        return error
    return None
