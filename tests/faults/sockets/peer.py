"""A server of sockets that does what a test says, message by message or byte by byte."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

from typing_extensions import Self
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

Message = Any
"""A dictionary, which is JSON on the wire, or text, or bytes."""


class Line:
    """One connection, for a script.

    Attributes:
        request: The handshake's.
    """

    def __init__(self, sock: socket.socket, peer: SocketPeer) -> None:
        self.request: Request
        self._sock = sock
        self._peer = peer
        self._protocol = ServerProtocol(max_size=None)
        self._events: list[Any] = []

    def shake_hands(self) -> bool:
        """Answer the handshake, or refuse it as the peer says."""
        while not self._events:
            if not self._read():
                return False
        self.request = self._events.pop(0)
        refusal = self._peer.refuse(self.request)
        if refusal is not None:
            self.send_bytes(refusal)
            return False
        self._protocol.send_response(self._protocol.accept(self.request))
        self._write()
        return True

    def receive(self) -> Message:
        """The next message; None if the connection is closed."""
        while True:
            while self._events:
                frame = self._events.pop(0)
                if frame.opcode is Opcode.PING:
                    self._peer.pings += 1
                if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
                    message = _decode(frame)
                    self._peer.messages.append(message)
                    return message
            if not self._read():
                return None

    def messages(self) -> Iterator[Any]:
        """All further messages, until the connection is closed."""
        while (message := self.receive()) is not None:
            yield message

    def send(self, *messages: Message) -> None:
        """Send messages; dictionaries as JSON."""
        self.send_bytes(b"".join(map(frame_of, messages)))

    def send_bytes(self, data: bytes) -> None:
        """Send bytes, as they are."""
        self._sock.sendall(data)

    def send_until_clogged(self, data: bytes, most: int) -> int:
        """Send bytes over and over until nobody takes them, or `most` are sent; gives how many."""
        self._sock.settimeout(0.3)
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < most:
                sent += self._sock.send(data[sent % len(data) :])
        self._sock.settimeout(None)
        return sent

    def ping(self) -> None:
        """Ask for a sign of life."""
        self.send_bytes(Frame(Opcode.PING, b"alive?").serialize(mask=False))

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Say goodbye."""
        with contextlib.suppress(OSError, InvalidState):
            self._protocol.send_close(code, reason)
            self._write()

    def half_close(self) -> None:
        """Send nothing more, but go on reading."""
        self._sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Break the connection."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def wait_for_bytes(self) -> None:
        """Wait until something comes, and leave it unanswered."""
        self._sock.recv(1)

    def wait_until_closed(self) -> None:
        """Wait until the client has closed the connection."""
        with contextlib.suppress(OSError):
            while self._sock.recv(65536):
                pass

    def hang_up(self) -> None:
        """Close the connection."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def _read(self) -> bool:
        try:
            data = self._sock.recv(65536)
        except OSError:
            return False
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._events += self._protocol.events_received()
        with contextlib.suppress(OSError):
            self._write()
        return bool(data)

    def _write(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._sock.sendall(data)


Script = Callable[[Line], Any]


class SocketPeer:
    """Serves each connection with the next script; the last one serves all further ones.

    Attributes:
        lines: The connections so far.
        messages: What came over all of them.
        pings: How many pings came.
        handshakes: How many handshakes came, refused ones included.
        refuse: Gives the bytes of a refusal for a handshake, or None to accept it.
    """

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self.lines: list[Line] = []
        self.messages: list[Message] = []
        self.pings = 0
        self.handshakes = 0
        self.refuse: Callable[[Request], bytes | None] = lambda _: None
        self.closed = threading.Semaphore(0)
        self._scripts = scripts
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}"

    def wait_closed(self, count: int = 1) -> None:
        """Wait until as many connections have come to their end."""
        for _ in range(count):
            assert self.closed.acquire(timeout=10), "a connection stays open"

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
        for line in self.lines:
            line.hang_up()
        for thread in self._threads:
            thread.join(timeout=10)
        assert not any(thread.is_alive() for thread in self._threads)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            line = Line(sock, self)
            with self._lock:
                script = self._scripts[min(self.handshakes, len(self._scripts) - 1)]
                self.handshakes += 1
                self.lines.append(line)
            if line.shake_hands():
                script(line)
                line.close()
        except OSError:
            pass
        finally:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
            self.closed.release()


def _decode(frame: Frame) -> Message:
    data = bytes(frame.data)
    if frame.opcode is Opcode.BINARY:
        return data
    if data.startswith(b"{"):
        return json.loads(data)
    return data.decode()


def frame_of(message: Message) -> bytes:
    """The bytes of a message."""
    if isinstance(message, bytes):
        return Frame(Opcode.BINARY, message).serialize(mask=False)
    text = message if isinstance(message, str) else json.dumps(message)
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def event(kind: str, context_id: str | None, **fields: Any) -> dict[str, Any]:
    """A message about speech."""
    done = kind in ("done", "error")
    named = {} if context_id is None else {"context_id": context_id}
    return {"type": kind, **named, "status_code": 206, "done": done, **fields}


def chunk(context_id: str, audio: bytes, **fields: Any) -> dict[str, Any]:
    """A piece of audio."""
    return event(
        "chunk", context_id, data=base64.b64encode(audio).decode(), step_time=1.0, **fields
    )


def speak(line: Line) -> None:
    """A service that says each word as a piece of audio: the word itself."""
    flushes: dict[str, int] = {}
    for request in line.messages():
        context_id = request["context_id"]
        if request.get("cancel"):
            continue
        words = request["transcript"].split()
        line.send(*(chunk(context_id, word.encode()) for word in words))
        if words and request.get("add_timestamps"):
            times = {"words": words, "start": [0.0] * len(words), "end": [1.0] * len(words)}
            line.send(event("timestamps", context_id, word_timestamps=times))
        if words and request.get("add_phoneme_timestamps"):
            sounds = {"phonemes": ["ə"], "start": [0.0], "end": [1.0]}
            line.send(event("phoneme_timestamps", context_id, phoneme_timestamps=sounds))
        if request.get("flush"):
            number = flushes.setdefault(context_id, 0)
            flushes[context_id] += 1
            line.send(event("flush_done", context_id, flush_id=number, flush_done=True))
        if not request.get("continue"):
            line.send(event("done", context_id))
