"""Threads that run engine work piece by piece, fairly, for consumers on an event loop.

A job is an iterator; each `next` of it is one piece, made on some worker thread while the others
wait their turn. That is what lets ten streams start together instead of one after another, and
what makes cancelling cheap: a thread is never more than one piece away from being free.

Of the jobs under way, the one goes first whose listener would otherwise be the first to hear it
stop. Whoever waits for a first piece goes before them, unless one of them is short of time.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, TypeVar

from cartesia_server.engines.base import Cancelled, CancelToken

T = TypeVar("T")

SOON = 0.4
"""Seconds before a piece is due, from which on it takes turns with the first pieces of others."""

PATIENCE = 2.0
"""Seconds after which the next piece of a job is due in any case: nobody starves."""


class Busy(Exception):
    """More jobs wait than the pool accepts.

    Attributes:
        retry_after: seconds after which a new try is worth while.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too much work is waiting; try again in {retry_after:g} s")
        self.retry_after = retry_after


class WorkPool:
    """Worker threads shared by every stream of a server.

    Args:
        threads: pieces of work that run at the same time.
        max_queue: jobs that may wait for their first piece.
        buffer: finished pieces kept for a consumer; past that its job is parked, and costs
            nothing, until the consumer takes one.
    """

    def __init__(self, threads: int, *, max_queue: int = 200, buffer: int = 8) -> None:
        self._max_queue = max_queue
        self._buffer = buffer
        self._changed = threading.Condition()
        self._fresh: deque[Stream[Any]] = deque()
        self._begun: list[Stream[Any]] = []
        self._idle: deque[Stream[Any]] = deque()
        self._idling = False
        self._streams: set[Stream[Any]] = set()
        self._freshly = False  # whether the last piece was somebody's first
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"cartesia-work-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def stream(
        self,
        work: Callable[[CancelToken], Iterator[T]],
        *,
        lasts: Callable[[T], float] | None = None,
        idle: bool = False,
    ) -> Stream[T]:
        """Start a job whose pieces the caller takes as they are made.

        Must be called on a running event loop; the stream belongs to that loop.

        Args:
            work: makes the job's iterator. Called on a worker thread, so it may be slow.
            lasts: how many seconds a piece keeps its listener busy; without it, nobody listens.
            idle: work only while no other job waits, on one thread for all such jobs together.
                It counts in no queue.

        Raises:
            Busy: `max_queue` jobs already wait.
            Cancelled: the pool is closed.
        """
        stream = Stream(self, work, asyncio.get_running_loop(), lasts=lasts, idle=idle)
        with self._changed:
            if self._closed:
                raise Cancelled
            if not idle and len(self._fresh) >= self._max_queue:
                raise Busy(retry_after=1.0)
            self._streams.add(stream)
            (self._idle if idle else self._fresh).append(stream)
            self._changed.notify()
        return stream

    async def run(self, work: Callable[[CancelToken], T]) -> T:
        """Run one function on a worker thread and wait for what it returns.

        When the waiting task is cancelled, so is the token that `work` was given.

        Raises:
            Busy: `max_queue` jobs already wait.
            Cancelled: the pool was closed.
        """

        def once(cancel: CancelToken) -> Iterator[T]:
            yield work(cancel)

        async with self.stream(once) as results:
            return await anext(results)

    def close(self) -> None:
        """Cancel every job and end the threads, waiting for the pieces that are being made."""
        with self._changed:
            self._closed = True
            streams = list(self._streams)
            self._changed.notify_all()
        for stream in streams:
            stream.cancel()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (stream := self._next()) is not None:
            if not self._settle(stream, stream._make_piece()):
                stream._close_iterator()
            stream._wake()

    def _next(self) -> Stream[Any] | None:
        """Wait for a job that can run, in fair order; None once the pool is closed."""
        with self._changed:
            while not (self._fresh or self._begun or self._may_idle() or self._closed):
                self._changed.wait()
            due = min(self._begun, key=lambda stream: stream._due, default=None)
            urgent = due is not None and due._due < time.monotonic() + SOON
            self._freshly = bool(self._fresh) and not (urgent and self._freshly)
            if self._freshly:
                return self._fresh.popleft()
            if due is not None:
                self._begun.remove(due)
                return due
            if self._closed:
                return None
            self._idling = True
            return self._idle.popleft()

    def _may_idle(self) -> bool:
        return bool(self._idle) and not self._idling

    def _settle(self, stream: Stream[T], piece: _Piece[T] | _Outcome) -> bool:
        """Pass on what a thread got out of a job and queue or park it; whether it goes on."""
        with self._changed:
            if stream._idle:
                self._idling = False
            if isinstance(piece, _Piece) and not stream._token.cancelled:
                stream._pieces.append(piece.value)
                stream._reckon(piece.value)
                stream._parked = len(stream._pieces) >= self._buffer
                if not stream._parked:
                    self._queue(stream).append(stream)
                return True
            stream._outcome = piece if isinstance(piece, _Outcome) else _Outcome(Cancelled())
            self._streams.discard(stream)
            return False

    def _take(self, stream: Stream[T]) -> _Piece[T] | _Outcome | None:
        """The next piece, or how the job ended, or None; lets a parked job go on."""
        with self._changed:
            if not stream._pieces:
                return stream._outcome
            piece = _Piece(stream._pieces.popleft())
            if stream._parked:
                stream._parked = False
                stream._due = time.monotonic() + PATIENCE
                self._queue(stream).append(stream)
                self._changed.notify()
            return piece

    def _queue(self, stream: Stream[Any]) -> deque[Stream[Any]] | list[Stream[Any]]:
        """Where a job that has begun waits for its next piece."""
        return self._idle if stream._idle else self._begun

    def _withdraw(self, stream: Stream[Any]) -> None:
        """End a job; one that a thread is working on ends with its piece, by its token."""
        with self._changed:
            queues = (self._fresh, self._begun, self._idle)
            queue = next((queue for queue in queues if stream in queue), None)
            if queue is None and not stream._parked:
                return
            if queue is not None:
                queue.remove(stream)
            stream._parked = False
            stream._outcome = _Outcome(Cancelled())
            self._streams.discard(stream)
        stream._close_iterator()


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class _Outcome:
    error: BaseException


