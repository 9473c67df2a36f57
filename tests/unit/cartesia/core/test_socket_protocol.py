"""The handshake, messages in frames, and goodbyes: bytes in, bytes out."""

from __future__ import annotations

import base64
import hashlib
import logging
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Close, Frame, Opcode

from cartesia.core.api_error import WebSocketClosedError, WebSocketConnectError, WebSocketError
from cartesia.core.socket_config import SocketConfig
from cartesia.core.socket_protocol import MAX_HEAD_BYTES, MAX_MESSAGE_BYTES, SocketProtocol

KEY = "sk-secret"
CONFIG = SocketConfig(
    url="ws://host:8000/tts/websocket?cartesia_version=2024-11-13",
    headers={"X-API-Key": KEY, "user-agent": "mine"},
    tls=ssl.create_default_context,
)
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def accept(request: bytes, extra: bytes = b"") -> bytes:
    """The answer of a server that agrees, with further headers."""
    lines = dict(line.split(": ", 1) for line in request.decode().split("\r\n")[1:] if line)
    token = hashlib.sha1((lines["Sec-WebSocket-Key"] + _MAGIC).encode()).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(token) + b"\r\n" + extra + b"\r\n"
    )


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    """A frame of the server."""
    return Frame(opcode, data, fin).serialize(mask=False)


def text(data: bytes) -> bytes:
    return frame(Opcode.TEXT, data)


def close(code: int, reason: str = "") -> bytes:
    return frame(Opcode.CLOSE, Close(code, reason).serialize())


@pytest.fixture
def protocol() -> SocketProtocol:
    """A connection whose handshake is done."""
    protocol = SocketProtocol(CONFIG)
    assert protocol.feed(accept(protocol.outgoing())) == []
    assert protocol.opened
    return protocol


def sent(protocol: SocketProtocol) -> bytes:
    """The payload of the one frame that goes out."""
    data = protocol.outgoing()
    length, mask = data[1] & 0x7F, data[2:6]
    assert len(data) == 6 + length
    return bytes(byte ^ mask[i % 4] for i, byte in enumerate(data[6:]))


def ending(protocol: SocketProtocol, data: Iterable[bytes]) -> WebSocketError:
    """What has become of a connection after this."""
    for piece in data:
        protocol.feed(piece)
    assert protocol.failure is not None
    return protocol.failure


@pytest.mark.parametrize("extra", [b"x-request-id: r-1\r\n", b"X-Request-Id: r-1\r\n" * 2])
def test_the_server_names_the_connection(extra: bytes) -> None:
    protocol = SocketProtocol(CONFIG)
    protocol.feed(accept(protocol.outgoing(), extra))
    assert protocol.request_id == "r-1"
    assert protocol.lost().request_id == "r-1"
    assert ending(protocol, [close(1011)]).request_id == "r-1"


def test_the_handshake_carries_the_key_in_a_header_alone() -> None:
    request = SocketProtocol(CONFIG).outgoing().decode()
    first, *headers = request.split("\r\n")
    assert first == "GET /tts/websocket?cartesia_version=2024-11-13 HTTP/1.1"
    assert f"X-API-Key: {KEY}" in headers
    assert "user-agent: mine" in headers
    assert "User-Agent" not in request
    assert "Sec-WebSocket-Extensions" not in request, "compressing costs more than it saves here"


def test_it_tells_when_there_is_something_to_send(protocol: SocketProtocol) -> None:
    def unsent_after(deed: Callable[[], object]) -> tuple[bool, bool]:
        protocol.outgoing()
        before = protocol.unsent
        deed()
        return before, protocol.unsent

    assert unsent_after(lambda: protocol.feed(text(b"heard"))) == (False, False)
    assert unsent_after(lambda: protocol.send("said")) == (False, True)
    assert unsent_after(protocol.ping) == (False, True)
    assert unsent_after(lambda: protocol.feed(frame(Opcode.PING, b"there?"))) == (False, True)
    closed = WebSocketClosedError("closed")
    assert unsent_after(lambda: protocol.close(closed)) == (False, True)


def test_the_key_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        protocol = SocketProtocol(CONFIG)
        protocol.feed(accept(protocol.outgoing()))
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "The API key is missing or not valid."),
        (402, "The account is out of credit"),
        (403, "The API key does not permit this."),
        (404, "There is no such endpoint"),
        (429, "too many connections"),
        (500, "The server refused the connection."),
    ],
)
def test_a_refused_handshake_says_why(status: int, sentence: str) -> None:
    body = b'{"error": "because"}'
    error = ending(
        SocketProtocol(CONFIG),
        [
            b"HTTP/1.1 %d No\r\nX-Request-Id: r-1\r\nContent-Length: %d\r\n\r\n"
            % (status, len(body)),
            body,
        ],
    )
    assert isinstance(error, WebSocketConnectError)
    assert isinstance(error, RuntimeError)
    assert "Failed to connect to WebSocket" in str(error)
    assert sentence in str(error)
    assert str(error).endswith(f"Status: {status}\nbecause")
    assert (error.status_code, error.body, error.request_id) == (
        status,
        {"error": "because"},
        "r-1",
    )
    assert KEY not in repr(error) + str(error)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"Invalid request: model: got 'ink-9'", "\nInvalid request: model: got 'ink-9'"),
        (b'{"title": "Invalid request", "message": "model: got 7"}', "\nmodel: got 7"),
        (b"<html><h1>Bad gateway</h1></html>", ""),
        (b'{"error": {"code": 7}}', ""),
        (b"", ""),
        (b"x" * 1000, "\n" + 300 * "x" + "..."),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_server(body: bytes, reason: str) -> None:
    head = b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n" % len(body)
    error = ending(SocketProtocol(CONFIG), [head, body])
    assert str(error).endswith(f"Status: 400{reason}")


