"""Whoever waits is woken: by cancelling, closing, errors and lost connections, in any thread."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from cartesia import Cartesia
from cartesia.core.api_error import (
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketError,
)
from cartesia.core.socket_connection import Connection

from .peer import Line, SocketPeer, chunk, event, speak
from .surfaces import PATIENCE, Sockets
from .test_conversation import SPEECH, collect, heard


def hold(line: Line) -> None:
    """Answer each request with one word, and nothing more."""
    for request in line.messages():
        if request.get("transcript"):
            line.send(chunk(request["context_id"], b"one"))


def lose(line: Line) -> None:
    """Answer three requests with one word each, and break the connection at the next message."""
    for _ in range(3):
        line.send(chunk(line.receive()["context_id"], b"one"))
    line.receive()
    line.reset()


def fail(line: Line) -> None:
    """Answer three requests, and fail all at the next message."""
    for _ in range(3):
        line.send(chunk(line.receive()["context_id"], b"one"))
    line.receive()
    line.send(event("error", None, error="overload"))
    line.wait_until_closed()


def close_socket(ws: Any, _: list[Any]) -> None:
    ws.close()


def cancel_all(_: Any, contexts: list[Any]) -> None:
    for context in contexts:
        context.cancel()


def close_all(_: Any, contexts: list[Any]) -> None:
    for context in contexts:
        context.close()


def say_more(ws: Any, _: list[Any]) -> None:
    ws.context().send(transcript="more", continue_=True, **SPEECH)


@pytest.mark.parametrize(
    ("script", "deed", "error"),
    [
        (hold, close_socket, WebSocketCancelledError),
        (hold, cancel_all, WebSocketCancelledError),
        (hold, close_all, WebSocketCancelledError),
        (lose, say_more, WebSocketClosedError),
        (fail, say_more, WebSocketError),
    ],
)
def test_every_reader_is_woken(
    sockets: Sockets,
    script: Callable[[Line], None],
    deed: Callable[[Any, list[Any]], None],
    error: type[Exception],
) -> None:
    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url, timeout=PATIENCE)
        contexts = [ws.context() for _ in range(3)]
        readings = [context.receive() for context in contexts]
        for context, reading in zip(contexts, readings, strict=True):
            context.send(transcript="a", continue_=True, **SPEECH)
            assert next(reading).audio == b"one"
        waiting = [sockets.start(collect, reading) for reading in readings]
        deed(ws, contexts)
        for future in waiting:
            audio, caught = future.result(PATIENCE)
            assert audio == []
            assert type(caught) is error


def test_a_reader_may_wait_before_anything_is_sent(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url)
        contexts = [ws.context() for _ in range(3)]
        waiting = [sockets.start(heard, context.receive()) for context in contexts]
        for context in contexts:
            context.send(transcript="a b", **SPEECH)
        assert [future.result(PATIENCE) for future in waiting] == [[b"a", b"b"]] * 3


def test_two_readers_of_one_context_share_what_is_said(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        with sockets.tts(peer.url).context() as context:
            waiting = [sockets.start(heard, context.receive()) for _ in range(2)]
            context.send(transcript=" ".join("abcdefgh"), **SPEECH)
            shares = [future.result(PATIENCE) for future in waiting]
        assert sorted(shares[0] + shares[1]) == [bytes([c]) for c in b"abcdefgh"]


def test_others_read_on_when_one_reader_leaves(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url, timeout=PATIENCE)
        with ws.context() as leaving, ws.context() as staying:
            left = sockets.start(collect, leaving.receive())
            stayed = sockets.start(heard, staying.receive())
            leaving.cancel()
            assert type(left.result(PATIENCE)[1]) is WebSocketCancelledError
            staying.send(transcript="a", **SPEECH)
            assert stayed.result(PATIENCE) == [b"a"]


def test_two_hundred_contexts_share_a_socket(sockets: Sockets) -> None:
    """With flushes and cancels among them, in whatever order the server answers."""

    def shuffle(line: Line) -> None:
        requests = [line.receive() for _ in range(200)]
        events = [
            [chunk(r["context_id"], b"%s/%d" % (r["transcript"].encode(), n)) for n in range(5)]
            + [event("done", r["context_id"])]
            for r in requests
        ]
        chance = random.Random(7)
        while events:
            pick = chance.choice(events)
            line.send(pick.pop(0))
            if not pick:
                events.remove(pick)
        line.wait_until_closed()

    start = threading.Barrier(200)

    def speak_one(ws: Any, number: int) -> list[bytes]:
        start.wait(PATIENCE)
        return heard(ws.send(transcript=str(number), **SPEECH))

    with SocketPeer(shuffle) as peer:
        ws = sockets.tts(peer.url, timeout=PATIENCE)
        waiting = [sockets.start(speak_one, ws, number) for number in range(200)]
        for number, future in enumerate(waiting):
            assert future.result(PATIENCE) == [b"%d/%d" % (number, n) for n in range(5)]
        assert len(peer.lines) == 1


def test_threads_that_do_everything_at_once(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url, timeout=PATIENCE)

        def live(seed: int) -> int:
            chance, done = random.Random(seed), 0
            for _ in range(10):
                words = [f"{seed}-{chance.random()}".encode() for _ in range(chance.randint(1, 9))]
                text = b" ".join(words).decode()
                deed = chance.randrange(4)
                if deed == 0:
                    assert heard(ws.send(transcript=text, **SPEECH)) == words
                elif deed == 1:
                    assert ws.send(transcript=text, stream=False, **SPEECH).audio == b"".join(words)
                elif deed == 2:
                    outputs = ws.send(transcript=text, **SPEECH)
                    assert next(outputs).audio == words[0]
                    outputs.close()
                else:
                    with ws.context() as context:
                        context.send(transcript=text, continue_=True, **SPEECH)
                        segment = context.flush()
                        context.send(transcript="end", **SPEECH)
                        assert heard(segment()) == words
                        assert heard(context.receive()) == [b"end"]
                done += 1
            return done

        waiting = [sockets.start(live, seed) for seed in range(16)]
        assert [future.result(3 * PATIENCE) for future in waiting] == [10] * 16


def test_an_interrupt_while_reading_ends_what_was_going_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was read is lost, so nobody may take the rest for complete."""
    go = threading.Event()

    def script(line: Line) -> None:
        requests = [line.receive(), line.receive()]
        assert go.wait(PATIENCE)
        line.send(*(chunk(request["context_id"], b"one") for request in requests))
        line.wait_until_closed()

    def interrupt(_: bytes) -> None:
        raise KeyboardInterrupt

    with SocketPeer(script, speak) as peer, Cartesia(base_url=peer.url).tts.websocket() as ws:
        outputs = [ws.send(transcript="a", **SPEECH) for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(ws._channel, "feed", interrupt)
            go.set()
            with pytest.raises(KeyboardInterrupt):
                next(outputs[0])
        for stream in outputs:
            with pytest.raises(WebSocketClosedError, match="was lost"):
                next(stream)
        assert heard(ws.send(transcript="b", **SPEECH)) == [b"b"]


def test_an_interrupt_while_closing_leaves_no_connection_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with SocketPeer(Line.wait_until_closed) as peer:
        ws = Cartesia(base_url=peer.url).tts.websocket()
        monkeypatch.setattr(Connection, "wait", interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            ws.close()
        peer.wait_closed()
        assert caught.tb is not None, "it keeps the connection from being collected"
