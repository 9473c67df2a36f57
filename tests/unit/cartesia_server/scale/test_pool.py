"""Pieces are made on threads that the tests hold back with gates, so no test depends on timing."""

import asyncio
import threading

import pytest

from cartesia_server.engines.base import Cancelled
from cartesia_server.scale.pool import Busy, WorkPool, left_at_work
from tests.unit.cartesia_server.scale.gates import Gate, drain, held

pytestmark = pytest.mark.anyio


@pytest.fixture
def pool():
    pool = WorkPool(1, max_queue=12, buffer=2)
    yield pool
    pool.close()


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
        await asyncio.gather(*(drain(stream) for stream in streams))
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
        await asyncio.gather(*(drain(stream) for stream in streams))
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
        await asyncio.gather(*(drain(stream) for stream in streams))
    finally:
        pool.close()
    assert log[:8] == ["heard", "batch", "heard", "heard", "heard", "batch", "heard", "heard"]


async def test_speech_that_is_ahead_waits_while_somebody_is_listened_to(clock):
    pool = WorkPool(2)
    log: list[str] = []
    gate, task = await held(pool, pressing=True)
    try:
        ahead = pool.stream(noting(log, "ahead", 3.0, 3.0, 3.0), lasts=float)
        short = pool.stream(noting(log, "short", 0.5, 0.5, 0.5), lasts=float)
        await drain(short)
        for _ in range(20):
            await pool.run(lambda cancel: None)
        assert log.count("ahead") == 1
        gate.open()
        await task
        await drain(ahead)
    finally:
        gate.open()
        pool.close()
    assert log.count("ahead") == 3


@pytest.mark.parametrize("passed", [1.1, 2.1], ids=["until little is left", "or for so long"])
async def test_speech_that_is_ahead_does_not_wait_for_ever(clock, passed):
    pool = WorkPool(2)
    sizes = [3.0 if passed == 1.1 else 30.0] * 2
    gate, task = await held(pool, pressing=True)
    try:
        ahead = pool.stream(noting([], "ahead", *sizes), lasts=float)
        await anext(ahead)
        clock.now += passed
        await pool.run(lambda cancel: None)
        await anext(ahead)
    finally:
        gate.open()
        await task
        pool.close()


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
    await asyncio.gather(*(drain(stream) for stream in streams))
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
    await asyncio.gather(drain(running), *crowd)
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
    await asyncio.gather(drain(idle), drain(busy))
    assert log == ["busy"] * 2 + ["idle"] * 2


async def test_idle_jobs_never_take_more_than_one_thread():
    pool = WorkPool(2)
    gate = Gate()
    try:
        idle = [pool.stream(lambda cancel: iter([gate(cancel)]), idle=True) for _ in range(2)]
        await asyncio.to_thread(gate.entered.wait)
        assert await pool.run(lambda cancel: "free") == "free"
        gate.open()
        await asyncio.gather(*map(drain, idle))
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
        await drain(stream)


async def test_a_piece_that_cannot_be_interrupted_is_waited_for_no_longer_than_wished():
    pool = WorkPool(1)
    gate, task = await held(pool)
    await asyncio.to_thread(pool.close, 0.0)
    assert left_at_work()
    gate.open()
    await asyncio.to_thread(pool.close)
    # Servers of other tests in this process may have threads of their own.
    assert not any(thread.is_alive() for thread in pool._threads)
    with pytest.raises(Cancelled):
        await task


async def test_close_ends_waiting_consumers_and_refuses_new_work():
    pool = WorkPool(1, buffer=1)
    stalled = pool.stream(lambda cancel: iter(range(9)))
    assert await anext(stalled) == 0
    await asyncio.to_thread(pool.close)
    with pytest.raises(Cancelled):
        await drain(stalled)
    with pytest.raises(Cancelled):
        pool.stream(lambda cancel: iter(()))
