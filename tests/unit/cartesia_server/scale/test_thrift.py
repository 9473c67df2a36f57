"""Memory goes back to the system when a server rests, and not while it works."""

from __future__ import annotations

import asyncio
import threading

import pytest

from cartesia_server.scale.pool import WorkPool
from cartesia_server.scale.thrift import give_back_when_idle

pytestmark = pytest.mark.anyio


@pytest.fixture
def pool():
    pool = WorkPool(1)
    yield pool
    pool.close()


class Looks:
    """Lets the pool be looked at so often as is wanted."""

    def __init__(self, pool: WorkPool) -> None:
        self.returned = 0
        self._wanted = asyncio.Semaphore(0)
        self._looked = asyncio.Event()
        self._task = asyncio.create_task(
            give_back_when_idle(pool, give_back=self._give_back, sleep=self._sleep)
        )

    def _give_back(self) -> None:
        self.returned += 1

    async def _sleep(self, _seconds: float) -> None:
        self._looked.set()
        await self._wanted.acquire()

    async def look(self) -> None:
        await self._looked.wait()
        self._looked.clear()
        self._wanted.release()
        await self._looked.wait()

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_memory_goes_back_once_for_each_rest(pool):
    looks = Looks(pool)
    for _ in range(3):
        await looks.look()
    assert looks.returned == 0  # nothing was done, so nothing is to be returned
    for rest in (1, 2):
        await pool.run(lambda cancel: None)
        await looks.look()
        assert looks.returned == rest - 1  # somebody was here a moment ago
        await looks.look()
        await looks.look()
        assert looks.returned == rest
    await looks.end()


async def test_a_job_in_hand_is_no_rest(pool):
    looks, go_on = Looks(pool), threading.Event()
    job = asyncio.create_task(pool.run(lambda cancel: go_on.wait()))
    await asyncio.sleep(0)
    for _ in range(3):
        await looks.look()
    assert looks.returned == 0
    go_on.set()
    await job
    await looks.look()
    assert looks.returned == 1
    await looks.end()
