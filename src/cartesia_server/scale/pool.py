"""Threads that run engine work piece by piece, fairly, for consumers on an event loop.

A job is an iterator; each `next` of it is one piece, made on some worker thread while the others
wait their turn. That is what lets ten streams start together instead of one after another, and
what makes cancelling cheap: a thread is never more than one piece away from being free.

Of the jobs under way, the one goes first whose listener would otherwise be the first to hear it
stop. Whoever waits for a first piece goes before them, unless one of them is short of time.

Recognition computes on every core. While it works for somebody who is speaking, speech that is well
ahead of its listener waits: beside it, the one would take longer, and the other be heard no sooner.
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
from typing import Any, Generic, Protocol, TypeVar

from cartesia_server.engines.base import Cancelled, CancelToken

T = TypeVar("T")

SOON = 0.4
"""Seconds before a piece is due, from which on it takes turns with the first pieces of others."""

PATIENCE = 2.0
"""Seconds after which the next piece of a job is due in any case: nobody starves. Who has more than
that to listen to can wait."""


_THREAD = "cartesia-work"


def left_at_work() -> bool:
    """Whether a thread of any pool in this process is alive: of one that is closed, at a piece."""
    return any(thread.name.startswith(_THREAD) for thread in threading.enumerate())


class Busy(Exception):
    """More jobs wait than the pool accepts.

    Attributes:
        retry_after: seconds after which a new try is worth while.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too much work is waiting; try again in {retry_after:g} s")
        self.retry_after = retry_after


class PoolObserver(Protocol):
    """Is told what a pool does, on whatever thread does it; times are seconds."""

    def waited(self, kind: str, seconds: float) -> None:
        """A job waited so long for its first turn on a thread."""

    def worked(self, kind: str, seconds: float) -> None:
        """A thread was busy with a job for so long."""

    def cancelled(self, kind: str) -> None:
        """A job was cancelled before its end."""

    def freed(self, kind: str, seconds: float) -> None:
        """The thread that a cancelled job had was free again so long after."""

    def stalled(self, seconds: float) -> None:
        """A piece came so long after its listener had heard all before it."""


@dataclass(frozen=True)
class PoolLoad:
    """How many jobs a pool has, by what they do.

    Attributes:
        waiting: for their first turn on a thread.
        working: on a thread.
        ready: for their next turn on a thread.
        parked: until their consumer takes a piece.
        idle: until no other job wants a thread.
    """

    waiting: int
    working: int
    ready: int
    parked: int
    idle: int

    @property
    def in_hand(self) -> int:
        """All of them."""
        return self.waiting + self.working + self.ready + self.parked + self.idle


