"""A WebSocket for threads: whichever thread waits reads the socket, for itself and for the others.

There is no thread behind it. Of the threads that wait for something, one leads: it reads, and
what it reads may be for others, whom it wakes. When it has what it waited for, another one leads.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

from .api_error import ApiConnectionError, WebSocketError
from .socket_config import Patience, SocketConfig
from .socket_connection import Connection, open_connection
from .socket_inbox import WAIT, Conversation, Inbox, Signal, Source
from .socket_protocol import INVALID_DATA

GOODBYE_SECONDS = 1.0
"""How long `close` waits for the server's answer."""

Item = TypeVar("Item")


class SyncSocket:
    """A socket that any number of threads share, and that opens when something is to be sent.

    Args:
        config: Where it leads.
        conversation: What is said over it.

    Attributes:
        lock: Guards the conversation, and everything below.
        connection: The one in use; None when there is none.
    """

    def __init__(self, config: SocketConfig, conversation: Conversation) -> None:
        self.config = config
        self.lock = threading.Lock()
        self.connection: Connection | None = None
        self._conversation = conversation
        self._opening = threading.Lock()
        self._process = os.getpid()
        self._led = False
        self._followers: dict[threading.Condition, None] = {}

    def connect(self) -> Connection:
        """Open the socket, unless it is open. A failure is met with retries where they may help.

        Raises:
            WebSocketError: It cannot be opened.
        """
        with self.lock:
            self._enter_process()
        with self._opening:
            with self.lock:
                if self.connection is not None:
                    return self.connection
            connection = self._open_persistently()
            with self.lock:
                self.connection = connection
                self._deliver(connection, connection.early)
                self._appoint()
            if self.config.ping_interval is not None:
                _keep_alive(self, connection, self.config.ping_interval)
            return connection

    def send(self, prepare: Callable[[], str | bytes | None]) -> None:
        """Send a message; opens the socket if it is not, or turns out not to be, open.

        Args:
            prepare: Called with the lock held; gives the message, or None if there is none.

        Raises:
            WebSocketError: It cannot be sent, or not within the timeout.
        """
        with self.lock:
            self._enter_process()
            if self.connection is not None and not self._conversation.full:
                # A goodbye may have come, or a ping, while nobody was reading.
                self._read(self.connection)
            message = prepare()
            if message is None:
                return
            if self.connection is not None:
                self._transmit(self.connection, message)
                return
        connection = self.connect()
        with self.lock:
            self._transmit(connection, message)

    def receive(self, source: Source[Item], *, waiting_for: str) -> Item | Literal[Signal.END]:
        """Wait for the next item, or the end, of a source.

        Args:
            source: A part of the conversation.
            waiting_for: What the error says did not come in time.

        Raises:
            WebSocketTimeoutError: Nothing came within the timeout.
            BaseException: What ended the source.
        """
        patience = Patience(self.config, waiting_for, time.monotonic)
        with self.lock:
            self._enter_process()
            try:
                while (item := source.take()) is WAIT:
                    timeout = patience.left(source)
                    if self.connection is None or self._led:
                        self._follow(source.inbox, timeout)
                    else:
                        self._lead(self.connection, source.inbox, timeout)
                return item
            finally:
                self._appoint()

    def post(self, prepare: Callable[[], str | bytes | None]) -> None:
        """Send a message if the socket is open, without waiting and whether or not it arrives.

        Args:
            prepare: Called with the lock held; gives the message, or None if there is none.
        """
        with self.lock:
            self._enter_process()
            message = prepare()
            if message is not None and self.connection is not None:
                self.connection.send(message)
                self._send_unasked(self.connection)

    def flush_unasked(self) -> None:
        """Send what the conversation wants sent, if that can be done at once; for finalisers."""
        # At the end of the interpreter hardly anything works; the connection ends with it anyway.
        if not sys.is_finalizing() and self.lock.acquire(blocking=False):
            try:
                self._enter_process()
                if self.connection is not None:
                    self._send_unasked(self.connection)
                else:
                    self._conversation.to_send()
            finally:
                self.lock.release()

    def ping(self, connection: Connection) -> None:
        """Ask the server for a sign of life; without one since the last ping, it is gone."""
        with self.lock:
            if self._conversation.full:
                # Signs of life wait behind what nobody has read yet.
                connection.heard = True
            elif self.connection is connection:
                self._read(connection)
            if self.connection is not connection:
                return
            if connection.heard:
                connection.heard = False
                connection.protocol.ping()
                connection.push()
            else:
                connection.protocol.fail(connection.protocol.lost("no answer to a ping"))
                self._drop(connection)

    def close(self) -> None:
        """End the conversation, say goodbye, and wait a moment for the answer."""
        close_all([self])

    def __del__(self) -> None:
        connection = getattr(self, "connection", None)
        if connection is not None:
            connection.shut()

    def _say_goodbye(self, parting: list[tuple[SyncSocket, Connection]]) -> None:
        """End the conversation without waiting, and add what is to be heard out."""
        with self.lock:
            self._enter_process()
            self._conversation.close()
            connection, self.connection = self.connection, None
            if connection is not None:
                parting.append((self, connection))
                connection.protocol.close(self.config.closed_by_program())
                connection.push()

    def _hear_out(self, connection: Connection, deadline: float) -> None:
        """Wait for the answer to a goodbye."""
        with self.lock:
            while not connection.protocol.ended:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                if connection.receive() is None:
                    connection.wait(self.lock, remaining)
            connection.push()

    # Below, the lock is held.

    def _enter_process(self) -> None:
        """After a fork, leave the connection to the process that made it."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        # Threads that wait, lead or connect are all in the other process.
        self._opening, self._led, self._followers = threading.Lock(), False, {}
        if self.connection is not None:
            self.connection.protocol.fail(
                self.connection.protocol.lost("it belongs to the process that was forked")
            )
            self._drop(self.connection)

    def _lead(self, connection: Connection, inbox: Inbox[Any], timeout: float | None) -> None:
        """Read the socket once, waiting if nothing is there."""
        self._led = True
        inbox.listen(connection.ring)
        try:
            if not self._read(connection):
                connection.wait_or_ring(self.lock, timeout)
                if self.connection is connection:
                    connection.push()
                    self._read(connection)
        finally:
            inbox.unlisten(connection.ring)
            self._led = False

    def _follow(self, inbox: Inbox[Any], timeout: float | None) -> None:
        """Wait until the inbox changes, or this thread is to lead."""
        turn = threading.Condition(self.lock)
        self._followers[turn] = None
        inbox.listen(turn.notify)
        try:
            turn.wait(timeout)
        finally:
            inbox.unlisten(turn.notify)
            del self._followers[turn]

    def _appoint(self) -> None:
        """If nobody leads, have one of those that follow do so."""
        if self.connection is not None and not self._led and self._followers:
            next(iter(self._followers)).notify()

    def _read(self, connection: Connection) -> bool:
        """Take in what has arrived; false if nothing has."""
        messages = connection.receive()
        if messages is None:
            return False
        self._deliver(connection, messages)
        return True

    def _deliver(self, connection: Connection, messages: list[Any]) -> None:
        try:
            for message in messages:
                self._conversation.feed(message)
        except WebSocketError as error:
            connection.protocol.close(error, code=INVALID_DATA)
        except BaseException:
            # Interrupted halfway: what was read is lost, and nobody may take it for complete.
            connection.protocol.close(connection.protocol.lost())
            self._drop(connection)
            raise
        self._send_unasked(connection)

    def _send_unasked(self, connection: Connection) -> None:
        messages = self._conversation.to_send()
        if connection.protocol.failure is None:
            for message in messages:
                connection.protocol.send(message)
            if self._conversation.finished:
                connection.protocol.close(self.config.closed_by_program())
        # Also answers to pings, and to a goodbye.
        connection.push()
        if connection.protocol.failure is not None:
            self._drop(connection)

    def _transmit(self, connection: Connection, message: str | bytes) -> None:
        """Send a message and wait until the network has taken it."""
        if connection.protocol.failure is None:
            connection.send(message)
        target = connection.queued
        deadline = time.monotonic() + self.config.timeout
        while connection.protocol.failure is None and connection.sent < target:
            before = connection.sent
            connection.wait(self.lock, deadline - time.monotonic())
            # The server may not read on until it has got rid of what it has to say.
            self._read(connection)
            connection.push()
            if connection.sent > before:
                deadline = time.monotonic() + self.config.timeout
            elif time.monotonic() >= deadline:
                connection.protocol.fail(self.config.nothing_came("the server to read on"))
        if connection.protocol.failure is not None:
            self._drop(connection)
            raise connection.protocol.failure.with_traceback(None)

    def _drop(self, connection: Connection) -> None:
        """Be done with a connection that has failed."""
        if self.connection is connection:
            self.connection = None
            failure = connection.protocol.failure or connection.protocol.lost()
            self._conversation.lost(failure, clean=connection.protocol.clean)
        connection.shut()

    def _open_persistently(self) -> Connection:
        retries = 0
        while True:
            try:
                return open_connection(self.config)
            except ApiConnectionError as error:
                wait = self.config.wait_before_retry(error, retries)
                if wait is None:
                    raise
            time.sleep(wait)
            retries += 1


def close_all(sockets: Iterable[SyncSocket]) -> None:
    """Close sockets side by side: all together wait no longer for their servers than one does."""
    parting: list[tuple[SyncSocket, Connection]] = []
    try:
        for socket in sockets:
            socket._say_goodbye(parting)
        deadline = time.monotonic() + GOODBYE_SECONDS
        for socket, connection in parting:
            socket._hear_out(connection, deadline)
    finally:
        for socket, connection in parting:
            with socket.lock:
                connection.shut()


def _keep_alive(owner: SyncSocket, connection: Connection, interval: float) -> None:
    """Ping while the connection is open; the one thing that nobody who waits can do."""
    reference = weakref.ref(owner)

    def ping_regularly() -> None:
        while not connection.closed.wait(interval):
            socket = reference()
            if socket is None:
                return
            socket.ping(connection)
            del socket

    threading.Thread(target=ping_regularly, name="cartesia-ping", daemon=True).start()
