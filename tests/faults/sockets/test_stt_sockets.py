"""Sockets for transcription: results as plain dictionaries, whoever is slow."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cartesia import AsyncCartesia
from cartesia.core.api_error import (
    ApiError,
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
    WebSocketTimeoutError,
)

from .peer import Line, SocketPeer
from .surfaces import PATIENCE, Sockets

AUDIO = b"\x01\x02" * 320


def transcript(text: str, *, is_final: bool = True, **fields: Any) -> dict[str, Any]:
    return {
        "type": "transcript",
        "request_id": "r",
        "text": text,
        "is_final": is_final,
        **fields,
    }


FLUSH_DONE = {"type": "flush_done", "request_id": "r"}
DONE = {"type": "done", "request_id": "r"}


def count(line: Line) -> None:
    """A service that hears how many bytes were sent."""
    size = 0
    for message in line.messages():
        if isinstance(message, bytes):
            size += len(message)
            line.send(transcript(str(size), is_final=False))
        elif message == "finalize":
            line.send(transcript(str(size), words=[], duration=1.0), FLUSH_DONE)
        elif message == "done":
            line.send(DONE)
            return


@pytest.fixture
def peer() -> Iterator[SocketPeer]:
    with SocketPeer(count) as peer:
        yield peer


def interim(sizes: Iterator[int] | range) -> list[dict[str, Any]]:
    return [transcript(str(size), is_final=False) for size in sizes]


def whole(chunks: int) -> list[dict[str, Any]]:
    """The results of so many pieces of audio."""
    size = chunks * len(AUDIO)
    sizes = range(len(AUDIO), size + 1, len(AUDIO))
    return [*interim(sizes), transcript(str(size), words=[], duration=1.0), FLUSH_DONE, DONE]


def test_everything_may_be_sent_before_anything_is_read(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.client(peer.url, api_key="sk-1").stt.websocket(
        model="ink-whisper",
        language="en",
        encoding="pcm_s16le",
        sample_rate=16000,
        min_volume=0.1,
        max_silence_duration_secs=0.4,
    )
    for _ in range(500):
        ws.send(AUDIO)
    ws.send("finalize")
    ws.send("done")
    assert list(ws.receive()) == whole(500)
    assert list(ws.receive()) == []
    ws.close()
    request = peer.lines[0].request
    assert request.path == (
        "/stt/websocket?model=ink-whisper&language=en&encoding=pcm_s16le&sample_rate=16000"
        "&min_volume=0.1&max_silence_duration_secs=0.4&cartesia_version=2024-11-13"
    )
    assert request.headers["X-API-Key"] == "sk-1"
    assert peer.handshakes == 1
    assert (ws.api_key, ws.cartesia_version) == ("sk-1", "2024-11-13")
    assert ws.ws_url == f"ws://localhost:{peer.port}/stt/websocket"


def test_sending_and_receiving_at_the_same_time(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.stt(peer.url)
    results = sockets.start(lambda: list(ws.receive()))
    for _ in range(100):
        ws.send(AUDIO)
    ws.send("finalize")
    ws.send("done")
    assert results.result(PATIENCE) == whole(100)


def test_a_flood_of_unread_results_stalls_nothing(sockets: Sockets) -> None:
    """The server does not read on until it has got rid of its results."""
    results = [transcript("x" * 1000, is_final=False)] * 200

    def script(line: Line) -> None:
        for message in line.messages():
            if message == "done":
                line.send(DONE)
                return
            line.send(*results)

    with SocketPeer(script) as peer:
        ws = sockets.stt(peer.url)
        for _ in range(40):
            ws.send(b"x" * 300_000)
        ws.send("done")
        assert sum(1 for _ in ws.receive()) == 40 * 200 + 1


def test_commands_and_audio_alone_can_be_sent(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.stt(peer.url)
    for wrong in (7, None, {"type": "finalize"}):
        with pytest.raises(TypeError, match="accepted are bytes of audio, or a command"):
            ws.send(wrong)
    ws.send(bytearray(AUDIO))
    ws.send("done")
    assert list(ws.receive()) == [*interim(range(640, 641)), DONE]
    assert peer.messages == [AUDIO, "done"]


def test_a_query_is_encoded(sockets: Sockets, peer: SocketPeer) -> None:
    sockets.stt(peer.url, model="a&b c+ü", language=None)
    assert peer.lines[0].request.path.startswith(
        "/stt/websocket?model=a%26b+c%2B%C3%BC&encoding=pcm_s16le&sample_rate=16000&"
    )


# --- transcribing ---------------------------------------------------------------------------------


def chunks(number: int) -> Iterator[bytes]:
    for _ in range(number):
        yield AUDIO


def test_audio_is_transcribed_from_any_iterable(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.stt(peer.url)
    for audio in ([AUDIO] * 3, iter([AUDIO] * 3), chunks(3)):
        assert list(ws.transcribe(audio)) == whole(3)
        assert ws.websocket is None, "transcribing closes the socket"
    assert peer.handshakes == 3


def test_results_come_while_the_audio_is_still_being_made(peer: SocketPeer) -> None:
    sockets = Sockets(asynchronous=False)
    heard_one = threading.Semaphore(0)

    def audio() -> Iterator[bytes]:
        for _ in range(3):
            yield AUDIO
            assert heard_one.acquire(timeout=PATIENCE)

    results = []
    for result in sockets.stt(peer.url).transcribe(audio()):
        results.append(result)
        heard_one.release()
    assert results == whole(3)
    sockets.close()


@pytest.mark.anyio
async def test_tasks_transcribe_audio_while_it_is_made(peer: SocketPeer) -> None:
    heard_one = asyncio.Semaphore(0)

    async def audio() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield AUDIO
            await asyncio.wait_for(heard_one.acquire(), PATIENCE)

    results = []
    async with AsyncCartesia(base_url=peer.url).stt.websocket() as ws:
        async for result in ws.transcribe(audio()):
            results.append(result)
            heard_one.release()
    assert results == whole(3)


def test_options_of_a_transcription_win_over_those_of_the_socket(
    sockets: Sockets, peer: SocketPeer
) -> None:
    ws = sockets.stt(peer.url, sample_rate=8000)
    assert list(ws.transcribe([AUDIO], language="de")) == whole(1)
    assert list(ws.transcribe([AUDIO])) == whole(1)
    ws.connect(sample_rate=44100)
    ws.connect()
    queries = [line.request.path.partition("encoding")[0] for line in peer.lines]
    assert [query.rpartition("language=")[2] for query in queries] == ["en&", "de&", "de&", "en&"]
    rates = [line.request.path.partition("sample_rate=")[2][:5] for line in peer.lines]
    assert rates == ["8000&", "8000&", "8000&", "44100"]


def test_what_the_audio_raises_is_raised(sockets: Sockets, peer: SocketPeer) -> None:
    def audio() -> Iterator[Any]:
        yield AUDIO
        raise LookupError("no microphone")

    ws = sockets.stt(peer.url)
    for broken, error in ((audio(), LookupError), (iter([AUDIO, 7]), TypeError)):
        with pytest.raises(error):
            list(ws.transcribe(broken))


def test_audio_as_a_whole_is_refused_with_what_to_give(sockets: Sockets, peer: SocketPeer) -> None:
    with pytest.raises(TypeError, match=r"audio_chunks: got bytes; .* the list \[audio\]"):
        list(sockets.stt(peer.url).transcribe(AUDIO))
    peer.wait_closed()


def test_a_transcription_given_up_early_closes_the_socket(
    sockets: Sockets, peer: SocketPeer
) -> None:
    ws = sockets.stt(peer.url)
    results = ws.transcribe(chunks(1000))
    next(results)
    results.close()
    assert ws.websocket is None
    peer.wait_closed()


def test_a_server_that_ends_early_ends_a_transcription(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.receive()
        line.send(transcript("one"))
        line.close(1011, "out of memory")

    with SocketPeer(script) as peer:
        ws = sockets.stt(peer.url)
        for audio in (iter([AUDIO] * 10000), [AUDIO] * 10000):
            results = []
            with pytest.raises(WebSocketClosedError, match="code 1011: out of memory"):
                for result in ws.transcribe(audio):
                    results.append(result)  # noqa: PERF402 -- what came before the error counts
            assert results == [transcript("one")]


# --- endings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "error"), [(1000, None), (1001, WebSocketClosedError), (1011, WebSocketClosedError)]
)
def test_a_goodbye_of_the_server(
    sockets: Sockets, code: int, error: type[Exception] | None
) -> None:
    def script(line: Line) -> None:
        line.receive()
        line.send(transcript("half"))
        line.close(code, "bye")

    with SocketPeer(script, count) as peer:
        ws = sockets.stt(peer.url)
        ws.send(AUDIO)
        results = ws.receive()
        assert next(results) == transcript("half")
        if error is None:
            assert list(results) == []
            assert list(ws.receive()) == [], "receiving opens no other session"
            assert peer.handshakes == 1
            ws.send("done")
            assert list(ws.receive()) == [DONE]
            return
        for use in (lambda: next(results), lambda: ws.send(AUDIO), lambda: list(ws.receive())):
            with pytest.raises(error, match=f"code {code}: bye"):
                use()
        ws.connect()
        ws.send("done")
        assert list(ws.receive()) == [DONE]


def test_the_last_words_of_a_server_that_leaves_at_once(sockets: Sockets) -> None:
    """The handshake, the words and the goodbye may all arrive together."""

    def script(line: Line) -> None:
        line.send(transcript("one"))
        line.close(1011, "bye")

    with SocketPeer(script) as peer:
        results = sockets.stt(peer.url).receive()
        assert next(results) == transcript("one")
        with pytest.raises(WebSocketClosedError, match="code 1011: bye"):
            next(results)


def test_a_connection_that_breaks(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.receive()
        line.send(transcript("half"))
        line.hang_up()

    with SocketPeer(script) as peer:
        ws = sockets.stt(peer.url)
        waiting = sockets.start(lambda: list(ws.receive()))
        ws.send(AUDIO)
        with pytest.raises(WebSocketClosedError, match="was lost"):
            waiting.result(PATIENCE)


def test_an_error_of_the_server_is_raised_and_the_session_goes_on(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.receive()
        line.send({"type": "error", "request_id": "r", "message": "odd", "status_code": 400})
        count(line)

    with SocketPeer(script) as peer:
        ws = sockets.stt(peer.url)
        ws.send("nonsense")
        with pytest.raises(WebSocketError, match="Error transcribing audio: odd") as caught:
            next(ws.receive())
        assert isinstance(caught.value, RuntimeError)
        assert isinstance(caught.value, ApiError)
        assert (caught.value.status_code, caught.value.request_id) == (400, "r")
        ws.send("done")
        assert list(ws.receive()) == [DONE]


def test_nonsense_breaks_the_session(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        line.send("{")
        line.wait_until_closed()

    with SocketPeer(script) as peer:
        ws = sockets.stt(peer.url)
        with pytest.raises(WebSocketError, match="not a JSON object"):
            next(ws.receive())


def test_closing_wakes_whoever_waits(sockets: Sockets, peer: SocketPeer) -> None:
    with sockets.stt(peer.url) as ws:
        waiting = sockets.start(lambda: list(ws.receive()))
        ws.send(AUDIO)
    with pytest.raises(WebSocketCancelledError):
        waiting.result(PATIENCE)
    ws.send("done")
    assert list(ws.receive()) == [DONE], "sending begins another session"


def test_a_session_cannot_be_opened(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.stt(peer.url)
    ws.close()
    peer.refuse = lambda _: b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
    for use in (lambda: ws.send(AUDIO), ws.connect, lambda: list(ws.receive())):
        with pytest.raises(WebSocketConnectError, match="Status: 503"):
            use()
    peer.refuse = lambda _: None
    ws.send("done")
    assert list(ws.receive()) == [DONE]


# --- patience -------------------------------------------------------------------------------------


def test_an_answer_that_is_due_is_not_awaited_for_ever(sockets: Sockets) -> None:
    with SocketPeer(lambda line: line.wait_until_closed()) as peer:
        ws = sockets.stt(peer.url, timeout=0.2)
        waiting = sockets.start(lambda: list(ws.receive()))
        ws.send(AUDIO)
        ws.send("finalize")
        with pytest.raises(WebSocketTimeoutError, match="waiting for a transcript"):
            waiting.result(PATIENCE)


def test_silence_is_no_failure(sockets: Sockets) -> None:
    speak_up = threading.Event()

    def script(line: Line) -> None:
        line.receive()
        assert speak_up.wait(PATIENCE)
        line.send(transcript("at last"))
        count(line)

    with SocketPeer(script) as peer:
        ws = sockets.stt(peer.url, timeout=0.05)
        waiting = sockets.start(lambda: next(ws.receive()))
        ws.send(AUDIO)
        # Longer than the timeout.
        assert not threading.Event().wait(0.2)
        speak_up.set()
        assert waiting.result(PATIENCE) == transcript("at last")


def test_a_server_that_stops_reading(sockets: Sockets) -> None:
    over = threading.Event()
    with SocketPeer(lambda _: over.wait(PATIENCE)) as peer:
        ws = sockets.stt(peer.url, timeout=0.5)
        with pytest.raises(WebSocketTimeoutError, match="the server to read on"):
            for _ in range(1000):
                ws.send(b"x" * 1_000_000)
        over.set()
