"""What a pool tells its observer, and how it counts its jobs."""

import asyncio
import threading

import pytest

from cartesia_server.scale.pool import PoolLoad, WorkPool
from tests.unit.cartesia_server.scale.gates import drain, held

pytestmark = pytest.mark.anyio


class Notebook:
    """What a pool told its observer."""

    def __init__(self):
        self.told: list[tuple[object, ...]] = []

    def waited(self, kind, seconds):
        self.told.append(("waited", kind, seconds))

    def worked(self, kind, seconds):
        self.told.append(("worked", kind, seconds))

    def cancelled(self, kind):
        self.told.append(("cancelled", kind))

    def freed(self, kind, seconds):
        self.told.append(("freed", kind, seconds))

    def stalled(self, seconds):
        self.told.append(("stalled", seconds))

    def of(self, what):
        return [told[1:] for told in self.told if told[0] == what]


@pytest.fixture
def notebook():
    return Notebook()


@pytest.fixture
def observed(notebook):
    pool = WorkPool(1, buffer=8, observer=notebook)
    yield pool
    pool.close()


async def test_waiting_and_working_are_told(observed, notebook, clock):
    gate, task = await held(observed)

    def work(cancel):
        clock.now += 2.0
        yield
        clock.now += 3.0

    stream = observed.stream(work, kind="speech")
    clock.now += 5.0
    gate.open()
    await task
    await drain(stream)
    assert notebook.of("waited") == [("other", 0.0), ("speech", 5.0)]
    assert [told for told in notebook.of("worked") if told[0] == "speech"] == [
        ("speech", 2.0),
        ("speech", 3.0),
    ]
    assert notebook.of("cancelled") == []


async def test_what_a_cancel_took_is_told(observed, notebook, clock):
    inside, go = threading.Event(), threading.Event()

    def work(cancel):
        inside.set()
        go.wait()
        clock.now += 0.25
        yield

    stream = observed.stream(work, kind="speech")
    waiting = observed.stream(work, kind="upload")
    await asyncio.to_thread(inside.wait)
    stream.cancel()
    stream.cancel()
    waiting.cancel()
    go.set()
    await observed.run(lambda cancel: None)
    stream.cancel()
    assert notebook.of("cancelled") == [("speech",), ("upload",)]
    assert notebook.of("freed") == [("speech", 0.25)]


async def test_a_consumer_that_has_what_it_wanted_cancels_nothing(observed, notebook):
    assert await observed.run(lambda cancel: "it") == "it"
    async with observed.stream(lambda cancel: iter(range(3))) as stream:
        await anext(stream)
    async with observed.stream(lambda cancel: iter(range(3))) as stream:
        await drain(stream)
    stream.cancel()
    await observed.run(lambda cancel: None)
    assert notebook.of("cancelled") == []
    assert notebook.of("freed") == []


async def test_leaving_in_the_middle_with_an_error_cancels(observed, notebook):
    with pytest.raises(ZeroDivisionError):
        async with observed.stream(lambda cancel: iter(range(99)), kind="speech") as stream:
            await anext(stream)
            raise ZeroDivisionError
    assert notebook.of("cancelled") == [("speech",)]


class Listener:
    """Work that takes so many seconds for a piece that lasts so many, and takes each at once."""

    def __init__(self, clock, *pieces):
        self._clock = clock
        self._pieces = pieces
        self._taken = threading.Semaphore()

    def __call__(self, cancel):
        for took, lasts in self._pieces:
            self._taken.acquire()
            self._clock.now += took
            yield lasts

    async def listen(self, stream):
        async for _ in stream:
            self._taken.release()


async def test_gaps_that_a_listener_hears_are_told(observed, notebook, clock):
    # The first piece may take its time; what is made ahead covers for what comes late.
    pieces = [(3.0, 0.0), (1.0, 1.0), (0.5, 1.0), (1.5, 1.0), (1.25, 1.0), (9.0, 0.0)]
    listener = Listener(clock, *pieces)
    await listener.listen(observed.stream(listener, lasts=float))
    assert notebook.of("stalled") == [(0.25,)]


async def test_where_nobody_listens_nothing_stalls(observed, notebook, clock):
    listener = Listener(clock, (1.0, 0.1), (5.0, 0.1))
    await listener.listen(observed.stream(listener))
    assert notebook.of("stalled") == []


async def test_who_reads_slowly_has_sound_left(observed, notebook, clock):
    """What was made and not yet taken is heard first."""
    made = threading.Event()

    def work(cancel):
        for _ in range(3):
            clock.now += 9.0
            yield 0.5
        made.set()

    stream = observed.stream(work, lasts=float)
    await asyncio.to_thread(made.wait)
    await drain(stream)
    assert notebook.of("stalled") == []


async def test_jobs_are_counted_by_what_they_do():
    pool = WorkPool(1, buffer=1)
    try:
        parked = pool.stream(lambda cancel: iter(range(9)))
        await anext(parked)
        for _ in range(3):
            await pool.run(lambda cancel: None)
        gate, task = await held(pool)
        waiting = pool.stream(lambda cancel: iter(()))
        idle = pool.stream(lambda cancel: iter(()), idle=True)
        assert pool.load() == PoolLoad(waiting=1, working=1, ready=0, parked=1, idle=1)
        parked.cancel()
        gate.open()
        await task
        await drain(waiting)
        await drain(idle)
        await pool.run(lambda cancel: None)
        assert pool.load() == PoolLoad(waiting=0, working=0, ready=0, parked=0, idle=0)
    finally:
        await asyncio.to_thread(pool.close)