@pytest.mark.parametrize(
    "answer",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
        [b"HTTP/1.1 101 Switching Protocols\r\n\r\n"],
        [b"hello\r\n\r\n", b""],
        [b"HTTP/1.1 101", b""],
        [b"x" * (MAX_HEAD_BYTES - 1), b"x"],
        [b""],
    ],
)
def test_an_answer_that_is_no_handshake_is_an_error(answer: list[bytes]) -> None:
    protocol = SocketProtocol(CONFIG)
    assert isinstance(ending(protocol, answer), WebSocketConnectError)
    assert not protocol.opened


def test_messages_are_found_however_the_bytes_are_cut(protocol: SocketProtocol) -> None:
    data = (
        text(b"one")
        + frame(Opcode.TEXT, b"t", fin=False)
        + frame(Opcode.PING, b"?")
        + frame(Opcode.CONT, b"w", fin=False)
        + frame(Opcode.CONT, b"o")
        + frame(Opcode.PONG, b"")
        + frame(Opcode.BINARY, b"three")
        + text(b"")
    )
    messages = [m for i in range(len(data)) for m in protocol.feed(data[i : i + 1])]
    assert messages == [b"one", b"two", b"three", b""]
    assert sent(protocol) == b"?", "a ping is answered"


@settings(max_examples=60)
@given(st.data())
def test_any_frames_cut_anywhere_give_their_messages(data: Any) -> None:
    protocol = SocketProtocol(CONFIG)
    answer = accept(protocol.outgoing())
    expected: list[bytes] = []
    stream = [answer]
    sizes = st.one_of(st.integers(0, 200), st.sampled_from([125, 126, 127, 65535, 65536, 70000]))
    for size in data.draw(st.lists(sizes, max_size=8)):
        message = bytes([len(expected)]) * size
        expected.append(message)
        kind = data.draw(st.sampled_from([Opcode.TEXT, Opcode.BINARY]))
        cut = data.draw(st.none() | st.integers(0, size))
        if cut is None:
            stream.append(frame(kind, message))
            continue
        stream.append(frame(kind, message[:cut], fin=False))
        if data.draw(st.booleans()):
            stream.append(frame(Opcode.PING, b"?"))
        stream.append(frame(Opcode.CONT, message[cut:]))
    received = b"".join([*stream, close(1000)])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(received)), max_size=12)))
    ends = zip([0, *cuts], [*cuts, len(received)], strict=True)
    pieces = [received[start:end] for start, end in ends if end > start]
    assert [message for piece in pieces for message in protocol.feed(piece)] == expected
    assert protocol.clean


def test_text_and_bytes_go_out_as_such(protocol: SocketProtocol) -> None:
    for message, opcode in (("ü", Opcode.TEXT), (b"\x00\xff", Opcode.BINARY), ("", Opcode.TEXT)):
        protocol.send(message)
        data = protocol.outgoing()
        assert data[0] == 0x80 | opcode
    protocol.ping()
    assert protocol.outgoing()[0] == 0x80 | Opcode.PING


@pytest.mark.parametrize(("code", "clean"), [(1000, True), (1001, False), (1011, False)])
def test_a_goodbye_of_the_server_is_answered(
    protocol: SocketProtocol, code: int, clean: bool
) -> None:
    error = ending(protocol, [text(b"last"), close(code, "idle")])
    assert isinstance(error, WebSocketClosedError)
    assert f"code {code}: idle" in str(error)
    assert error.body == {"code": code, "reason": "idle"}
    assert protocol.clean is clean
    assert protocol.ended
    assert sent(protocol) == Close(code, "idle").serialize()


def test_a_goodbye_without_a_code_is_in_order(protocol: SocketProtocol) -> None:
    ending(protocol, [frame(Opcode.CLOSE, b"")])
    assert protocol.clean


def test_the_end_of_the_stream_is_no_goodbye(protocol: SocketProtocol) -> None:
    error = ending(protocol, [text(b"one")[:-1], b""])
    assert isinstance(error, WebSocketClosedError)
    assert "ws://host:8000/tts/websocket was lost" in str(error)
    assert protocol.ended
    assert not protocol.clean
    assert protocol.feed(b"more") == []


@pytest.mark.parametrize(
    "data",
    [
        frame(Opcode.CONT, b"x"),
        b"\x83\x00",
        b"\x81\x7f" + (MAX_MESSAGE_BYTES + 1).to_bytes(8, "big"),
        b"\x81\x80\x00\x00\x00\x00",
    ],
)
def test_what_breaks_the_protocol_ends_it(protocol: SocketProtocol, data: bytes) -> None:
    error = ending(protocol, [data])
    assert isinstance(error, WebSocketClosedError)
    assert "because of what the server sent" in str(error)


def test_the_first_failure_counts(protocol: SocketProtocol) -> None:
    first = WebSocketError("first")
    protocol.close(first)
    assert sent(protocol) == Close(1000, "").serialize()
    protocol.close(WebSocketError("second"))
    protocol.fail(WebSocketError("third"))
    assert protocol.outgoing() == b""
    assert ending(protocol, [close(1000), b""]) is first


def test_nothing_is_said_before_the_handshake_is_done() -> None:
    protocol = SocketProtocol(CONFIG)
    protocol.outgoing()
    protocol.close(WebSocketError("gave up"))
    assert protocol.outgoing() == b""
