"""Sockets for turns: opened when the server has accepted the settings, one session each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cartesia import AsyncCartesia
from cartesia.core.api_error import (
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
    WebSocketTimeoutError,
)
from cartesia.stt import TurnEnd, TurnEvent, TurnStart, TurnUpdate

from .peer import Line, SocketPeer
from .surfaces import PATIENCE, Sockets

AUDIO = b"\x01\x02" * 320
CONNECTED = {"type": "connected", "request_id": "r"}
CLOSE = {"type": "close"}


def count(line: Line) -> None:
    """A service that hears how many bytes were sent."""
    line.send(CONNECTED)
    size = 0
    for message in line.messages():
        if isinstance(message, bytes):
            if not size:
                line.send({"type": "turn.start", "request_id": "r"})
            size += len(message)
            line.send({"type": "turn.update", "request_id": "r", "transcript": str(size)})
        elif message == CLOSE:
            line.send({"type": "turn.end", "request_id": "r", "transcript": str(size)})
            line.close()
            return


def whole(chunks: int) -> list[TurnEvent]:
    """The events of so many pieces of audio."""
    sizes = [len(AUDIO) * number for number in range(1, chunks + 1)]
    return [
        TurnStart(request_id="r"),
        *(TurnUpdate(request_id="r", transcript=str(size)) for size in sizes),
        TurnEnd(request_id="r", transcript=str(sizes[-1])),
    ]


@pytest.fixture
def peer() -> Iterator[SocketPeer]:
    with SocketPeer(count) as peer:
        yield peer


def test_everything_may_be_sent_before_anything_is_read(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.client(peer.url, api_key="sk-1").stt.turns(
        model="ink-2",
        encoding="pcm_s16le",
        sample_rate=8000,
        language="en",
        turn_start_threshold=0.7,
        turn_eager_end_threshold=0.5,
        turn_end_threshold=0.2,
        turn_end_timeout_ms=3000,
        keyterm=["Ink", "a&b"],
    )
    for _ in range(100):
        ws.send(AUDIO)
    ws.finish()
    ws.finish()
    assert list(ws) == whole(100)
    assert list(ws) == []
    ws.close()
    request = peer.lines[0].request
    assert request.path == (
        "/stt/turns/websocket?model=ink-2&encoding=pcm_s16le&sample_rate=8000&language=en"
        "&turn_start_threshold=0.7&turn_eager_end_threshold=0.5&turn_end_threshold=0.2"
        "&turn_end_timeout_ms=3000&keyterm=Ink&keyterm=a%26b&cartesia_version=2024-11-13"
    )
    assert request.headers["X-API-Key"] == "sk-1"
    assert peer.messages.count(CLOSE) == 1
    assert (ws.request_id, ws.api_key) == ("r", "sk-1")
    assert ws.ws_url == f"ws://localhost:{peer.port}/stt/turns/websocket"


def test_what_is_left_out_is_not_sent(sockets: Sockets, peer: SocketPeer) -> None:
    sockets.turns(peer.url)
    assert peer.lines[0].request.path == (
        "/stt/turns/websocket?model=ink-2&encoding=pcm_s16le&sample_rate=16000"
        "&cartesia_version=2024-11-13"
    )


def test_sending_and_reading_at_the_same_time(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.turns(peer.url)
    events = sockets.start(lambda: list(ws))
    for _ in range(100):
        ws.send(AUDIO)
    ws.finish()
    assert events.result(PATIENCE) == whole(100)


def test_settings_change_on_the_way(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.turns(peer.url)
    ws.configure(start_threshold=0.6, eager_end_threshold=0.5, end_threshold=0.1)
    ws.configure(end_timeout_ms=3000)
    ws.send(AUDIO)
    ws.finish()
    assert list(ws) == whole(1)
    changes = {"start_threshold": 0.6, "eager_end_threshold": 0.5, "end_threshold": 0.1}
    assert peer.messages == [
        {"type": "config", "turn": changes},
        {"type": "config", "turn": {"end_timeout_ms": 3000}},
        AUDIO,
        CLOSE,
    ]


def test_audio_alone_can_be_sent(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.turns(peer.url)
    for wrong in (7, None, "close"):
        with pytest.raises(TypeError, match="accepted are bytes of audio"):
            ws.send(wrong)
    ws.send(bytearray(AUDIO))
    ws.finish()
    assert list(ws) == whole(1)


# --- listening ------------------------------------------------------------------------------------


def chunks(number: int) -> Iterator[bytes]:
    for _ in range(number):
        yield AUDIO


def test_any_iterable_is_listened_to(sockets: Sockets, peer: SocketPeer) -> None:
    for audio in ([AUDIO] * 3, iter([AUDIO] * 3), chunks(3)):
        ws = sockets.turns(peer.url)
        assert list(ws.listen(audio)) == whole(3)
        assert ws.websocket is None, "listening closes the socket"


@pytest.mark.anyio
async def test_tasks_listen_to_audio_while_it_is_made(peer: SocketPeer) -> None:
    heard_one = asyncio.Semaphore(0)

    async def audio() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield AUDIO
            await asyncio.wait_for(heard_one.acquire(), PATIENCE)

    events = []
    async with AsyncCartesia(base_url=peer.url).stt.turns() as ws:
        async for event in ws.listen(audio()):
            events.append(event)
            if event.type == "turn.update":
                heard_one.release()
    assert events == whole(3)


def test_what_the_audio_raises_is_raised(sockets: Sockets, peer: SocketPeer) -> None:
    def audio() -> Iterator[Any]:
        yield AUDIO
        raise LookupError("no microphone")

    for broken, error in ((audio(), LookupError), (iter([AUDIO, 7]), TypeError)):
        with pytest.raises(error):
            list(sockets.turns(peer.url).listen(broken))


def test_listening_given_up_early_closes_the_socket(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.turns(peer.url)
    events = ws.listen(chunks(1000))
    next(events)
    events.close()
    assert ws.websocket is None
    peer.wait_closed()


# --- opening --------------------------------------------------------------------------------------


def test_an_error_in_place_of_the_first_event(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.send({"type": "error", "request_id": "r", "message": "odd", "status_code": 400})
        line.close(1008)

    with SocketPeer(script) as peer:
        with pytest.raises(WebSocketConnectError, match="Error transcribing audio: odd") as caught:
            sockets.turns(peer.url)
        assert (caught.value.status_code, caught.value.request_id) == (400, "r")
        assert peer.handshakes == 1


@pytest.mark.parametrize("code", [1000, 1011])
def test_a_server_that_leaves_before_the_first_event(sockets: Sockets, code: int) -> None:
    with (
        SocketPeer(lambda line: line.close(code, "bye")) as peer,
        pytest.raises(WebSocketClosedError, match=f"code {code}: bye"),
    ):
        sockets.turns(peer.url)


def test_a_server_that_says_nothing(sockets: Sockets) -> None:
    with SocketPeer(lambda line: line.wait_until_closed()) as peer:
        with pytest.raises(WebSocketTimeoutError, match="waiting for the session to begin"):
            sockets.turns(peer.url, timeout=0.2)
        peer.wait_closed()


def test_a_refused_handshake(sockets: Sockets, peer: SocketPeer) -> None:
    peer.refuse = lambda _: b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(WebSocketConnectError, match="Status: 401"):
        sockets.turns(peer.url)


# --- endings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "fails"), [(1000, False), (1001, True), (1011, True)])
def test_a_goodbye_of_the_server(sockets: Sockets, code: int, fails: bool) -> None:
    def script(line: Line) -> None:
        line.send(CONNECTED, {"type": "turn.start", "request_id": "r"})
        line.close(code, "bye")

    with SocketPeer(script) as peer:
        ws = sockets.turns(peer.url)
        assert next(ws) == TurnStart(request_id="r")
        if fails:
            for use in (lambda: next(ws), lambda: ws.send(AUDIO), ws.finish):
                with pytest.raises(WebSocketClosedError, match=f"code {code}: bye"):
                    use()
        else:
            assert list(ws) == []
            ws.finish()
            with pytest.raises(WebSocketClosedError, match="session is over"):
                ws.send(AUDIO)
        assert peer.handshakes == 1


def test_an_error_of_the_server_is_raised_and_the_session_goes_on(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.send(CONNECTED)
        line.receive()
        line.send({"type": "error", "request_id": "r", "message": "odd", "status_code": 400})
        line.send({"type": "turn.start", "request_id": "r"})
        line.close()

    with SocketPeer(script) as peer:
        ws = sockets.turns(peer.url)
        ws.configure(end_threshold=7)
        with pytest.raises(WebSocketError, match="Error transcribing audio: odd"):
            next(ws)
        assert list(ws) == [TurnStart(request_id="r")]


def test_closing_wakes_whoever_waits(sockets: Sockets, peer: SocketPeer) -> None:
    with sockets.turns(peer.url) as ws:
        waiting = sockets.start(lambda: list(ws))
        ws.send(AUDIO)
    with pytest.raises(WebSocketCancelledError):
        waiting.result(PATIENCE)
    with pytest.raises(WebSocketCancelledError):
        ws.send(AUDIO)
    assert peer.handshakes == 1


def test_an_end_that_is_due_is_not_awaited_for_ever(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.send(CONNECTED)
        line.wait_until_closed()

    with SocketPeer(script) as peer:
        ws = sockets.turns(peer.url, timeout=0.2)
        waiting = sockets.start(lambda: list(ws))
        ws.send(AUDIO)
        # Longer than the timeout: silence is no failure.
        assert not threading.Event().wait(0.4)
        assert not waiting.done()
        ws.finish()
        with pytest.raises(WebSocketTimeoutError, match="waiting for the end of the turn"):
            waiting.result(PATIENCE)
