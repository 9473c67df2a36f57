"""Pieces are made on threads that the tests hold back with gates, so no test depends on timing."""

import asyncio
import threading

import pytest

from cartesia_server.engines.base import Cancelled
from cartesia_server.scale import pool as pool_module
from cartesia_server.scale.pool import Busy, PoolLoad, WorkPool

pytestmark = pytest.mark.anyio


@pytest.fixture
def pool():
    pool = WorkPool(1, max_queue=12, buffer=2)
    yield pool
    pool.close()


class Clock:
    """The time, as the pool sees it."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pool_module, "time", clock)
    return clock


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


class Gate:
    """Work that occupies the pool's only thread until it is opened."""

    def __init__(self):
        self.entered = threading.Event()
        self._open = threading.Event()

    def __call__(self, cancel):
        self.entered.set()
        self._open.wait()

    def open(self):
        self._open.set()


async def held(pool):
    """Start a gate on the pool and wait until its thread is inside."""
    gate = Gate()
    task = asyncio.create_task(pool.run(gate))
    await asyncio.to_thread(gate.entered.wait)
    return gate, task


def noting(log, name, *seconds, meanwhile=lambda: None):
    """Work whose pieces last so many seconds each, and whose turns are noted."""

    def pieces(cancel):
        for size in seconds:
            log.append(name)
            meanwhile()
            yield size

    return pieces


async def test_pieces_arrive_in_order_and_the_stream_ends(pool):
    async with pool.stream(lambda cancel: iter(range(20))) as stream:
        assert [n async for n in stream] == list(range(20))
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_error_arrives_after_the_pieces_before_it(pool):
    def work(cancel):
        yield 1
        raise ZeroDivisionError

    stream = pool.stream(work)
    assert await anext(stream) == 1
    with pytest.raises(ZeroDivisionError):
        await anext(stream)


