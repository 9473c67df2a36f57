"""Makes a cloned voice better after it was handed out, while the server has nothing else to do."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from cartesia_server.engines.base import Cancelled, CancelToken, VoicePoint
from cartesia_server.engines.session import give_back
from cartesia_server.scale.pool import WorkPool
from cartesia_server.voices.clone import Cloning
from cartesia_server.voices.library import VoiceLibrary
from cartesia_server.voices.rehearsal import UNREHEARSED
from cartesia_server.voices.schema import StoreError

MOST_AT_ONCE = 100
"""Voices that wait for their refinement; a voice cloned past that stays as it is."""

_log = logging.getLogger(__name__)


class Refiner:
    """Refines clones on idle threads. Belongs to one event loop.

    Args:
        pool: whose threads it works on while no other job waits.
        voices: where refined voices are kept.
        seconds: of work for one voice; 0 refines none.
        clock: tells the time, in seconds.
    """

    def __init__(
        self,
        pool: WorkPool,
        voices: VoiceLibrary,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._voices = voices
        self._seconds = seconds
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def refine(self, id: str, cloning: Cloning) -> None:
        """Go on looking for a voice that was stored, and store the better one if there is one.

        Returns at once.

        Args:
            id: under which the voice is stored.
            cloning: the search that found it.
        """
        if not self._seconds or len(self._tasks) >= MOST_AT_ONCE:
            return
        task = asyncio.create_task(self._refined(id, cloning))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finished(self) -> None:
        """Wait for every refinement in progress."""
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Stop. Voices that are being refined stay as they are."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _refined(self, id: str, cloning: Cloning) -> None:
        work = partial(refining, cloning, self._seconds, clock=self._clock)
        try:
            async with self._pool.stream(work, kind="refinement", idle=True) as steps:
                async for better in steps:
                    if better is not None:
                        await self._voices.refine(id, better)
            await asyncio.to_thread(give_back)
        except (Cancelled, StoreError) as error:
            _log.info("a clone stays as it was", extra={"voice": id}, exc_info=error)


def refining(
    cloning: Cloning,
    seconds: float,
    cancel: CancelToken,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[VoicePoint | None]:
    """Go on looking for a voice. Yields after every sentence that is spoken; a better voice last.

    Args:
        cloning: the search, which has found a voice already.
        seconds: of rehearsals, by the clock.
        cancel: looked at while a voice speaks.
        clock: tells the time, in seconds.

    Yields:
        None, and at the end the better voice, if there is one.

    Raises:
        Cancelled: `cancel` was flipped.
    """
    before, spent = cloning.best.point, 0.0
    while spent < seconds:
        begin = clock()
        cloning.rehearse(cancel)
        spent += clock() - begin
        yield None
    after = cloning.middle
    if np.array_equal(after, before):
        return
    gained = 0.0
    # What was rehearsed flatters it: only other sentences tell whether it is better.
    for number in UNREHEARSED:
        for point, sign in ((after, 1), (before, -1)):
            gained += sign * cloning.likeness(point, number, cancel)
            yield None
    if gained > 0:
        yield after
