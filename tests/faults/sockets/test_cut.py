"""Connections that end anywhere: what came is heard, once, and then a typed error comes."""

from __future__ import annotations

from typing import Any

import pytest

from cartesia.core.api_error import (
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
)

from .peer import Line, SocketPeer, chunk, event, frame_of, speak
from .surfaces import Sockets
from .test_conversation import SPEECH, collect, heard

ACCEPT = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"


def exchange(context_id: str) -> list[bytes]:
    """A small answer, in frames."""
    return [
        frame_of(chunk(context_id, b"one")),
        frame_of(event("timestamps", context_id, word_timestamps=None)),
        frame_of(chunk(context_id, b"two")),
        frame_of(event("done", context_id)),
    ]


WHOLE = b"".join(exchange("mine"))


def cut_after(count: int, *, half: bool) -> Any:
    """A script that sends so many bytes of the answer."""

    def script(line: Line) -> None:
        line.receive()
        line.send_bytes(WHOLE[:count])
        if half:
            line.half_close()
            line.wait_until_closed()
        else:
            line.hang_up()

    return script


@pytest.mark.parametrize("half", [False, True])
def test_a_connection_cut_at_any_byte_of_the_answer(sockets: Sockets, half: bool) -> None:
    scripts = [cut_after(count, half=half) for count in range(len(WHOLE) + 1)]
    ends_of_audio = [len(b"".join(exchange("mine")[:1])), len(b"".join(exchange("mine")[:3]))]
    with SocketPeer(*scripts) as peer:
        ws = sockets.tts(peer.url)
        for count in range(len(WHOLE) + 1):
            audio, error = collect(ws.send(transcript="a", context_id="mine", **SPEECH))
            whole_words = sum(count >= end for end in ends_of_audio)
            assert audio == [b"one", b"two"][:whole_words], count
            if count == len(WHOLE):
                assert error is None
            else:
                assert isinstance(error, WebSocketClosedError), count
                assert "was lost" in str(error)


def test_a_handshake_cut_at_any_byte(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        for count in range(len(ACCEPT)):
            peer.refuse = lambda _, count=count: ACCEPT[:count]  # type: ignore[misc]
            with pytest.raises(WebSocketConnectError, match="Failed to connect to WebSocket"):
                sockets.tts(peer.url)


def test_a_connection_that_breaks(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        request = line.receive()
        line.send(chunk(request["context_id"], b"one"))
        line.receive()
        line.reset()

    with SocketPeer(script, speak) as peer:
        ws = sockets.tts(peer.url)
        outputs = ws.send(transcript="a", **SPEECH)
        assert next(outputs).audio == b"one"
        ws.context().send(transcript="b", **SPEECH)
        with pytest.raises(WebSocketClosedError):
            next(outputs)
        assert heard(ws.send(transcript="c", **SPEECH)) == [b"c"]


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012])
def test_a_goodbye_in_the_middle_ends_every_context(sockets: Sockets, code: int) -> None:
    def script(line: Line) -> None:
        requests = [line.receive() for _ in range(2)]
        line.send(*(chunk(request["context_id"], b"half") for request in requests))
        line.close(code, "service restarts")

    with SocketPeer(script, speak) as peer:
        ws = sockets.tts(peer.url)
        streams = [ws.send(transcript="a", **SPEECH) for _ in range(2)]
        fresh = ws.context()
        for outputs in streams:
            audio, error = collect(outputs)
            assert audio == [b"half"]
            assert isinstance(error, WebSocketClosedError)
            assert error.body == {"code": code, "reason": "service restarts"}
        fresh.send(transcript="b", **SPEECH)
        assert heard(fresh.receive()) == [b"b"], "what had not begun is not concerned"


@pytest.mark.parametrize(
    "nonsense",
    [
        frame_of("not JSON {"),
        frame_of("[1, 2]"),
        frame_of(b"\xff\xfe"),
        b"\x81\x03\xff\xff\xff",
        b"\x83\x00",
        b"\xff" * 20,
    ],
)
def test_nonsense_ends_every_context_and_the_next_one_works(
    sockets: Sockets, nonsense: bytes
) -> None:
    def script(line: Line) -> None:
        request = line.receive()
        line.receive()
        line.send(chunk(request["context_id"], b"one"))
        line.send_bytes(nonsense)
        line.wait_until_closed()

    with SocketPeer(script, speak) as peer:
        ws = sockets.tts(peer.url)
        streams = [ws.send(transcript="a", **SPEECH) for _ in range(2)]
        results = [collect(outputs) for outputs in streams]
        assert [audio for audio, _ in results] == [[b"one"], []]
        assert all(isinstance(error, WebSocketError) for _, error in results)
        assert heard(ws.send(transcript="b", **SPEECH)) == [b"b"]


def test_a_broken_message_ends_its_context_and_the_server_hears_of_it(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        broken, whole = line.receive(), line.receive()
        line.send(
            event("chunk", broken["context_id"]),
            chunk(whole["context_id"], b"one"),
            chunk(broken["context_id"], b"late"),
            event("done", whole["context_id"]),
        )
        speak(line)

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url)
        broken = ws.send(transcript="a", context_id="broken", **SPEECH)
        whole = ws.send(transcript="b", **SPEECH)
        assert heard(whole) == [b"one"]
        with pytest.raises(WebSocketError, match="'chunk' makes no sense"):
            next(broken)
        assert heard(ws.send(transcript="c", **SPEECH)) == [b"c"]
        assert {"context_id": "broken", "cancel": True} in peer.messages
