"""Peers that stop reading or sending, and readers that are slow: limits hold, and nobody hangs."""

from __future__ import annotations

import threading

import pytest

from cartesia.core.api_error import ApiTimeoutError, WebSocketOverflowError, WebSocketTimeoutError

from .peer import Line, SocketPeer, chunk, event, frame_of, speak
from .surfaces import PATIENCE, Sockets
from .test_conversation import SPEECH, collect, heard

MEGABYTE = 1 << 20


def say_nothing(line: Line) -> None:
    line.receive()
    line.wait_until_closed()


def test_a_server_that_says_nothing(sockets: Sockets) -> None:
    with SocketPeer(say_nothing) as peer:
        ws = sockets.tts(peer.url, timeout=0.2)
        outputs = ws.send(transcript="a", **SPEECH)
        with pytest.raises(WebSocketTimeoutError, match="Timeout while waiting for audio chunk"):
            next(outputs)
        assert heard(outputs) == []
        with ws.context() as context:
            context.send(transcript="a", **SPEECH)
            with pytest.raises(ApiTimeoutError):
                list(context.receive())
            assert not context.is_closed(), "the reader has given up, and not the context"


def test_a_server_that_does_not_shake_hands(sockets: Sockets) -> None:
    over = threading.Event()
    with SocketPeer(speak) as peer:
        peer.refuse = lambda _: b"" if over.wait(PATIENCE) else None
        with pytest.raises(WebSocketTimeoutError, match=r"no answer within 0\.2 s"):
            sockets.tts(peer.url, timeout=0.2)
        over.set()


def test_a_server_that_stops_reading(sockets: Sockets) -> None:
    over = threading.Event()
    with SocketPeer(lambda _: over.wait(PATIENCE), speak) as peer:
        ws = sockets.tts(peer.url, timeout=0.5)
        stuck = ws.context()
        with pytest.raises(WebSocketTimeoutError, match="the server to read on"):
            for _ in range(100):
                stuck.send(transcript="x" * MEGABYTE, continue_=True, **SPEECH)
        with pytest.raises(WebSocketTimeoutError):
            next(stuck.receive())
        assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
        over.set()


def test_a_server_that_reads_only_when_it_is_rid_of_its_answers(sockets: Sockets) -> None:
    """Both would wait for each other for ever, did a sender not read."""
    size, count = MEGABYTE, 12

    def script(line: Line) -> None:
        for _ in range(count):
            request = line.receive()
            line.send(chunk(request["context_id"], b"x" * size))
        line.send(event("done", request["context_id"]))
        line.wait_until_closed()

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url)
        with ws.context() as context:
            for _ in range(count - 1):
                context.send(transcript="y" * size, continue_=True, **SPEECH)
            context.send(transcript="y" * size, **SPEECH)
            assert sum(map(len, heard(context.receive()))) == size * count


def test_a_single_slow_reader_slows_the_server_and_loses_nothing(sockets: Sockets) -> None:
    most, piece = 200 * MEGABYTE, b"x" * 12000
    sent: list[int] = []
    clogged = threading.Event()

    def script(line: Line) -> None:
        request = line.receive()
        frame = frame_of(chunk(request["context_id"], piece))
        sent.append(line.send_until_clogged(frame, most))
        clogged.set()
        line.send_bytes(frame[sent[0] % len(frame) :])
        line.send(event("done", request["context_id"]))
        sent.append(sent[0] // len(frame) + 1)
        line.wait_until_closed()

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url, max_buffered_bytes=MEGABYTE)
        outputs = ws.send(transcript="a", **SPEECH)
        first = next(outputs)
        assert clogged.wait(PATIENCE)
        assert sent[0] < most, "the server was never slowed"
        audio = [first.audio, *heard(outputs)]
        assert audio == [piece] * sent[1]


def test_a_slow_reader_among_others_overflows_alone(sockets: Sockets) -> None:
    piece, count = b"x" * 30_000, 200

    def script(line: Line) -> None:
        slow, quick = line.receive(), line.receive()
        for number in range(count):
            line.send(chunk(slow["context_id"], piece))
            line.send(chunk(quick["context_id"], b"%d" % number))
        line.send(*(event("done", request["context_id"]) for request in (slow, quick)))
        speak(line)

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url, max_buffered_bytes=MEGABYTE)
        slow = ws.send(transcript="a", context_id="slow", **SPEECH)
        quick = ws.send(transcript="b", **SPEECH)
        assert heard(quick) == [b"%d" % number for number in range(count)]
        audio, error = collect(slow)
        assert isinstance(error, WebSocketOverflowError)
        assert "over 1048576 bytes" in str(error)
        assert 20 < len(audio) < 40
        assert set(audio) == {piece}
        assert heard(ws.send(transcript="c", **SPEECH)) == [b"c"]
        assert {"context_id": "slow", "cancel": True} in peer.messages


def test_a_bound_that_cannot_work_is_refused(sockets: Sockets) -> None:
    with pytest.raises(
        ValueError, match="max_buffered_bytes: got 1000; accepted is a whole number from 1048576"
    ):
        sockets.tts("http://localhost:9", max_buffered_bytes=1000)
