"""A server that does what a test says, byte by byte, over real sockets on the loopback."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from typing_extensions import Self


class Received(NamedTuple):
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Connection:
    """One client's connection, for a script."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")

    def receive(self) -> Received | None:
        """The next request; None if the client has closed the connection."""
        line = self._file.readline().decode()
        if not line:
            return None
        method, target, _ = line.split(" ", 2)
        headers: dict[str, str] = {}
        while (line := self._file.readline().decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self._file.read(int(headers.get("content-length", "0")))
        return Received(method, target, headers, body)

    def send(self, data: bytes) -> None:
        """Send bytes, as they are."""
        self._sock.sendall(data)

    def wait_until_closed(self) -> None:
        """Wait until the client has closed the connection."""
        with contextlib.suppress(OSError):
            while self._sock.recv(65536):
                pass

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._file.close()
        self._sock.close()


Script = Callable[[Connection, Received], Any]
"""Answers a request. If it gives False, the connection is closed after it."""


class Peer:
    """Answers each request with the next script; the last one answers all further requests."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts: Sequence[Script] = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._open: list[Connection] = []
        self.requests: list[Received] = []
        self.connections = 0
        self.closed_by_client = threading.Semaphore(0)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        # Closing alone would leave the thread waiting in accept.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        # Until it ends, it may still take a connection in, which nobody would cut.
        self._threads[0].join(timeout=10)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection._sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)
        assert not any(thread.is_alive() for thread in self._threads)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(sock)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            with self._lock:
                self.connections += 1
                self._open.append(connection)
                self._threads.append(thread)
            thread.start()

    def _serve(self, connection: Connection) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (request := connection.receive()) is not None:
                with self._lock:
                    script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
                    self.requests.append(request)
                if script(connection, request) is False:
                    break
            else:
                self.closed_by_client.release()
        with self._lock:
            self._open.remove(connection)
        connection.close()


def response(
    body: bytes | Any = b"",
    status: int = 200,
    *,
    headers: dict[str, str] | None = None,
) -> bytes:
    """The bytes of an answer of known length; a body that is no bytes becomes JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def chunked(*pieces: bytes, content_type: str = "audio/wav", end: bool = True) -> bytes:
    """The bytes of an answer in chunks."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = [f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces]
    return head.encode() + b"".join(parts) + (b"0\r\n\r\n" if end else b"")


def answer(body: bytes | Any = b"", status: int = 200, **headers: str) -> Script:
    """A script that answers with a body of known length."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda connection, _: connection.send(response(body, status, headers=given))


def raw(data: bytes, *, then_close: bool = False) -> Script:
    """A script that sends these bytes."""

    def script(connection: Connection, _: Received) -> bool:
        connection.send(data)
        return not then_close

    return script


def hang_up(_: Connection, __: Received) -> bool:
    """A script that closes the connection without an answer."""
    return False


def say_nothing(connection: Connection, _: Received) -> bool:
    """A script that never answers."""
    connection.wait_until_closed()
    return False
