"""How a socket is opened, refused, kept alive, and opened again."""

from __future__ import annotations

import asyncio
import contextlib
import http
import socket
import ssl
import threading
from typing import Any

import pytest

from cartesia import AsyncCartesia
from cartesia.core import socket_async, socket_sync
from cartesia.core.api_error import (
    ApiConnectionError,
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
)

from .peer import Line, SocketPeer, chunk, event, frame_of, speak
from .surfaces import PATIENCE, Sockets
from .test_conversation import SPEECH, collect, heard


def refusal(status: int, body: bytes = b'{"error": "because"}', **headers: str) -> bytes:
    """The bytes of a refused handshake."""
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return (
        f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\nContent-Length: {len(body)}\r\n"
        f"{''.join(lines)}\r\n"
    ).encode() + body


# --- handshakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "sentence", "attempts"),
    [
        (401, "The API key is missing or not valid.", 1),
        (402, "out of credit", 1),
        (403, "does not permit this", 1),
        (404, "no such endpoint", 1),
        (429, "too many connections", 3),
        (503, "refused the connection", 3),
    ],
)
def test_a_refused_handshake(sockets: Sockets, status: int, sentence: str, attempts: int) -> None:
    with SocketPeer(speak) as peer:
        peer.refuse = lambda _: refusal(status, X_Request_Id="r-1")
        client = sockets.client(peer.url, api_key="sk-secret", max_retries=2)
        for open_socket in (client.tts.websocket, client.stt.websocket):
            handshakes = peer.handshakes
            with pytest.raises(WebSocketConnectError) as caught:
                open_socket()
            assert peer.handshakes - handshakes == attempts
            error = caught.value
            assert isinstance(error, RuntimeError)
            assert "Failed to connect to WebSocket" in str(error)
            assert sentence in str(error)
            assert f"Status: {status}" in str(error)
            assert (error.status_code, error.body, error.request_id) == (
                status,
                {"error": "because"},
                "r-1",
            )
            assert "sk-secret" not in f"{error!r} {error} {error.hint}"


def test_opening_is_tried_again_until_it_works(sockets: Sockets) -> None:
    answers = iter([refusal(503), b"", None])
    with SocketPeer(speak) as peer:
        peer.refuse = lambda _: next(answers)
        ws = sockets.client(peer.url, max_retries=2).tts.websocket()
        assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
        ws.close()


def test_nobody_listens(sockets: Sockets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ApiConnectionError, match=f"ws://127.0.0.1:{port}/tts/websocket") as caught:
        sockets.client(f"http://127.0.0.1:{port}", max_retries=1).tts.websocket()
    assert isinstance(caught.value, WebSocketConnectError)


def test_connecting_twice_opens_one_connection(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url)
        waiting = [sockets.start(ws.connect) for _ in range(4)]
        for future in waiting:
            future.result(PATIENCE)
        assert ws.websocket is not None
        assert peer.handshakes == 1


# --- again ----------------------------------------------------------------------------------------


def test_an_idle_socket_that_the_server_closed_opens_again(sockets: Sockets) -> None:
    def tire(line: Line) -> None:
        request = line.receive()
        line.send(chunk(request["context_id"], b"one"), event("done", request["context_id"]))
        line.receive()
        line.close(1000, "connection idle timeout")

    with SocketPeer(tire, tire, speak) as peer:
        ws = sockets.tts(peer.url)
        assert heard(ws.send(transcript="a", **SPEECH)) == [b"one"]
        expired = ws.context()
        expired.send(transcript="b", continue_=True, **SPEECH)
        peer.wait_closed()
        with pytest.raises(WebSocketClosedError, match="idle timeout"):
            expired.send(transcript="b", **SPEECH)
        assert heard(ws.send(transcript="c", **SPEECH)) == [b"one"]
        # The second connection is cut while nobody looks.
        peer.lines[1].hang_up()
        peer.wait_closed()
        assert heard(ws.send(transcript="d", **SPEECH)) == [b"d"]
        assert len(peer.lines) == 3


def test_a_socket_closed_by_the_program_opens_again(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url)
        with ws:
            assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
        assert ws.websocket is None
        ws.close()
        assert heard(ws.send(transcript="b", **SPEECH)) == [b"b"]
        assert peer.handshakes == 2


