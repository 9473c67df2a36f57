"""Gives memory back while a server has nothing to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from cartesia_server.engines.session import give_back
from cartesia_server.scale.pool import WorkPool

_log = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds without work after which it is worth while: the next first sound costs some ms more."""


async def give_back_when_idle(
    pool: WorkPool,
    *,
    give_back: Callable[[], None] = give_back,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Return memory to the system whenever a pool has rested, once for each rest. Never ends.

    Args:
        pool: that is looked at.
        give_back: returns the memory; called on a thread.
        sleep: lets time pass.
    """
    begun, returned = pool.begun, 0
    while True:
        await sleep(PAUSE)
        before, begun = begun, pool.begun
        if begun == before != returned and not pool.load().in_hand:
            returned = begun
            try:
                await asyncio.to_thread(give_back)
            except Exception:  # noqa: BLE001 -- whatever it is, the next rest may go better
                _log.exception("memory that is free could not be given back")