class Stream(Generic[T]):
    """The consumer's end of a job: an async iterator of its pieces.

    Use it as an async context manager: leaving the block cancels what is left. An exception that
    the work raised is raised here, after the pieces made before it.
    """

    def __init__(
        self,
        pool: WorkPool,
        work: Callable[[CancelToken], Iterator[T]],
        loop: asyncio.AbstractEventLoop,
        *,
        lasts: Callable[[T], float] | None,
        idle: bool,
    ) -> None:
        self._pool = pool
        self._work = work
        self._loop = loop
        self._lasts = lasts
        self._idle = idle
        self._arrived = asyncio.Event()
        self._token = CancelToken()
        self._iterator: Iterator[T] | None = None
        # These are touched under the pool's lock only.
        self._due = self._busy_until = 0.0
        self._pieces: deque[T] = deque()
        self._parked = False
        self._outcome: _Outcome | None = None

    async def __aenter__(self) -> Stream[T]:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()

    def __aiter__(self) -> Stream[T]:
        return self

    async def __anext__(self) -> T:
        await asyncio.sleep(0)  # a job that is always ready must not keep the loop from others
        while True:
            self._arrived.clear()
            piece = self._pool._take(self)
            if isinstance(piece, _Piece):
                return piece.value
            if piece is not None:
                if isinstance(piece.error, StopIteration):
                    raise StopAsyncIteration
                raise piece.error
            await self._arrived.wait()

    def cancel(self) -> None:
        """Stop the job within the piece being made. Safe to repeat, and after its end."""
        self._token.cancel()
        self._pool._withdraw(self)
        self._arrived.set()

    def _make_piece(self) -> _Piece[T] | _Outcome:
        try:
            self._token.raise_if_cancelled()
            if self._iterator is None:
                self._iterator = iter(self._work(self._token))
            return _Piece(next(self._iterator))
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the consumer gets it
            return _Outcome(error)

    def _reckon(self, piece: T) -> None:
        """Settle when the piece after this one is due."""
        now = time.monotonic()
        self._due = now + PATIENCE
        if self._lasts is not None:
            self._busy_until = max(self._busy_until, now) + self._lasts(piece)
            self._due = min(self._due, self._busy_until)

    def _close_iterator(self) -> None:
        close = getattr(self._iterator, "close", None)
        if close is not None:
            close()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the consumer's loop is gone, and the consumer with it
            self._loop.call_soon_threadsafe(self._arrived.set)