def test_a_context_ends_when_its_socket_cannot_be_opened(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url)
        ws.close()
        peer.refuse = lambda _: refusal(503)
        context = ws.context()
        waiting = sockets.start(collect, context.receive())
        with pytest.raises(WebSocketConnectError):
            context.send(transcript="a", **SPEECH)
        assert isinstance(waiting.result(PATIENCE)[1], WebSocketConnectError)
        peer.refuse = lambda _: None
        assert heard(ws.send(transcript="b", **SPEECH)) == [b"b"]


# --- pings ----------------------------------------------------------------------------------------


def test_pings_of_the_server_are_answered_while_somebody_waits(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        request = line.receive()
        line.ping()
        while not any(frame.opcode == 10 for frame in line._events):
            assert line._read()
        line.send(event("done", request["context_id"]))
        line.wait_until_closed()

    with SocketPeer(script) as peer:
        assert heard(sockets.tts(peer.url).send(transcript="a", **SPEECH)) == []


def test_pings_keep_a_socket_alive_when_asked_for(sockets: Sockets) -> None:
    pinged = threading.Event()

    def script(line: Line) -> None:
        while line._peer.pings < 2:
            assert line._read()
            line._peer.pings += sum(frame.opcode == 9 for frame in line._events)
            line._events.clear()
        pinged.set()
        speak(line)

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url, ping_interval=0.2)
        assert pinged.wait(PATIENCE)
        assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
        assert peer.handshakes == 1


def test_a_server_that_answers_no_ping_is_gone(sockets: Sockets) -> None:
    over = threading.Event()
    with SocketPeer(lambda _: over.wait(PATIENCE), speak) as peer:
        ws = sockets.tts(peer.url, ping_interval=0.2, timeout=PATIENCE)
        outputs = ws.send(transcript="a", **SPEECH)
        with pytest.raises(WebSocketClosedError, match="no answer to a ping"):
            next(outputs)
        over.set()
        assert heard(ws.send(transcript="b", **SPEECH)) == [b"b"]


def test_a_slow_reader_does_not_make_a_server_look_gone(sockets: Sockets) -> None:
    """Its answers to pings wait behind audio that nobody reads."""
    piece, most = b"x" * 30_000, 200 << 20
    sent: list[int] = []
    clogged = threading.Event()

    def script(line: Line) -> None:
        request = line.receive()
        frame = frame_of(chunk(request["context_id"], piece))
        sent.append(line.send_until_clogged(frame, most))
        clogged.set()
        line.send_bytes(frame[sent[0] % len(frame) :])
        line.send(event("done", request["context_id"]))
        list(line.messages())

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url)
        outputs = ws.send(transcript="a", **SPEECH)
        next(outputs)
        assert clogged.wait(PATIENCE)
        assert sent[0] < most
        socket = getattr(ws, "_target", ws)._socket
        for _ in range(20):
            if sockets.loop is None:
                socket.ping(socket.connection)
            else:
                sockets.loop.run(socket.ping, socket.connection)
        assert set(heard(outputs)) == {piece}


# --- TLS ------------------------------------------------------------------------------------------


def test_a_secure_socket(
    sockets: Sockets, secure_peer: SocketPeer, trusting: ssl.SSLContext
) -> None:
    words = [b"x" * 1000] * 500
    ws = sockets.tts(secure_peer.url, ssl=trusting)
    transcript = b" ".join(words).decode()
    waiting = [sockets.start(lambda: heard(ws.send(transcript=transcript, **SPEECH))) for _ in "ab"]
    assert [future.result(PATIENCE) for future in waiting] == [words] * 2
    ws.close()
    assert heard(ws.send(transcript="again", **SPEECH)) == [b"again"]


