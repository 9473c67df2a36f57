"""What is said and heard over a socket for speech, on both surfaces."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import (
    ApiError,
    InvalidArgumentError,
    WebSocketClosedError,
    WebSocketError,
)

from .peer import Line, SocketPeer, chunk, event, speak
from .surfaces import PATIENCE, Sockets

RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000}
SPEECH: dict[str, Any] = {"model_id": "sonic-2", "voice": {"id": "v"}, "output_format": RAW}
ON_THE_WIRE = {**SPEECH, "voice": {"mode": "id", "id": "v"}, "stream": True}


def heard(outputs: Any) -> list[bytes]:
    return [output.audio for output in outputs]


def collect(outputs: Any) -> tuple[list[bytes], BaseException | None]:
    """What is heard, and what it ends with."""
    audio = []
    try:
        for output in outputs:
            audio.append(output.audio)  # noqa: PERF401 -- what came before an error counts
    except ApiError as error:
        return audio, error
    return audio, None


@pytest.fixture
def peer() -> Iterator[SocketPeer]:
    with SocketPeer(speak) as peer:
        yield peer


def test_a_request_is_heard_as_it_comes(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.tts(peer.url)
    outputs = ws.send(transcript="one two", context_id="mine", **SPEECH)
    assert heard(outputs) == [b"one", b"two"]
    assert heard(outputs) == []
    assert peer.messages == [{**ON_THE_WIRE, "transcript": "one two", "context_id": "mine"}]
    request = peer.lines[0].request
    assert request.path == "/tts/websocket?cartesia_version=2024-11-13"
    assert request.headers["Cartesia-Version"] == "2024-11-13"


def test_the_key_is_sent_in_a_header(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.client(peer.url, api_key="sk-1").tts.websocket()
    ws.close()
    request = peer.lines[0].request
    assert request.headers["X-API-Key"] == "sk-1"
    assert "sk-1" not in request.path
    assert (ws.api_key, ws.cartesia_version) == ("sk-1", "2024-11-13")
    assert ws.ws_url == f"ws://localhost:{peer.port}/tts/websocket"


def test_a_request_may_be_heard_as_a_whole(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.tts(peer.url)
    output = ws.send(
        transcript="one two",
        stream=False,
        context_id="mine",
        add_timestamps=True,
        add_phoneme_timestamps=True,
        **SPEECH,
    )
    assert output.dict() == {
        "audio": b"onetwo",
        "context_id": "mine",
        "word_timestamps": {"words": ["one", "two"], "start": [0.0, 0.0], "end": [1.0, 1.0]},
        "phoneme_timestamps": {"phonemes": ["ə"], "start": [0.0], "end": [1.0]},
    }
    plain = ws.send(transcript="one two", stream=False, **SPEECH)
    assert (plain.audio, plain.word_timestamps) == (b"onetwo", None)


def test_text_is_added_to_a_context(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.tts(peer.url)
    with ws.context("mine") as context:
        context.send(transcript="one ", continue_=True, language="en", **SPEECH)
        context.send(transcript="two", continue_=True, max_buffer_delay_ms=0, **SPEECH)
        assert not context.is_closed()
        context.no_more_inputs()
        assert heard(context.receive()) == [b"one", b"two"]
        assert context.is_closed()
        assert context.context_id == "mine"
    first, second, last = peer.messages
    settings = {**ON_THE_WIRE, "context_id": "mine"}
    assert first == {**settings, "transcript": "one ", "language": "en", "continue": True}
    assert second == {
        **settings,
        "transcript": "two",
        "max_buffer_delay_ms": 0,
        "continue": True,
    }
    assert last == {**settings, "transcript": "", "language": "en", "continue": False}


def test_a_context_is_flushed(sockets: Sockets, peer: SocketPeer) -> None:
    with sockets.tts(peer.url).context() as context:
        context.send(transcript="one two", continue_=True, **SPEECH)
        segments = [context.flush()]
        context.send(transcript="three", continue_=True, **SPEECH)
        segments.append(context.flush())
        context.send(transcript="four", **SPEECH)
        assert [heard(segment()) for segment in segments] == [[b"one", b"two"], [b"three"]]
        assert heard(context.receive()) == [b"four"]


def test_a_flush_with_a_text_is_marked(sockets: Sockets, peer: SocketPeer) -> None:
    with sockets.tts(peer.url).context() as context:
        context.send(transcript="one", continue_=True, flush=True, **SPEECH)
        context.send(transcript="two", **SPEECH)
        marks = [(output.audio, output.flush_done) for output in context.receive()]
        assert marks == [(b"one", None), (None, True), (b"two", None)]


def test_reading_can_be_interrupted_and_taken_up_again(sockets: Sockets, peer: SocketPeer) -> None:
    with sockets.tts(peer.url).context() as context:
        context.send(transcript="one two three", **SPEECH)
        reading = context.receive()
        assert next(reading).audio == b"one"
        reading.close()
        assert heard(reading) == []
        assert heard(context.receive()) == [b"two", b"three"]


# --- iterators of text ----------------------------------------------------------------------------


def test_texts_of_an_iterator_go_out_as_they_come(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.tts(peer.url)
    for texts in (["one ", "", "two"], sockets.texts(iter(["one ", "", "two"]))):
        peer.messages.clear()
        assert heard(ws.send(transcript=texts, **SPEECH)) == [b"one", b"two"]
        said = [(message["transcript"], message["continue"]) for message in peer.messages]
        assert said == [("one ", True), ("two", True), ("", False)]


def test_answers_are_heard_while_the_iterator_waits_for_them(peer: SocketPeer) -> None:
    sockets = Sockets(asynchronous=False)
    heard_one = threading.Semaphore(0)

    def texts() -> Iterator[str]:
        for number in range(3):
            yield f"{number} "
            assert heard_one.acquire(timeout=PATIENCE)

    spoken = []
    for output in sockets.tts(peer.url).send(transcript=texts(), **SPEECH):
        spoken.append(output.audio)
        heard_one.release()
    assert spoken == [b"0", b"1", b"2"]
    sockets.close()


@pytest.mark.anyio
async def test_tasks_hear_answers_while_the_iterator_waits_for_them(peer: SocketPeer) -> None:
    heard_one = asyncio.Semaphore(0)

    async def texts() -> AsyncIterator[str]:
        for number in range(3):
            yield f"{number} "
            await asyncio.wait_for(heard_one.acquire(), PATIENCE)

    spoken = []
    async with AsyncCartesia(base_url=peer.url).tts.websocket() as ws:
        async for output in await ws.send(transcript=texts(), **SPEECH):
            spoken.append(output.audio)
            heard_one.release()
    assert spoken == [b"0", b"1", b"2"]


def test_a_context_takes_texts_of_an_iterator(sockets: Sockets, peer: SocketPeer) -> None:
    with sockets.tts(peer.url).context() as context:
        context.send(
            transcript=sockets.texts(iter(["one", " two"])), continue_=True, flush=True, **SPEECH
        )
        context.send(transcript=["three"], **SPEECH)
        audio = [output.audio for output in context.receive()]
        assert audio == [b"one", b"two", None, b"three"]


def test_what_the_iterator_raises_is_raised_and_the_server_stops(
    sockets: Sockets, peer: SocketPeer
) -> None:
    def texts() -> Iterator[str]:
        yield "one"
        raise LookupError("no more words")

    ws = sockets.tts(peer.url)
    with pytest.raises(LookupError, match="no more words"):
        list(ws.send(transcript=sockets.texts(texts()), **SPEECH))
    heard(ws.send(transcript="two", **SPEECH))
    assert [message.get("cancel") for message in peer.messages] == [None, True, None]


def test_nothing_waits_for_texts_that_cannot_be_iterated_over(peer: SocketPeer) -> None:
    class Unreadable:
        def __iter__(self) -> Iterator[str]:
            raise LookupError("nothing there")

    with Cartesia(base_url=peer.url).tts.websocket(timeout=3) as ws:
        context = ws.context()
        with pytest.raises(LookupError, match="nothing there"):
            context.send(transcript=Unreadable(), **SPEECH)
        assert heard(context.send(transcript="one", **SPEECH)) == [b"one"]


@pytest.mark.parametrize("texts", [[7], ["one", None]])
def test_a_text_that_is_none_is_an_error(
    sockets: Sockets, peer: SocketPeer, texts: list[Any]
) -> None:
    ws = sockets.tts(peer.url)
    for transcript in (texts, sockets.texts(iter(texts))):
        with pytest.raises(InvalidArgumentError, match="accepted is text"):
            list(ws.send(transcript=transcript, **SPEECH))


def test_feeding_stops_when_the_server_is_done(sockets: Sockets) -> None:
    def impatient(line: Line) -> None:
        request = line.receive()
        line.send(chunk(request["context_id"], b"enough"), event("done", request["context_id"]))
        for _ in line.messages():
            pass

    given = itertools.count()

    def texts() -> Iterator[str]:
        while True:
            yield f"{next(given)} "

    with SocketPeer(impatient) as peer:
        ws = sockets.tts(peer.url)
        assert heard(ws.send(transcript=sockets.texts(texts()), **SPEECH)) == [b"enough"]


# --- arguments ------------------------------------------------------------------------------------


def test_wrong_arguments_raise_in_the_call(sockets: Sockets, peer: SocketPeer) -> None:
    ws = sockets.tts(peer.url)
    context = ws.context("mine")
    for wrong in (
        lambda: ws.send(transcript="one", context_id="mine", **SPEECH),
        lambda: ws.context("mine"),
        lambda: context.send(transcript="one", context_id="yours", **SPEECH),
        lambda: context.send(transcript="", continue_=True, **SPEECH),
        lambda: ws.send(transcript=7, **SPEECH),
        lambda: ws.send(transcript=["one"], **{**SPEECH, "voice": 7}),
        lambda: ws.send(transcript="one", **{**SPEECH, "model_id": None}),
    ):
        with pytest.raises(ValueError, match=r"(context_id|transcript|voice|model_id): "):
            wrong()
    assert peer.messages == []
    assert heard(context.send(transcript="one", **SPEECH) or context.receive()) == [b"one"]


# --- errors of the server -------------------------------------------------------------------------


def test_an_error_ends_its_context_and_no_other(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        first = line.receive()
        second = line.receive()
        line.send(
            chunk(second["context_id"], b"one"),
            chunk(first["context_id"], b"lost?"),
            event("error", first["context_id"], error="no such voice", status_code=404),
            chunk(second["context_id"], b"two"),
            event("done", second["context_id"]),
        )
        speak(line)

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url)
        failing = ws.send(transcript="a", **SPEECH)
        other = ws.send(transcript="b", **SPEECH)
        assert next(failing).audio == b"lost?"
        with pytest.raises(WebSocketError) as caught:
            next(failing)
        assert heard(failing) == []
        assert heard(other) == [b"one", b"two"]
        assert heard(ws.send(transcript="c", **SPEECH)) == [b"c"]
        assert len(peer.lines) == 1, "the socket stays open"
    assert isinstance(caught.value, RuntimeError)
    assert isinstance(caught.value, ApiError)
    assert caught.value.status_code == 404
    assert "Failed to generate audio" in str(caught.value)
    assert "Error generating audio: no such voice" in str(caught.value)


def test_a_whole_that_fails_raises(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        for request in line.messages():
            line.send(event("error", request["context_id"], error="overload"))

    with SocketPeer(script) as peer:
        ws = sockets.tts(peer.url)
        with pytest.raises(RuntimeError, match="overload"):
            ws.send(transcript="a", stream=False, **SPEECH)


def test_strange_messages_are_passed_over(sockets: Sockets) -> None:
    def script(line: Line) -> None:
        request = line.receive()
        context_id = request["context_id"]
        typeless = chunk(context_id, b"two")
        del typeless["type"]
        line.send(
            event("surprise", context_id),
            chunk("stranger", b"stray"),
            event("done", "stranger"),
            event("flush_done", context_id, flush_id=9, flush_done=True, data=""),
            chunk(context_id, b"one", flush_id=17),
            typeless,
            event("done", context_id),
        )
        line.wait_until_closed()

    with SocketPeer(script) as peer:
        assert heard(sockets.tts(peer.url).send(transcript="a", **SPEECH)) == [b"one", b"two"]


def test_a_context_that_expired_takes_no_text(sockets: Sockets) -> None:
    def expire(line: Line) -> None:
        request = line.receive()
        line.send(chunk(request["context_id"], b"one"), event("done", request["context_id"]))
        line.wait_until_closed()

    with SocketPeer(expire) as peer, sockets.tts(peer.url).context() as context:
        context.send(transcript="one", continue_=True, **SPEECH)
        assert heard(context.receive()) == [b"one"]
        context.no_more_inputs()
        assert heard(context.flush()()) == []
        with pytest.raises(WebSocketClosedError, match="has ended"):
            context.send(transcript="two", **SPEECH)
