"""A connection of the synchronous surface: a socket that never blocks, and a way to wait for it."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import ssl
import threading
import time
from typing import TypeAlias

from .proxy_exchange import ProxyRefusalError
from .proxy_tunnel import ProxyTunnel
from .socket_config import SocketConfig
from .socket_protocol import Message, SocketProtocol
from .socket_tls import TlsInTls

READ_BYTES = 64 << 10

Stream: TypeAlias = socket.socket | TlsInTls

_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
# Those of the selectors that cost no file descriptor.
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


class Connection:
    """A connection whose handshake is done. Every method is called with the owner's lock held.

    Attributes:
        protocol: Turns bytes into messages and messages into bytes.
        early: Messages that came together with the handshake.
        queued: Bytes handed over for sending, since the handshake.
        sent: Bytes of those that the network has taken.
        heard: Whether anything has come since this was last set to false.
        closed: Set when nothing more can be done with it.
    """

    def __init__(self, stream: Stream, protocol: SocketProtocol, early: list[Message]) -> None:
        self.protocol = protocol
        self.early = early
        self.queued = 0
        self.sent = 0
        self.heard = True
        self.closed = threading.Event()
        self._process = os.getpid()
        self._stream = stream
        self._outbox = bytearray()
        self._waiting = 0
        self._bell, self._rope = socket.socketpair()
        for end in (stream, self._bell, self._rope):
            end.setblocking(False)
        self._selector: selectors.BaseSelector = _Selector()
        self._selector.register(stream, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._buffer = memoryview(bytearray(READ_BYTES))

    def receive(self) -> list[Message] | None:
        """Messages that have arrived, without waiting; None if there are no new bytes."""
        try:
            count = self._stream.recv_into(self._buffer)
        except _NOT_NOW:
            return None
        except OSError as error:
            self._lose(error)
            count = 0
        self.heard = True
        return self.protocol.feed(self._buffer[:count])

    def send(self, message: str | bytes) -> None:
        """Hand over a message; `push` sends it as far as the network takes it."""
        self.protocol.send(message)
        self.push()

    def push(self) -> None:
        """Send what there is to send, without waiting."""
        if self.protocol.unsent:
            data = self.protocol.outgoing()
            self.queued += len(data)
            self._outbox += data
        while self._outbox and not self.closed.is_set():
            try:
                count = self._stream.send(self._outbox)
            except _NOT_NOW:
                return
            except OSError:
                # The next `receive` tells why, in the server's own words if it has left any.
                self._outbox.clear()
                return
            self.sent += count
            del self._outbox[:count]

    def wait(self, lock: threading.Lock, timeout: float | None) -> None:
        """Release the lock until the network is ready, or time is up.

        Args:
            lock: The owner's.
            timeout: Seconds; None without limit.
        """
        with _Selector() as selector:
            selector.register(self._stream, self._events())
            self._select(selector, lock, timeout)

    def wait_or_ring(self, lock: threading.Lock, timeout: float | None) -> None:
        """`wait`, for the one thread that `ring` can wake.

        Args:
            lock: The owner's.
            timeout: Seconds; None without limit.
        """
        events = self._events()
        if events != self._selector.get_key(self._stream).events:
            self._selector.modify(self._stream, events)
        for key, _ in self._select(self._selector, lock, timeout):
            if key.fileobj is self._bell and not self.closed.is_set():
                self._bell.recv(1024)

    def _events(self) -> int:
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outbox else 0)

    def _select(
        self, selector: selectors.BaseSelector, lock: threading.Lock, timeout: float | None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        self._waiting += 1
        lock.release()
        try:
            return selector.select(timeout)
        finally:
            lock.acquire()
            self._waiting -= 1
            self._free()

    def ring(self) -> None:
        """Wake the thread that waits with `wait_or_ring`."""
        if self._waiting:
            with contextlib.suppress(OSError):
                self._rope.send(b"\0")

    def shut(self) -> None:
        """Cut the connection, and wake all threads that wait for it.

        After a fork, in the process that did not make it: let go of it.
        """
        self.closed.set()
        if self._process == os.getpid():
            with contextlib.suppress(OSError):
                self._stream.shutdown(socket.SHUT_RDWR)
        else:
            self._waiting = 0
        self._free()

    def _free(self) -> None:
        # Not while a thread waits: the numbers of the descriptors may be given out again.
        if self.closed.is_set() and not self._waiting:
            for end in (self._selector, self._stream, self._bell, self._rope):
                end.close()

    def _lose(self, error: OSError) -> None:
        self.protocol.fail(self.protocol.lost(error))


def open_connection(config: SocketConfig) -> Connection:
    """Connect, through a proxy where there is one, and shake hands.

    Raises:
        WebSocketError: That failed, or took longer than the timeout.
        InvalidArgumentError: The proxy is of a kind that is not known.
    """
    deadline = time.monotonic() + config.open_timeout
    proxy = config.proxy_url()
    tunnel = ProxyTunnel(proxy) if proxy else None
    stream: Stream | None = None
    try:
        stream = link = socket.create_connection(
            tunnel.address if tunnel else config.address, config.open_timeout
        )
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        if tunnel:
            if tunnel.secure:
                _set_timeout(link, deadline)
                stream = link = config.tls().wrap_socket(link, server_hostname=tunnel.address[0])
            _pass_through(link, tunnel, config, deadline)
        if config.secure:
            _set_timeout(link, deadline)
            stream = _encrypt(link, config)
        return _shake_hands(stream, config, deadline)
    except BaseException as error:
        if stream is not None:
            stream.close()
        if isinstance(error, TimeoutError):
            raise config.timed_out() from error
        if isinstance(error, ProxyRefusalError):
            raise config.refused(error) from None
        if isinstance(error, OSError):
            raise config.failed(error) from error
        raise


def _encrypt(link: socket.socket, config: SocketConfig) -> Stream:
    host = config.address[0]
    if isinstance(link, ssl.SSLSocket):
        return TlsInTls(link, config.tls(), host)
    return config.tls().wrap_socket(link, server_hostname=host)


def _pass_through(
    stream: socket.socket, tunnel: ProxyTunnel, config: SocketConfig, deadline: float
) -> None:
    host, port = config.address
    if tunnel.wants_address:
        host = str(socket.getaddrinfo(host, port, socket.AF_INET)[0][4][0])
    _set_timeout(stream, deadline)
    stream.sendall(tunnel.start(host, port))
    while not tunnel.passed:
        _set_timeout(stream, deadline)
        stream.sendall(tunnel.feed(stream.recv(READ_BYTES)))


def _shake_hands(stream: Stream, config: SocketConfig, deadline: float) -> Connection:
    protocol = SocketProtocol(config)
    _set_timeout(stream, deadline)
    stream.sendall(protocol.outgoing())
    early: list[Message] = []
    while not protocol.opened:
        _set_timeout(stream, deadline)
        early += protocol.feed(stream.recv(READ_BYTES))
        if protocol.failure is not None and not early:
            raise protocol.failure
    # A server that has left already, but not without a word, is for the reader to hear.
    return Connection(stream, protocol, early)


def _set_timeout(stream: Stream, deadline: float) -> None:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    stream.settimeout(remaining)