async def test_error_while_starting_reaches_the_consumer(pool):
    with pytest.raises(ZeroDivisionError):
        await pool.run(lambda cancel: 1 // 0)
    assert await pool.run(lambda cancel: "still alive") == "still alive"


async def test_first_pieces_come_before_second_ones(pool):
    """Ten streams that start together all get their first piece before any gets its second."""
    log = []

    def work(name):
        def pieces(cancel):
            for n in range(2):
                log.append((n, name))
                yield 10.0

        return pieces

    gate, task = await held(pool)
    streams = [pool.stream(work(name), lasts=float) for name in range(10)]
    gate.open()
    await task
    for stream in streams:
        assert [n async for n in stream] == [10.0, 10.0]
    assert [n for n, _ in log] == [0] * 10 + [1] * 10


async def test_a_stream_that_is_short_of_sound_takes_turns_with_newcomers(clock):
    pool = WorkPool(1)
    log: list[str] = []

    try:
        gate, task = await held(pool)
        streams = [
            pool.stream(noting(log, name, *[seconds] * 3), lasts=float)
            for name, seconds in [("ample", 10.0), ("short", 0.01), ("new", 10.0), ("newer", 10.0)]
        ]
        gate.open()
        await task
        await asyncio.gather(*(_drain(stream) for stream in streams))
    finally:
        pool.close()
    assert log[:6] == ["ample", "short", "short", "new", "short", "newer"]


async def test_who_runs_out_of_sound_first_goes_first(clock):
    pool = WorkPool(1)
    log: list[str] = []

    try:
        gate, task = await held(pool)
        streams = [
            pool.stream(noting(log, "a", 0.9, 0.1, 0.1), lasts=float),
            pool.stream(noting(log, "b", 0.5, 0.7, 0.1), lasts=float),
            pool.stream(noting(log, "c", 0.7, 0.7, 0.1), lasts=float),
        ]
        gate.open()
        await task
        await asyncio.gather(*(_drain(stream) for stream in streams))
    finally:
        pool.close()
    # sound until: a 0.9, b 0.5, c 0.7; then b 1.2; c 1.4; a 1.0; a 1.1
    assert log == ["a", "b", "c", "b", "c", "a", "a", "b", "c"]


async def test_where_nobody_listens_a_job_has_its_turn_too(clock):
    pool = WorkPool(1)
    log: list[str] = []

    def pass_time():
        clock.now += 0.5

    try:
        gate, task = await held(pool)
        heard, batch = (
            noting(log, name, *[0.6] * 9, meanwhile=pass_time) for name in ("heard", "batch")
        )
        streams = [pool.stream(heard, lasts=float), pool.stream(batch)]
        gate.open()
        await task
        await asyncio.gather(*(_drain(stream) for stream in streams))
    finally:
        pool.close()
    assert log[:8] == ["heard", "batch", "heard", "heard", "heard", "batch", "heard", "heard"]


async def test_running_streams_take_turns(pool):
    log = []

    def work(name):
        def pieces(cancel):
            for _ in range(4):
                log.append(name)
                yield

        return pieces

    gate, task = await held(pool)
    streams = [pool.stream(work(name)) for name in "ab"]
    gate.open()
    await task
    await asyncio.gather(*(_drain(stream) for stream in streams))
    assert sorted(log[:2]) == ["a", "b"]
    assert log.count("a") == log.count("b") == 4


async def test_newcomers_do_not_starve_a_running_stream(pool):
    """With a crowd of newcomers waiting, a stream under way still gets its turns."""
    log = []
    ready = threading.Event()

    def old(cancel):
        yield
        ready.wait()
        for _ in range(3):
            log.append("old")
            yield

    def new(cancel):
        log.append("new")

    running = pool.stream(old, lasts=lambda piece: 0.0)
    await anext(running)
    crowd = [asyncio.create_task(pool.run(new)) for _ in range(9)]
    await asyncio.sleep(0)
    ready.set()
    await asyncio.gather(_drain(running), *crowd)
    assert log.index("old", 1) <= 4


async def test_full_buffer_parks_the_job_and_taking_resumes_it(pool):
    made = []

    def work(cancel):
        for n in range(5):
            made.append(n)
            yield n

    stream = pool.stream(work, lasts=lambda piece: 0.0)  # it takes turns with the runs below
    assert await anext(stream) == 0
    await pool.run(lambda cancel: None)  # lets the worker go round more than once
    await pool.run(lambda cancel: None)
    await pool.run(lambda cancel: None)
    assert made == [0, 1, 2]  # one taken, two in the buffer
    assert [n async for n in stream] == [1, 2, 3, 4]


async def test_parked_job_frees_the_thread_for_others(pool):
    stalled = pool.stream(lambda cancel: iter(range(100)))
    async with pool.stream(lambda cancel: iter(range(50))) as other:
        assert len([n async for n in other]) == 50
    stalled.cancel()


async def test_cancel_while_a_piece_is_made_stops_the_job_there(pool):
    inside, go, closed = threading.Event(), threading.Event(), threading.Event()

    def work(cancel):
        try:
            yield 0
            inside.set()
            go.wait()
            yield 1
            raise AssertionError("a piece after cancel")
        finally:
            closed.set()

    async with pool.stream(work) as stream:
        await anext(stream)
        await asyncio.to_thread(inside.wait)
    go.set()
    await asyncio.to_thread(closed.wait)
    with pytest.raises(Cancelled):
        await anext(stream)


@pytest.mark.parametrize("pieces_first", [0, 2])
async def test_cancel_of_a_waiting_or_parked_job_closes_it(pool, pieces_first):
    closed = threading.Event()

    def work(cancel):
        try:
            yield from range(10)
        finally:
            closed.set()

    stream = pool.stream(work)
    await anext(stream)
    for _ in range(pieces_first):
        await pool.run(lambda cancel: None)
    stream.cancel()
    stream.cancel()
    await asyncio.to_thread(closed.wait)


async def test_cancelled_before_its_turn_never_starts(pool):
    gate, task = await held(pool)
    started = []

    def work(cancel):
        started.append(True)
        yield

    stream = pool.stream(work)
    stream.cancel()
    gate.open()
    await task
    await pool.run(lambda cancel: None)
    assert not started


async def test_cancelled_task_flips_the_token_of_its_work(pool):
    tokens = []
    entered, seen = threading.Event(), threading.Event()

    def work(cancel):
        tokens.append(cancel)
        entered.set()
        while not cancel.cancelled:
            pass
        seen.set()

    task = asyncio.create_task(pool.run(work))
    await asyncio.to_thread(entered.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(seen.wait)
    assert tokens[0].cancelled


async def test_idle_jobs_work_while_no_other_waits(pool):
    log = []

    def work(name):
        def pieces(cancel):
            for _ in range(2):
                log.append(name)
                yield

        return pieces

    gate, task = await held(pool)
    idle = pool.stream(work("idle"), idle=True)
    busy = pool.stream(work("busy"))
    gate.open()
    await task
    await asyncio.gather(_drain(idle), _drain(busy))
    assert log == ["busy"] * 2 + ["idle"] * 2


async def test_idle_jobs_never_take_more_than_one_thread():
    pool = WorkPool(2)
    gate = Gate()
    try:
        idle = [pool.stream(lambda cancel: iter([gate(cancel)]), idle=True) for _ in range(2)]
        await asyncio.to_thread(gate.entered.wait)
        assert await pool.run(lambda cancel: "free") == "free"
        gate.open()
        await asyncio.gather(*map(_drain, idle))
    finally:
        gate.open()
        await asyncio.to_thread(pool.close)


async def test_idle_jobs_count_in_no_queue_and_can_be_cancelled(pool):
    gate, task = await held(pool)
    idle = [pool.stream(lambda cancel: iter(range(3)), idle=True) for _ in range(20)]
    for stream in idle[1:]:
        stream.cancel()
    gate.open()
    await task
    assert [n async for n in idle[0]] == [0, 1, 2]
    with pytest.raises(Cancelled):
        await anext(idle[1])


async def test_a_parked_idle_job_goes_on_when_its_pieces_are_taken(pool):
    stream = pool.stream(lambda cancel: iter(range(9)), idle=True)
    assert await anext(stream) == 0
    for _ in range(3):
        await pool.run(lambda cancel: None)
    assert [n async for n in stream] == list(range(1, 9))


async def test_full_queue_is_refused_with_a_time_to_retry(pool):
    gate, task = await held(pool)
    waiting = [pool.stream(lambda cancel: iter(())) for _ in range(12)]
    with pytest.raises(Busy) as refusal:
        pool.stream(lambda cancel: iter(()))
    assert refusal.value.retry_after > 0
    gate.open()
    await task
    for stream in waiting:
        await _drain(stream)


async def test_close_ends_waiting_consumers_and_refuses_new_work():
    pool = WorkPool(1, buffer=1)
    stalled = pool.stream(lambda cancel: iter(range(9)))
    assert await anext(stalled) == 0
    await asyncio.to_thread(pool.close)
    with pytest.raises(Cancelled):
        await _drain(stalled)
    with pytest.raises(Cancelled):
        pool.stream(lambda cancel: iter(()))


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
    await _drain(stream)
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
        await _drain(stream)
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
    await _drain(stream)
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
        await _drain(waiting)
        await _drain(idle)
        await pool.run(lambda cancel: None)
        assert pool.load() == PoolLoad(waiting=0, working=0, ready=0, parked=0, idle=0)
    finally:
        await asyncio.to_thread(pool.close)


async def _drain(stream):
    async for _ in stream:
        pass