class WorkPool:
    """Worker threads shared by every stream of a server.

    Args:
        threads: pieces of work that run at the same time.
        max_queue: jobs that may wait for their first piece.
        buffer: finished pieces kept for a consumer; past that its job is parked, and costs
            nothing, until the consumer takes one.
        observer: is told how it goes.

    Attributes:
        begun: how many jobs it was ever given.
    """

    def __init__(
        self,
        threads: int,
        *,
        max_queue: int = 200,
        buffer: int = 8,
        observer: PoolObserver | None = None,
    ) -> None:
        self.begun = 0
        self._max_queue = max_queue
        self._buffer = buffer
        self._observer = observer or _Unobserved()
        self._changed = threading.Condition()
        self._fresh: deque[Stream[Any]] = deque()
        self._begun: list[Stream[Any]] = []
        self._idle: deque[Stream[Any]] = deque()
        self._idling = False
        self._streams: set[Stream[Any]] = set()
        self._freshly = False  # whether the last piece was somebody's first
        self._pressing = 0  # jobs on a thread that others wait for
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{_THREAD}-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def stream(
        self,
        work: Callable[[CancelToken], Iterator[T]],
        *,
        kind: str = "other",
        lasts: Callable[[T], float] | None = None,
        idle: bool = False,
        pressing: bool = False,
    ) -> Stream[T]:
        """Start a job whose pieces the caller takes as they are made.

        Must be called on a running event loop; the stream belongs to that loop.

        Args:
            work: makes the job's iterator. Called on a worker thread, so it may be slow.
            kind: what the observer calls such work; one of a few words.
            lasts: how many seconds a piece keeps its listener busy; without it, nobody listens.
            idle: work only while no other job waits, on one thread for all such jobs together.
                It counts in no queue.
            pressing: whether speech that is well ahead of its listener waits while it works.

        Raises:
            Busy: `max_queue` jobs already wait.
            Cancelled: the pool is closed.
        """
        stream = Stream(
            self,
            work,
            asyncio.get_running_loop(),
            kind=kind,
            lasts=lasts,
            idle=idle,
            pressing=pressing,
        )
        with self._changed:
            if self._closed:
                raise Cancelled
            if not idle and len(self._fresh) >= self._max_queue:
                raise Busy(retry_after=1.0)
            self.begun += 1
            self._streams.add(stream)
            (self._idle if idle else self._fresh).append(stream)
            self._changed.notify()
        return stream

    async def run(
        self, work: Callable[[CancelToken], T], *, kind: str = "other", pressing: bool = False
    ) -> T:
        """Run one function on a worker thread and wait for what it returns. See `stream`.

        When the waiting task is cancelled, so is the token that `work` was given.

        Raises:
            Busy: `max_queue` jobs already wait.
            Cancelled: the pool was closed.
        """

        def once(cancel: CancelToken) -> Iterator[T]:
            yield work(cancel)

        async with self.stream(once, kind=kind, pressing=pressing) as results:
            return await anext(results)

    def load(self) -> PoolLoad:
        """Count the jobs in hand. From any thread."""
        with self._changed:
            waiting, ready, idle = map(len, (self._fresh, self._begun, self._idle))
            parked = sum(stream._parked for stream in self._streams)
            working = len(self._streams) - waiting - ready - idle - parked
        return PoolLoad(waiting, working, ready, parked, idle)

    def close(self, patience: float | None = None) -> None:
        """Cancel every job and end the threads, waiting for the pieces that are being made.

        Args:
            patience: seconds to wait at most; by default as long as it takes. Some work, such as
                Whisper's on a window, cannot be interrupted.
        """
        with self._changed:
            self._closed = True
            streams = list(self._streams)
            self._changed.notify_all()
        for stream in streams:
            stream.cancel()
        until = None if patience is None else time.monotonic() + patience
        for thread in self._threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (stream := self._next()) is not None:
            begun = time.monotonic()
            if stream._iterator is None:
                self._observer.waited(stream._kind, begun - stream._asked_at)
            piece = stream._make_piece()
            self._observer.worked(stream._kind, time.monotonic() - begun)
            if not self._settle(stream, piece):
                stream._close_iterator()
                if stream._cancelled_at is not None:
                    self._observer.freed(stream._kind, time.monotonic() - stream._cancelled_at)
            stream._wake()

    def _next(self) -> Stream[Any] | None:
        """Wait for a job that can run, in fair order; None once the pool is closed."""
        with self._changed:
            while (stream := self._chosen()) is None and not self._closed:
                self._changed.wait(self._wait())
            if stream is not None:
                self._pressing += stream._pressing
            return stream

    def _chosen(self) -> Stream[Any] | None:
        """Take the job whose turn it is out of its queue; None if all can wait."""
        now = time.monotonic()
        wanted = [stream for stream in self._begun if not (self._pressing and stream._ahead(now))]
        due = min(wanted, key=lambda stream: stream._due, default=None)
        urgent = due is not None and due._due < now + SOON
        self._freshly = bool(self._fresh) and not (urgent and self._freshly)
        if self._freshly:
            return self._fresh.popleft()
        if due is not None:
            self._begun.remove(due)
            return due
        if self._begun or self._closed or not self._may_idle():
            return None
        self._idling = True
        return self._idle.popleft()

    def _wait(self) -> float | None:
        """Seconds until a job that is ahead of its listener is so no longer; None without one."""
        if not self._begun:
            return None
        return max(0.0, min(map(Stream._ahead_until, self._begun)) - time.monotonic())

    def _may_idle(self) -> bool:
        return bool(self._idle) and not self._idling

    def _settle(self, stream: Stream[T], piece: _Piece[T] | _Outcome) -> bool:
        """Pass on what a thread got out of a job and queue or park it; whether it goes on."""
        with self._changed:
            if stream._idle:
                self._idling = False
            if stream._pressing:
                self._pressing -= 1
                self._changed.notify_all()
            if isinstance(piece, _Piece) and not stream._token.cancelled:
                is_next = not stream._pieces
                stream._pieces.append(piece.value)
                silence = stream._reckon(piece.value)
                if silence > 0 and is_next:
                    self._observer.stalled(silence)
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

    def _withdraw(self, stream: Stream[Any], *, given_up: bool) -> None:
        """End a job; one that a thread is working on ends with its piece, by its token.

        Args:
            stream: of the job.
            given_up: whether its consumer wanted more of it.
        """
        with self._changed:
            if given_up and stream._outcome is None and stream._cancelled_at is None:
                stream._cancelled_at = time.monotonic()
                self._observer.cancelled(stream._kind)
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


