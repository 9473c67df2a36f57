import asyncio

import pytest

from cartesia_server.errors import NotReady
from cartesia_server.health import Readiness
from cartesia_server.voices.schema import StoreUnavailable

pytestmark = pytest.mark.anyio


async def well():
    """A database that answers."""


async def broken():
    raise StoreUnavailable("the database is away", "postgresql://ada@host/voices: no route to host")


async def test_a_server_is_ready_without_its_database_and_says_so():
    readiness = Readiness()
    assert await readiness.check(well)
    assert not await readiness.check(broken)
    assert await readiness.check(well)


async def test_the_log_says_once_what_a_server_lacks(caplog):
    readiness = Readiness()
    for ping in (well, broken, broken):
        await readiness.check(ping)
    lacking = "ready, but without users' voices and dictionaries: "
    assert caplog.messages == [lacking + "postgresql://ada@host/voices: no route to host"]
    await readiness.check(well)
    assert caplog.messages[1:] == ["the database answers again"]


async def test_a_server_that_stops_is_not_ready_and_asks_nobody():
    readiness = Readiness()
    readiness.stopping = True
    with pytest.raises(NotReady, match="stopping"):
        await readiness.check(lambda: pytest.fail("asked"))


async def test_a_database_that_hangs_is_asked_once_and_holds_up_no_probe():
    readiness, asked, go = Readiness(), list[bool](), asyncio.Event()

    async def hanging():
        asked.append(True)
        await go.wait()

    for _ in range(3):
        assert not await readiness.check(hanging, patience=0.01)
    assert len(asked) == 1
    go.set()
    for _ in range(2):
        assert await readiness.check(hanging, patience=60.0)
    assert len(asked) > 1
