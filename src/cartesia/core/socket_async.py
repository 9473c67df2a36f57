"""A WebSocket for tasks: the event loop reads it as data comes, and wakes whoever waits.

There is no task behind it, so nothing outlives what the program does.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Literal, TypeVar

from .api_error import ApiConnectionError, WebSocketError
from .event_loop import running_loop
from .socket_async_connection import AsyncConnection, open_connection, wait_for_call
from .socket_config import Patience, SocketConfig
from .socket_inbox import WAIT, Conversation, Inbox, Signal, Source
from .socket_protocol import INVALID_DATA, Message

GOODBYE_SECONDS = 1.0
"""How long `close` waits for the server's answer."""

Item = TypeVar("Item")


class AsyncSocket:
    """A socket that any number of tasks share, and that opens when something is to be sent.

    It serves one event loop at a time. In another one it opens anew once the former is closed.

    Args:
        config: Where it leads.
        conversation: What is said over it.

    Attributes:
        lock: Guards nothing, as tasks take turns by themselves; for code that serves both surfaces.
        connection: The one in use; None when there is none.
    """

    def __init__(self, config: SocketConfig, conversation: Conversation) -> None:
        self.config = config
        self.lock = nullcontext()
        self.connection: AsyncConnection | None = None
        self._conversation = conversation
        self._opening: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None
        # How many tasks cannot go on before something is read.
        self._hungry = 0

    async def connect(self) -> AsyncConnection:
        """Open the socket, unless it is open. A failure is met with retries where they may help.

        Raises:
            WebSocketError: It cannot be opened.
        """
        self._enter_loop()
        async with self._opening_lock():
            if self.connection is not None:
                return self.connection
            connection = await self._open_persistently()
            self.connection = connection
            early, connection.early = connection.early, []
            connection.on_messages = _deliver_weakly(self)
            self._deliver(connection, early)
            if self.config.ping_interval is not None:
                _keep_alive(self, connection, self.config.ping_interval)
            return connection

    async def send(self, prepare: Callable[[], str | bytes | None]) -> None:
        """Send a message; opens the socket if it is not, or turns out not to be, open.

        Args:
            prepare: Gives the message, or None if there is none.

        Raises:
            WebSocketError: It cannot be sent, or not within the timeout.
        """
        self._enter_loop()
        # A goodbye may have come while the program kept the event loop busy: it is looked for
        # in the first of these rounds, and taken in by the second.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        message = prepare()
        if message is not None:
            await self._transmit(self.connection or await self.connect(), message)

    async def receive(
        self, source: Source[Item], *, waiting_for: str
    ) -> Item | Literal[Signal.END]:
        """Wait for the next item, or the end, of a source.

        Args:
            source: A part of the conversation.
            waiting_for: What the error says did not come in time.

        Raises:
            WebSocketTimeoutError: Nothing came within the timeout.
            BaseException: What ended the source.
        """
        self._enter_loop()
        patience = Patience(self.config, waiting_for, asyncio.get_running_loop().time)
        while (item := source.take()) is WAIT:
            await self._change(source.inbox, patience.left(source))
        if self.connection is not None and not self._conversation.full:
            self.connection.resume()
        return item

    def post(self, prepare: Callable[[], str | bytes | None]) -> None:
        """Send a message if the socket is open, without waiting and whether or not it arrives.

        Args:
            prepare: Gives the message, or None if there is none.
        """
        message = prepare()
        if message is not None and self.connection is not None:
            self.connection.protocol.send(message)
            self._send_unasked(self.connection)

    def flush_unasked(self) -> None:
        """Send what the conversation wants sent; may be called by finalisers, in any thread."""
        connection = self.connection
        if connection is not None:
            connection.call_soon(self._send_unasked, connection)

    def ping(self, connection: AsyncConnection) -> None:
        """Ask the server for a sign of life; without one since the last ping, it is gone."""
        # While reading is suspended, signs of life wait behind what nobody has read yet.
        if connection.heard or connection.paused:
            connection.heard = False
            connection.protocol.ping()
            connection.push()
        else:
            connection.protocol.fail(connection.protocol.lost("no answer to a ping"))
            self._drop(connection)

    async def close(self) -> None:
        """End the conversation, say goodbye, and wait a moment for the answer."""
        self._conversation.close()
        connection, self.connection = self.connection, None
        if connection is None:
            return
        loop = asyncio.get_running_loop()
        if connection.loop is not loop:
            connection.abandon()
            return
        try:
            connection.protocol.close(self.config.closed_by_program())
            connection.push()
            connection.resume()
            deadline = loop.time() + GOODBYE_SECONDS
            while not connection.protocol.ended and loop.time() < deadline:
                await connection.change(deadline - loop.time())
        finally:
            connection.shut()
        await connection.release()

    def __del__(self) -> None:
        connection = getattr(self, "connection", None)
        if connection is not None:
            connection.abandon()

    def _enter_loop(self) -> None:
        connection = self.connection
        if connection is None or connection.loop is asyncio.get_running_loop():
            return
        if not connection.loop.is_closed():
            raise WebSocketError(
                "This WebSocket is in use in another event loop; open one for each event loop"
            )
        connection.protocol.fail(connection.protocol.lost("its event loop is closed"))
        self._drop(connection)

    def _opening_lock(self) -> asyncio.Lock:
        loop = running_loop()
        if self._opening is None or self._opening[0] is not loop:
            self._opening = (loop, asyncio.Lock())
        return self._opening[1]

    async def _open_persistently(self) -> AsyncConnection:
        retries = 0
        while True:
            try:
                return await open_connection(self.config)
            except ApiConnectionError as error:
                wait = self.config.wait_before_retry(error, retries)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
            retries += 1

    async def _change(self, inbox: Inbox[Any], timeout: float | None) -> None:
        self._hungry += 1
        try:
            if self.connection is not None:
                self.connection.resume()
            await wait_for_call(inbox.listen, inbox.unlisten, timeout)
        finally:
            self._hungry -= 1

    async def _transmit(self, connection: AsyncConnection, message: str | bytes) -> None:
        """Send a message and wait until the network has taken most of it."""
        if connection.protocol.failure is None:
            connection.protocol.send(message)
            connection.push()
        if connection.clogged:
            # The server may not read on until it has got rid of what it has to say.
            self._hungry += 1
            connection.resume()
            try:
                await self._unclog(connection)
            finally:
                self._hungry -= 1
        if connection.protocol.failure is not None:
            self._drop(connection)
            raise connection.protocol.failure.with_traceback(None)

    async def _unclog(self, connection: AsyncConnection) -> None:
        deadline = connection.loop.time() + self.config.timeout
        least = connection.unsent
        while connection.clogged and connection.protocol.failure is None:
            if connection.unsent < least:
                least = connection.unsent
                deadline = connection.loop.time() + self.config.timeout
            remaining = deadline - connection.loop.time()
            if remaining <= 0:
                connection.protocol.fail(self.config.nothing_came("the server to read on"))
            else:
                await connection.change(remaining)

    # Called by the event loop.

    def _deliver(self, connection: AsyncConnection, messages: list[Message]) -> None:
        if self.connection is not connection:
            return
        try:
            for message in messages:
                self._conversation.feed(message)
        except WebSocketError as error:
            connection.protocol.close(error, code=INVALID_DATA)
        self._send_unasked(connection)
        if self._conversation.full and not self._hungry:
            connection.pause()

    def _send_unasked(self, connection: AsyncConnection) -> None:
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

    def _drop(self, connection: AsyncConnection) -> None:
        """Be done with a connection that has failed."""
        if self.connection is connection:
            self.connection = None
            failure = connection.protocol.failure or connection.protocol.lost()
            self._conversation.lost(failure, clean=connection.protocol.clean)
        connection.shut()


# What the event loop holds must not keep a socket alive that the program has dropped.


def _deliver_weakly(owner: AsyncSocket) -> Callable[[AsyncConnection, list[Message]], None]:
    reference = weakref.ref(owner)

    def deliver(connection: AsyncConnection, messages: list[Message]) -> None:
        socket = reference()
        if socket is not None:
            socket._deliver(connection, messages)

    return deliver


def _keep_alive(owner: AsyncSocket, connection: AsyncConnection, interval: float) -> None:
    reference = weakref.ref(owner)

    def ping() -> None:
        socket = reference()
        if socket is not None and socket.connection is connection:
            socket.ping(connection)
            connection.loop.call_later(interval, ping)

    connection.loop.call_later(interval, ping)