def test_certificate_authorities_are_read_once_for_all_sockets_of_a_client(
    sockets: Sockets,
    secure_peer: SocketPeer,
    trusting: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[ssl.SSLContext] = []

    def read_authorities() -> ssl.SSLContext:
        read.append(trusting)
        return trusting

    monkeypatch.setattr("httpcore.default_ssl_context", read_authorities)
    client = sockets.client(secure_peer.url)
    for _ in range(2):
        client.tts.websocket().close()
    assert len(read) == 1


def test_certificates_are_checked(sockets: Sockets, secure_peer: SocketPeer) -> None:
    with pytest.raises(WebSocketConnectError, match="certificate verify failed"):
        sockets.tts(secure_peer.url)


def test_a_secure_socket_that_is_cut(
    sockets: Sockets, secure_peer: SocketPeer, trusting: ssl.SSLContext
) -> None:
    ws = sockets.tts(secure_peer.url, ssl=trusting)
    with ws.context() as context:
        context.send(transcript="a", continue_=True, **SPEECH)
        reading = context.receive()
        assert next(reading).audio == b"a"
        waiting = sockets.start(collect, reading)
        secure_peer.lines[0].hang_up()
        assert isinstance(waiting.result(PATIENCE)[1], WebSocketError)


# --- the end --------------------------------------------------------------------------------------


def test_a_client_says_goodbye_over_all_its_sockets_at_once(
    sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (socket_sync, socket_async):
        monkeypatch.setattr(module, "GOODBYE_SECONDS", 2 * PATIENCE)
    everybody = threading.Barrier(3)
    together: list[bool] = []

    def answer_when_all_have_said_it(line: Line) -> None:
        line.wait_for_bytes()
        with contextlib.suppress(threading.BrokenBarrierError):
            everybody.wait(PATIENCE / 2)
        together.append(not everybody.broken)

    with SocketPeer(answer_when_all_have_said_it) as peer:
        client = sockets.client(peer.url)
        kept = [client.tts.websocket(), client.stt.websocket(), client.tts.websocket()]
        client.close()
        peer.wait_closed(3)
    assert together == [True, True, True]
    assert all(one.websocket is None for one in kept)


def test_a_stream_whose_socket_was_dropped_ends_with_the_client(sockets: Sockets) -> None:
    with SocketPeer(lambda line: list(line.messages())) as peer:
        client = sockets.client(peer.url)
        outputs = client.tts.websocket().send(transcript="a", **SPEECH)
        client.close()
        with pytest.raises(WebSocketCancelledError, match="closed together with its socket"):
            next(outputs)


# --- event loops ----------------------------------------------------------------------------------


def test_a_socket_moves_to_another_event_loop_once_its_own_is_closed() -> None:
    with SocketPeer(speak) as peer:
        client = AsyncCartesia(base_url=peer.url)
        kept: list[Any] = []

        async def first() -> None:
            ws = await client.tts.websocket()
            kept.extend([ws, ws.context()])
            assert [o.audio async for o in await ws.send(transcript="a", **SPEECH)] == [b"a"]

        async def second() -> None:
            ws, context = kept
            await context.send(transcript="b", **SPEECH)
            assert [o.audio async for o in context.receive()] == [b"b"]
            await ws.close()

        asyncio.run(first())
        asyncio.run(second())


def test_a_loop_that_was_stopped_without_winding_up_leaves_a_dead_socket() -> None:
    with SocketPeer(speak) as peer:
        client = AsyncCartesia(base_url=peer.url)
        old = asyncio.new_event_loop()
        ws = old.run_until_complete(client.tts.websocket())
        begun = ws.context()
        old.run_until_complete(begun.send(transcript="a", continue_=True, **SPEECH))
        transport: Any = ws.websocket._transport  # type: ignore[union-attr]
        old.close()

        async def go_on() -> None:
            with pytest.raises(WebSocketClosedError, match="event loop is closed"):
                await begun.send(transcript="b", **SPEECH)
            assert [o.audio async for o in await ws.send(transcript="b", **SPEECH)] == [b"b"]
            await ws.close()

        asyncio.run(go_on())
        transport._sock.close()
        transport._sock = None  # What the loop left open would warn.


def test_two_event_loops_do_not_share_a_socket() -> None:
    sockets = Sockets(asynchronous=True)
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url)

        async def intrude() -> None:
            with pytest.raises(WebSocketError, match="in use in another event loop"):
                await ws._target.send(transcript="a", **SPEECH)

        asyncio.run(intrude())
        assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
        asyncio.run(ws._target.close())
        assert ws.websocket is None
        sockets.close()
