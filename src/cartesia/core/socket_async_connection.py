"""A connection of the asynchronous surface, driven by callbacks of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from typing import cast

from .api_error import InvalidArgumentError
from .proxy_exchange import ProxyRefusalError
from .proxy_tunnel import ProxyTunnel
from .socket_config import SocketConfig
from .socket_inbox import Listener
from .socket_protocol import Data, Message, SocketProtocol

READ_BYTES = 64 << 10


class AsyncConnection(asyncio.BufferedProtocol):
    """What the event loop tells about a connection, and what it can be told to do with it.

    Attributes:
        loop: The event loop that it belongs to.
        protocol: Turns bytes into messages and messages into bytes.
        early: Messages that came before `on_messages` was set.
        on_messages: Called with messages when they come, and with none when the state changes.
        heard: Whether anything has come since this was last set to false.
        lost: Whether the network connection is gone.
        clogged: Whether the network takes nothing more for now.
        paused: Whether reading is suspended.
    """

    def __init__(self, config: SocketConfig) -> None:
        self.loop = asyncio.get_running_loop()
        self.protocol = SocketProtocol(config)
        self.early: list[Message] = []
        self.on_messages: Callable[[AsyncConnection, list[Message]], None] | None = None
        self.heard = True
        self.lost = False
        self.clogged = False
        self.paused = False
        self._transport: asyncio.Transport | None = None
        self._listeners: list[Listener] = []
        self._guard: AsyncGenerator[None, None] | None = None
        self._buffer = memoryview(bytearray(READ_BYTES))

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over the network connection."""
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002
        """Where bytes are to be put."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take in bytes that were put there."""
        self._feed(self._buffer[:nbytes])

    def eof_received(self) -> None:
        """Note that no more bytes come. The event loop then closes the connection."""
        self._feed(b"")

    def connection_lost(self, reason: Exception | None) -> None:
        """Note that the network connection is gone."""
        if reason is not None:
            self._read_rest()
        self.lost = True
        self.protocol.fail(self.protocol.lost(reason or ""))
        self._feed(b"")

    def pause_writing(self) -> None:
        """Note that the network takes nothing more for now."""
        self.clogged = True

    def resume_writing(self) -> None:
        """Note that it takes more again."""
        self.clogged = False
        self._call_listeners()

    # Called by the owner.

    @property
    def unsent(self) -> int:
        """Bytes that wait for the network to take them."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def push(self) -> None:
        """Hand what there is to send to the network."""
        data = self.protocol.outgoing() if self.protocol.unsent else b""
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def pause(self) -> None:
        """Suspend reading, so that the server has to wait."""
        if not self.paused and self._transport is not None and not self._transport.is_closing():
            self.paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self.paused and self._transport is not None and not self._transport.is_closing():
            self.paused = False
            self._transport.resume_reading()

    def shut(self) -> None:
        """Cut the connection; what the network has not taken is dropped."""
        if self._transport is not None and not self.loop.is_closed():
            # Not `close`, which under TLS waits for the server; goodbyes are said in frames.
            self._transport.abort()

    def call_soon(self, callback: Callable[..., object], *args: object) -> None:
        """Have the event loop call something, unless it is closed; from any thread."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(callback, *args)

    def abandon(self) -> None:
        """`shut`, from any thread and at any moment."""
        self.on_messages = None
        self.call_soon(self.shut)

    async def change(self, timeout: float) -> bool:
        """Wait until something about the connection changes; false if nothing does in time."""
        return await wait_for_call(self._listeners.append, self._listeners.remove, timeout)

    async def guard(self) -> None:
        """Have the connection closed when the event loop winds up, should nobody do so before."""
        self._guard = self._shut_at_last()
        await self._guard.__anext__()

    async def release(self) -> None:
        """Let go of the event loop."""
        if self._guard is not None:
            await self._guard.aclose()

    def _feed(self, data: Data) -> None:
        self.heard = True
        messages = self.protocol.feed(data)
        if self.on_messages is None:
            self.early += messages
        else:
            self.on_messages(self, messages)
        self._call_listeners()

    def _read_rest(self) -> None:
        """Take in what is left of a connection that broke while something was written.

        The server may have said why, and the event loop no longer looks.
        """
        if self._transport is None or self._transport.get_extra_info("ssl_object") is not None:
            return
        with contextlib.suppress(OSError), self._transport.get_extra_info("socket").dup() as rest:
            rest.setblocking(False)
            while data := rest.recv(READ_BYTES):
                self._feed(data)

    async def _shut_at_last(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            self.shut()

    def _call_listeners(self) -> None:
        for listener in tuple(self._listeners):
            listener()


async def wait_for_call(
    listen: Callable[[Listener], object],
    unlisten: Callable[[Listener], object],
    timeout: float | None,
) -> bool:
    """Wait until a listener is called; false if it is not within the timeout.

    Args:
        listen: Registers the listener.
        unlisten: Undoes that.
        timeout: Seconds; None without limit.
    """
    loop = asyncio.get_running_loop()
    called: asyncio.Future[bool] = loop.create_future()

    def settle(result: bool = True) -> None:
        if not called.done():
            called.set_result(result)

    timer = None if timeout is None else loop.call_later(timeout, settle, False)
    listen(settle)
    try:
        return await called
    finally:
        if timer is not None:
            timer.cancel()
        unlisten(settle)


async def open_connection(config: SocketConfig) -> AsyncConnection:
    """Connect, through a proxy where there is one, and shake hands.

    Raises:
        WebSocketError: That failed, or took longer than the timeout.
        InvalidArgumentError: The proxy is of a kind that is not known.
    """
    connection = AsyncConnection(config)
    try:
        await asyncio.wait_for(_establish(connection, config), config.open_timeout)
    except BaseException as error:
        connection.shut()
        if isinstance(error, asyncio.TimeoutError):
            raise config.timed_out() from error
        if isinstance(error, ProxyRefusalError):
            raise config.refused(error) from None
        if isinstance(error, OSError):
            raise config.failed(error) from error
        raise
    return connection


async def _establish(connection: AsyncConnection, config: SocketConfig) -> None:
    proxy = config.proxy_url()
    if proxy is None:
        host, port = config.address
        tls = config.tls() if config.secure else None
        await connection.loop.create_connection(
            lambda: connection, host, port, ssl=tls, server_hostname=host if tls else None
        )
    else:
        await _pass_through(connection, config, ProxyTunnel(proxy))
    connection.push()
    while not connection.protocol.opened and connection.protocol.failure is None:
        await connection.change(config.open_timeout)
    if connection.protocol.failure is not None and not connection.early:
        raise connection.protocol.failure
    # A server that has left already, but not without a word, is for the reader to hear.
    await connection.guard()


async def _pass_through(
    connection: AsyncConnection, config: SocketConfig, tunnel: ProxyTunnel
) -> None:
    if tunnel.secure and config.secure and sys.version_info < (3, 11):
        raise InvalidArgumentError(
            "proxy: got an https proxy for a secure WebSocket; before Python 3.11, accepted are "
            "http and SOCKS proxies, and all of them by the synchronous client"
        )
    loop, (host, port) = connection.loop, config.address
    address = host
    if tunnel.wants_address:
        address = str((await loop.getaddrinfo(host, None, family=socket.AF_INET))[0][4][0])
    passage = _Passage(tunnel, loop.create_future())
    transport: asyncio.Transport | None
    transport, _ = await loop.create_connection(
        lambda: passage, *tunnel.address, ssl=config.tls() if tunnel.secure else None
    )
    try:
        transport.write(tunnel.start(address, port))
        await passage.passed
        if config.secure:
            transport = await loop.start_tls(
                transport, connection, config.tls(), server_hostname=host
            )
        else:
            transport.set_protocol(connection)
    except BaseException:
        if transport is not None:
            transport.abort()
        raise
    if transport is not None:
        connection.connection_made(transport)


class _Passage(asyncio.Protocol):
    """A connection while it talks to the proxy."""

    def __init__(self, tunnel: ProxyTunnel, passed: asyncio.Future[None]) -> None:
        self.passed = passed
        self._tunnel = tunnel
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.passed.done():
            return
        try:
            answer = self._tunnel.feed(data)
        except ProxyRefusalError as error:
            self.passed.set_exception(error)
            return
        if answer and self._transport is not None:
            self._transport.write(answer)
        if self._tunnel.passed:
            self.passed.set_result(None)

    def connection_lost(self, reason: Exception | None) -> None:  # noqa: ARG002
        self.data_received(b"")
