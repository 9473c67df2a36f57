"""A server that sends the same bytes to everybody, made before anybody asks.

It measures clients: its own work between a request and the last byte of the answer is one
`sendall`. It speaks as much of HTTP/1.1 and of WebSockets as the benchmarked clients need, and runs
in a process of its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import multiprocessing
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHUNK_BYTES = 16 * 1024
CHUNKS = 2000
PAGES = 60
PAGE_VOICES = 100
EMBEDDING_SIZE = 192

WARM_UP = "warm-up"
"""As a transcript or a context id: asks for a short answer."""
MEASURED = "measured"
"""As a transcript or a context id: asks for the whole answer."""

_WARM_UP_CHUNKS = 5
_ACCEPT_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


@dataclass(frozen=True)
class Answers:
    """Everything that is ever sent.

    Attributes:
        status: Answer to a request for the state of the service.
        audio: Answers to `/tts/bytes`, by transcript.
        events: Answers to `/tts/sse`, by transcript.
        frames: WebSocket frames for a context, by its id.
        pages: Answers to `/voices`, by `starting_after`.
    """

    status: bytes
    audio: Mapping[str, bytes]
    events: Mapping[str, bytes]
    frames: Mapping[str, bytes]
    pages: Mapping[str, bytes]


def make_answers() -> Answers:
    """Make what is sent: the same at every run."""
    dice = random.Random(192)
    audio = dice.randbytes(CHUNK_BYTES)
    encoded = base64.b64encode(audio).decode()
    sizes = {WARM_UP: _WARM_UP_CHUNKS, MEASURED: CHUNKS}
    return Answers(
        status=_json_answer({"ok": True, "version": "2024-11-13"}),
        audio={name: _stream_answer("audio/wav", [audio] * n) for name, n in sizes.items()},
        events={
            name: _stream_answer(
                "text/event-stream",
                [_sse(event) for event in speech_events(encoded, name, n)],
            )
            for name, n in sizes.items()
        },
        frames={
            name: b"".join(frame(_TEXT, event) for event in speech_events(encoded, name, n))
            for name, n in sizes.items()
        },
        pages=_voice_pages(dice),
    )


def speech_events(data: str, context_id: str, chunks: int) -> list[bytes]:
    """The events of one context: pieces of audio, then the end."""
    common = {"context_id": context_id, "status_code": 206}
    chunk = {"type": "chunk", "data": data, "step_time": 12.5, "done": False, **common}
    return [_dump(chunk)] * chunks + [_dump({"type": "done", "done": True, **common})]


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole, unmasked WebSocket frame."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
    return head + payload


def _voice_pages(dice: random.Random) -> dict[str, bytes]:
    ids = [str(number) for number in range(PAGES * PAGE_VOICES)]
    pages = {}
    cursor = ""
    for first in range(0, len(ids), PAGE_VOICES):
        names = ids[first : first + PAGE_VOICES]
        more = first + PAGE_VOICES < len(ids)
        page = {
            "data": [_voice(name, dice) for name in names],
            "has_more": more,
            "next_page": names[-1] if more else None,
        }
        pages[cursor] = _json_answer(page)
        cursor = names[-1]
    return {**pages, cursor: _json_answer({"data": [], "has_more": False, "next_page": None})}


def _voice(name: str, dice: random.Random) -> dict[str, Any]:
    return {
        "id": name,
        "user_id": "somebody",
        "is_owner": False,
        "is_public": True,
        "name": f"Voice {name}",
        "description": "A voice for reading aloud, neither young nor old",
        "created_at": "2024-11-13T07:06:22.476564Z",
        "language": "en",
        "gender": "feminine",
        "embedding": [round(dice.gauss(0, 0.1), 9) for _ in range(EMBEDDING_SIZE)],
    }


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _sse(event: bytes) -> bytes:
    kind = json.loads(event)["type"]
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), event)


def _json_answer(value: Any) -> bytes:
    body = _dump(value)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def _stream_answer(content_type: str, pieces: list[bytes]) -> bytes:
    """An answer of unknown length, as streams of speech are."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    return b"".join([head.encode(), *chunks, b"0\r\n\r\n"])


@dataclass(frozen=True)
class Request:
    """An HTTP request: method, path without query, query, headers in lower case, body."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes


def read_request(stream: BufferedReader) -> Request | None:
    """Read a request; None if there is none left."""
    line = stream.readline().decode()
    if not line:
        return None
    method, target, _ = line.split(" ", 2)
    headers = {}
    while field := stream.readline().decode().strip():
        name, _, value = field.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    url = urlsplit(target)
    return Request(method, url.path.rstrip("/"), parse_qs(url.query), headers, body)


def read_frames(stream: BufferedReader) -> Iterator[tuple[int, bytes]]:
    """Opcode and payload of each frame that a client sends, until it is gone."""
    while len(head := stream.read(2)) == 2:
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", stream.read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", stream.read(8))
        mask = stream.read(4)
        masked = stream.read(size)
        yield head[0] & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked))


def handshake_answer(request: Request) -> bytes:
    """The answer that turns a connection into a WebSocket."""
    key = request.headers["sec-websocket-key"].encode()
    accept = base64.b64encode(hashlib.sha1(key + _ACCEPT_KEY).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept
    )


def _answer(answers: Answers, request: Request) -> bytes:
    if request.path == "/voices":
        return answers.pages[request.query.get("starting_after", [""])[0]]
    if request.path == "/tts/bytes":
        return answers.audio[json.loads(request.body)["transcript"]]
    if request.path == "/tts/sse":
        return answers.events[json.loads(request.body)["transcript"]]
    return answers.status


def converse(
    connection: socket.socket, stream: BufferedReader, on_text: Callable[[bytes], None]
) -> None:
    """Keep a WebSocket until the client closes it."""
    for opcode, payload in read_frames(stream):
        if opcode == _TEXT:
            on_text(payload)
        elif opcode == _PING:
            connection.sendall(frame(_PONG, payload))
        elif opcode == _CLOSE:
            connection.sendall(frame(_CLOSE, payload))
            return


def _serve_connection(answers: Answers, connection: socket.socket) -> None:
    def speak(message: bytes) -> None:
        request = json.loads(message)
        if not request.get("continue") and not request.get("cancel"):
            connection.sendall(answers.frames[request["context_id"]])

    with connection, connection.makefile("rb") as stream:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while request := read_request(stream):
                if request.headers.get("upgrade", "").lower() == "websocket":
                    connection.sendall(handshake_answer(request))
                    converse(connection, stream, speak)
                    return
                connection.sendall(_answer(answers, request))
        except ConnectionError:
            return  # a client that has what it wanted goes without a word


def _serve(report: Connection) -> None:
    answers = make_answers()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        report.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=_serve_connection, args=(answers, connection), daemon=True
            ).start()


@contextmanager
def fixed_server(serve: Callable[[Connection], None] = _serve) -> Iterator[int]:
    """Run a server in a process of its own.

    Args:
        serve: Its work; sends the port to the connection that it gets.

    Yields:
        The port on the loopback interface.
    """
    spawn = multiprocessing.get_context("spawn")
    report, child = spawn.Pipe(duplex=False)
    process = spawn.Process(target=serve, args=(child,), daemon=True)
    process.start()
    # While this process holds that end too, nobody would learn that the other one has died.
    child.close()
    try:
        try:
            port = report.recv()
        except EOFError:
            process.join()
            raise RuntimeError(
                f"the server's process ended before it served, with code {process.exitcode}"
            ) from None
        yield port
    finally:
        process.terminate()
        process.join()
