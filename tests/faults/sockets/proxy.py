"""A proxy that passes bytes on, in as many ways as there are to ask for that."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from typing import Any

from .surfaces import PATIENCE

USER, PASSWORD = "user", "sec/ret"


class Proxy:
    """A proxy for HTTP, SOCKS 4, 4a and 5, whichever it is asked in.

    Args:
        answer: What it says to HTTP clients.
        tls: Makes it a secure one.
        grant: Whether SOCKS clients get what they ask for.

    Attributes:
        heads: What it was asked by HTTP clients.
        asked: Which hosts SOCKS clients asked for.
        users: Who they said they are.
    """

    def __init__(
        self,
        answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n",
        *,
        tls: ssl.SSLContext | None = None,
        grant: bool = True,
    ) -> None:
        self.heads: list[bytes] = []
        self.asked: list[str] = []
        self.users: list[str] = []
        self._answer = answer
        self._tls = tls
        self._grant = grant
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self._closing = threading.Lock()
        self._closed = False
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def url(self, scheme: str = "http", *, user: str = USER, password: str = PASSWORD) -> str:
        """Its address."""
        port = self._listener.getsockname()[1]
        return f"{scheme}://{user}:{password.replace('/', '%2F')}@localhost:{port}"

    def close(self) -> None:
        """Cut all connections."""
        with self._closing:
            self._closed = True
        for end in self._sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _keep(self, end: socket.socket) -> socket.socket:
        """Have `close` close it, at once if that has been called."""
        with self._closing:
            if not self._closed:
                self._sockets.append(end)
                return end
        end.close()
        raise ConnectionAbortedError

    def _start(self, function: Any, *args: Any) -> None:
        thread = threading.Thread(target=function, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._serve, self._keep(client))

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError):
            if self._tls is not None:
                client = self._keep(self._tls.wrap_socket(client, server_side=True))
            with client.makefile("rb", buffering=0) as stream:
                port = self._agree(client, _Exact(stream))
            if port is None:
                client.close()
                return
            server = self._keep(socket.create_connection(("127.0.0.1", port)))
            self._start(self._copy, client, server)
            self._copy(server, client)

    def _agree(self, client: socket.socket, stream: _Exact) -> int | None:
        """The port that is asked for, once all is said; None if the client gets nothing."""
        first = stream.read(1)
        if first == b"\4":
            return self._agree_socks4(client, stream)
        if first == b"\5":
            return self._agree_socks5(client, stream)
        head = first + stream.read_until(b"\r\n\r\n")
        self.heads.append(head)
        client.sendall(self._answer)
        return int(head.split()[1].rpartition(b":")[2]) if b" 200 " in self._answer else None

    def _agree_socks4(self, client: socket.socket, stream: _Exact) -> int | None:
        _, port, address = struct.unpack("!BH4s", stream.read(7))
        self.users.append(stream.read_until(b"\0")[:-1].decode())
        named = address == b"\0\0\0\1"
        host = stream.read_until(b"\0")[:-1].decode() if named else socket.inet_ntoa(address)
        self.asked.append(host)
        client.sendall(b"\0" + (b"\x5a" if self._grant else b"\x5b") + bytes(6))
        return int(port) if self._grant else None

    def _agree_socks5(self, client: socket.socket, stream: _Exact) -> int | None:
        methods = stream.read(stream.read(1)[0])
        if 2 not in methods:
            client.sendall(b"\5\xff")
            return None
        client.sendall(b"\5\2")
        stream.read(1)
        user, password = (stream.read(stream.read(1)[0]).decode() for _ in "up")
        self.users.append(user)
        client.sendall(b"\1" + bytes([(user, password) != (USER, PASSWORD)]))
        if (user, password) != (USER, PASSWORD):
            return None
        named = stream.read(4)[3] == 3
        host = (
            stream.read(stream.read(1)[0]).decode() if named else socket.inet_ntoa(stream.read(4))
        )
        self.asked.append(host)
        (port,) = struct.unpack("!H", stream.read(2))
        client.sendall(b"\5" + (b"\0" if self._grant else b"\2") + b"\0\1" + bytes(6))
        return int(port) if self._grant else None

    def _copy(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class _Exact:
    """Reads byte by byte, so that what comes after stays where it is."""

    def __init__(self, stream: BufferedIOBase | Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._stream.read(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def read_until(self, end: bytes) -> bytes:
        data = b""
        while not data.endswith(end):
            data += self.read(1)
        return data


@contextmanager
def proxy(*args: Any, **kwargs: Any) -> Iterator[Proxy]:
    """A proxy for a while."""
    made = Proxy(*args, **kwargs)
    try:
        yield made
    finally:
        made.close()
