import asyncio
import threading
from contextlib import suppress

import pytest

from cartesia_server.errors import NotReady
from cartesia_server.health import Readiness
from cartesia_server.voices.schema import StoreError, StoreUnavailable

pytestmark = pytest.mark.anyio


def well():
    """A database that answers."""


def broken():
    raise StoreUnavailable("the database is away", "postgresql://ada@host/voices: no route to host")


def of_a_later_release():
    raise StoreError("the database has version 9, this release knows 3")


async def test_a_server_is_ready_while_its_database_answers():
    readiness = Readiness()
    await readiness.check(well)
    with pytest.raises(NotReady, match="database cannot be reached"):
        await readiness.check(broken)
    await readiness.check(well)
    with pytest.raises(NotReady, match="the database has version 9"):
        await readiness.check(of_a_later_release)


async def test_the_log_says_once_why_a_server_gets_no_work(caplog):
    readiness = Readiness()
    for ping in (well, broken, broken):
        with suppress(NotReady):
            await readiness.check(ping)
    assert caplog.messages == ["not ready: postgresql://ada@host/voices: no route to host"]
    await readiness.check(well)
    assert caplog.messages[1:] == ["ready again"]


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