class _Unobserved:
    """A `PoolObserver` that nobody asks."""

    def waited(self, kind: str, seconds: float) -> None: ...
    def worked(self, kind: str, seconds: float) -> None: ...
    def cancelled(self, kind: str) -> None: ...
    def freed(self, kind: str, seconds: float) -> None: ...
    def stalled(self, seconds: float) -> None: ...


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
        kind: str,
        lasts: Callable[[T], float] | None,
        idle: bool,
        pressing: bool,
    ) -> None:
        self._pool = pool
        self._work = work
        self._loop = loop
        self._kind = kind
        self._lasts = lasts
        self._idle = idle
        self._pressing = pressing
        self._arrived = asyncio.Event()
        self._token = CancelToken()
        self._iterator: Iterator[T] | None = None
        self._asked_at = time.monotonic()
        # These are touched under the pool's lock only.
        self._due = self._busy_until = 0.0
        self._heard = False  # whether a piece that lasts was made
        self._cancelled_at: float | None = None
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
        self._stop(given_up=error is not None)

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
        self._stop(given_up=True)

    def _stop(self, *, given_up: bool) -> None:
        self._token.cancel()
        self._pool._withdraw(self, given_up=given_up)
        self._arrived.set()

    def _make_piece(self) -> _Piece[T] | _Outcome:
        try:
            self._token.raise_if_cancelled()
            if self._iterator is None:
                self._iterator = iter(self._work(self._token))
            return _Piece(next(self._iterator))
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the consumer gets it
            return _Outcome(error)

    def _reckon(self, piece: T) -> float:
        """Settle when the piece after this one is due; for how long this one was overdue."""
        now, silence = time.monotonic(), 0.0
        self._due = now + PATIENCE
        if self._lasts is not None:
            seconds = self._lasts(piece)
            if seconds and self._heard:
                silence = max(0.0, now - self._busy_until)
            self._heard = self._heard or seconds > 0
            self._busy_until = max(self._busy_until, now) + seconds
            self._due = min(self._due, self._busy_until)
        return silence

    def _ahead(self, now: float) -> bool:
        """Whether its listener, and it, can wait for the next piece."""
        return now < self._ahead_until()

    def _ahead_until(self) -> float:
        return min(self._due, self._busy_until - PATIENCE)

    def _close_iterator(self) -> None:
        close = getattr(self._iterator, "close", None)
        if close is not None:
            close()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the consumer's loop is gone, and the consumer with it
            self._loop.call_soon_threadsafe(self._arrived.set)
