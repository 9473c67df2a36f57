"""Work on a database that is waited for no longer than is sane, however dead the database is.

A server that is frozen, or behind a network that is, takes questions and never answers; drivers
wait for that without end. Closing the socket under a driver is what ends its waiting.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Engine, event

T = TypeVar("T")

_THREADS = 8
"""Questions that are asked at the same time."""

_PARTING = 1.0
"""Seconds in which a thread notices that its connection is closed."""


class NoAnswer(OSError):
    """The database does not answer."""


class Questioner:
    """Threads that wait for a database, and the connections that they wait at. Thread-safe.

    Args:
        patience: seconds for which one question may go without an answer.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="cartesia-database")
        self._lock = threading.Lock()
        self._users: dict[Any, int | None] = {}  # of connections: the threads that have them
        self._unhurried: set[int] = set()  # threads whose work would be in vain if it were cut off

    async def ask(self, work: Callable[..., T], *args: object) -> T:
        """Do some work on a thread.

        Raises:
            NoAnswer: it takes too long. What `work` raises, above all as its connection is cut.
        """
        asking: list[int] = []

        def asked() -> T:
            with self._lock:
                asking.append(threading.get_ident())
            try:
                return work(*args)
            finally:
                with self._lock:
                    asking.clear()  # from here on the thread works for somebody else

        answer = asyncio.get_running_loop().run_in_executor(self._threads, asked)
        try:
            done, _ = await asyncio.wait({answer}, timeout=self._patience)
            if not done:
                self._cut(asking)
                done, _ = await asyncio.wait({answer}, timeout=_PARTING)
            if not done:
                raise NoAnswer("no answer in time")
            return answer.result()
        finally:
            answer.cancel()

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Let what this thread does take its time: who asked is told in time, and it goes on.

        Only `close` cuts it off.
        """
        thread = threading.get_ident()
        with self._lock:
            self._unhurried.add(thread)
        try:
            yield
        finally:
            with self._lock:
                self._unhurried.remove(thread)

    def watch(self, engine: Engine) -> None:
        """Learn of the connections of an engine, and who uses them."""
        event.listen(engine, "connect", lambda line, _: self._note(line, threading.get_ident()))
        event.listen(engine, "checkout", lambda line, *_: self._note(line, threading.get_ident()))
        event.listen(engine, "checkin", lambda line, _: self._note(line, None))
        event.listen(engine, "close", lambda line, _: self._forget(line))

    def close(self) -> None:
        """Cut all connections and end the threads."""
        with self._lock:
            for line in self._users:
                _hang_up(line)
        self._threads.shutdown(cancel_futures=True)

    def _note(self, line: Any, user: int | None) -> None:
        with self._lock:
            if line is not None:
                self._users[line] = user

    def _forget(self, line: Any) -> None:
        with self._lock:
            self._users.pop(line, None)

    def _cut(self, threads: Sequence[int]) -> None:
        """Close the connections of threads, and the idle ones: they may be trying one of those."""
        with self._lock:
            hurried = [thread for thread in threads if thread not in self._unhurried]
            for line, user in self._users.items():
                if hurried and user in (*hurried, None):
                    _hang_up(line)


def _hang_up(line: Any) -> None:
    """Close the socket under a driver's connection, if it has one."""
    fileno = getattr(line, "fileno", None)
    if fileno is None:
        return
    # Each driver says in its own way that it is closed already.
    with suppress(Exception), socket.socket(fileno=os.dup(fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)
