"""Items go out in a thread, and whatever goes wrong there is told."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from cartesia.core.api_error import WebSocketClosedError
from cartesia.core.socket_feeder import async_feeding, feed_in_background, feeding, iterate

name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="nobody")


class Log:
    """What a feeder did."""

    def __init__(self, wanted: int = 100) -> None:
        self.items: list[Any] = []
        self.ended = threading.Event()
        self.closed = False
        self.outcome: Any = None
        self._wanted = wanted

    def send(self, item: Any) -> bool:
        self.items.append(item)
        return len(self.items) < self._wanted

    def finish(self) -> None:
        self.outcome = "finished"

    def fail(self, error: BaseException) -> None:
        self.outcome = error

    def feed(self, items: Iterator[Any]) -> None:
        feed_in_background(self._watch(items), self.send, self.finish, self.fail)
        assert self.ended.wait(10)

    def _watch(self, items: Iterator[Any]) -> Iterator[Any]:
        try:
            yield from items
        except GeneratorExit:
            self.closed = True
            raise
        finally:
            self.ended.set()


def wait_for_outcome(log: Log) -> Any:
    for thread in threading.enumerate():
        if thread.name == "cartesia-feeder":
            thread.join(10)
    return log.outcome


def test_items_go_out_in_order_and_then_the_end() -> None:
    log = Log()
    log.feed(iter([1, 2, 3]))
    assert wait_for_outcome(log) == "finished"
    assert log.items == [1, 2, 3]


def test_feeding_stops_when_no_more_is_wanted_and_closes_the_generator() -> None:
    log = Log(wanted=2)
    log.feed(iter([1, 2, 3]))
    assert wait_for_outcome(log) is None
    assert log.items == [1, 2]
    assert log.closed


def test_what_the_iterator_raises_is_told() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("no more words")

    log = Log()
    log.feed(items())
    assert isinstance(wait_for_outcome(log), LookupError)


def test_an_iterator_that_is_no_generator_is_left_as_it_is() -> None:
    log = Log()
    feed_in_background(iter([1]), log.send, log.finish, log.fail)
    assert wait_for_outcome(log) == "finished"


def test_context_variables_are_those_of_the_caller() -> None:
    token = name.set("caller")
    try:
        log = Log()
        log.feed(name.get() for _ in range(1))
    finally:
        name.reset(token)
    wait_for_outcome(log)
    assert log.items == ["caller"]


@pytest.mark.anyio
async def test_iterables_of_both_kinds_are_iterated_and_generators_closed() -> None:
    closed = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append("async")

    def plain() -> Iterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append("sync")

    for items in (numbers(), plain(), [1, 2]):
        assert [item async for item in iterate(items)] == [1, 2]
    for items in (numbers(), plain()):
        async with aclosing(iterate(items)) as stream:
            assert await anext(stream) == 1
    assert closed == ["async", "sync"] * 2


def test_a_list_is_sent_at_once_and_an_iterator_beside_the_block() -> None:
    log = Log()
    with feeding([1, 2, 3], log.send, log.finish, log.fail):
        assert (log.items, log.outcome) == ([1, 2, 3], "finished")
    log = Log()
    with feeding(iter([1, 2, 3]), log.send, log.finish, log.fail):
        assert wait_for_outcome(log) == "finished"
    assert log.items == [1, 2, 3]


def test_what_fails_while_a_list_is_sent_is_for_the_reader_to_raise() -> None:
    def send(_: int) -> bool:
        raise WebSocketClosedError("gone")

    log = Log()
    with feeding([1], send, log.finish, log.fail):
        assert str(log.outcome) == "gone"


@pytest.mark.anyio
async def test_a_task_sends_until_no_more_is_wanted_or_the_block_ends() -> None:
    sent: list[int] = []
    outcome: list[Any] = []
    settled, begun = asyncio.Event(), asyncio.Event()

    async def send(item: int) -> bool:
        sent.append(item)
        return len(sent) < 5

    async def finish() -> None:
        outcome.append("finished")
        settled.set()

    def fail(error: BaseException) -> None:
        outcome.append(error)
        settled.set()

    def broken() -> Iterator[int]:
        yield 3
        raise LookupError("no more words")

    async def endless() -> AsyncIterator[int]:
        try:
            yield 4
            begun.set()
            await asyncio.Event().wait()
        finally:
            outcome.append("closed")

    for items in ([1, 2], broken()):
        settled.clear()
        async with async_feeding(items, send, finish, fail):
            await settled.wait()
    async with async_feeding(endless(), send, finish, fail):
        await begun.wait()
    assert sent == [1, 2, 3, 4]
    assert outcome[0] == "finished"
    assert isinstance(outcome[1], LookupError)
    assert outcome[2:] == ["closed"]
