import asyncio
import threading

import pytest

from cartesia_server.errors import NotReady
from cartesia_server.health import Readiness
from cartesia_server.voices.schema import StoreError

pytestmark = pytest.mark.anyio


def well():
    """A database that answers."""


def broken():
    raise StoreError("gone")


async def test_a_server_is_ready_while_its_database_answers():
    readiness = Readiness()
    await readiness.check(well)
    with pytest.raises(NotReady, match="database cannot be reached"):
        await readiness.check(broken)
    await readiness.check(well)


async def test_a_server_that_stops_is_not_ready_and_asks_nobody():
    readiness = Readiness()
    readiness.stopping = True
    with pytest.raises(NotReady, match="stopping"):
        await readiness.check(lambda: pytest.fail("asked"))


async def test_a_database_that_hangs_holds_up_one_thread_and_no_probe():
    readiness, asked = Readiness(), list[bool]()
    entered, go = threading.Event(), threading.Event()

    def hanging():
        asked.append(True)
        entered.set()
        go.wait()

    for _ in range(3):
        with pytest.raises(NotReady, match="database cannot be reached"):
            await readiness.check(hanging, patience=0.01)
        await asyncio.to_thread(entered.wait)
    assert len(asked) == 1
    go.set()
    for _ in range(2):
        await readiness.check(hanging, patience=60.0)
    assert len(asked) > 1
