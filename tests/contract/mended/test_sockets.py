"""What programs for 2.0.11 ran into and must not any more: sockets, one test for each.

See `test_calls`.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from urllib.parse import parse_qs, urlsplit

import pytest

from cartesia.core.api_error import WebSocketClosedError, WebSocketConnectError
from cartesia.tts import OutputFormat_Raw, TtsRequestIdSpecifier
from tests.contract.conftest import VOICE
from tests.contract.mended.speech import HOW, KEY, SPEECH, SPEECH_BYTES, audio_of
from tests.faults.sockets.peer import Line, SocketPeer, chunk, event, speak
from tests.faults.sockets.surfaces import Sockets


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_11_any_address_serves_sockets_too(
    sockets: Sockets, server: str, scheme: str, host: str
) -> None:
    address = f"{scheme}://{host}:{urlsplit(server).port}"
    client = sockets.client(address)
    assert client.api_status.get().ok
    with client.tts.websocket() as ws:
        assert ws.ws_url.startswith(f"ws://{host}:")
        assert len(audio_of(ws.send(**SPEECH))) == SPEECH_BYTES
    elsewhere = sockets.client("https://127.0.0.1:1", websocket_url=address)
    with elsewhere.tts.websocket() as ws:
        assert len(audio_of(ws.send(**SPEECH))) == SPEECH_BYTES


def test_12_queries_are_encoded_and_keys_stay_out_of_them(sockets: Sockets) -> None:
    with SocketPeer(lambda line: list(line.messages())) as peer:
        client = sockets.client(peer.url, api_key=KEY)
        with client.stt.websocket(model="a&b=c", language="en us"), client.tts.websocket():
            pass
        for line in peer.lines:
            assert KEY not in line.request.path
            assert line.request.headers["X-API-Key"] == KEY
        query = parse_qs(urlsplit(peer.lines[0].request.path).query)
        assert (query["model"], query["language"]) == (["a&b=c"], ["en us"])


@pytest.mark.parametrize("resource", ["tts", "stt"])
def test_14_a_refused_socket_says_why_and_keeps_the_key(
    sockets: Sockets, locked: str, resource: str
) -> None:
    client = sockets.client(locked, api_key="sk-wrong")
    with pytest.raises(RuntimeError, match="Failed to connect to WebSocket") as caught:
        getattr(client, resource).websocket()
    assert isinstance(caught.value, WebSocketConnectError)
    assert caught.value.status_code == 401
    assert "The API key is missing or not valid" in str(caught.value)
    assert "Status: 401" in str(caught.value)
    assert "sk-wrong" not in str(caught.value) + repr(caught.value) + repr(client)
    with sockets.client(locked, api_key=KEY).tts.websocket() as ws:
        assert audio_of(ws.send(**SPEECH))


def test_15_messages_are_arguments_everywhere(sockets: Sockets, server: str) -> None:
    objects = {
        "voice": TtsRequestIdSpecifier(id=VOICE),
        "output_format": OutputFormat_Raw(encoding="pcm_s16le", sample_rate=24000),
    }
    client = sockets.client(server)
    ws = sockets.tts(server)
    assert len(client.tts.bytes(**{**SPEECH, **objects}).read()) == SPEECH_BYTES
    assert len(audio_of(ws.send(**{**SPEECH, **objects}))) == SPEECH_BYTES
    context = ws.context()
    context.send(**{**SPEECH, **objects})
    assert len(audio_of(context.receive())) == SPEECH_BYTES


def test_16_controls_of_a_voice_apply_on_sockets(sockets: Sockets, server: str) -> None:
    voice = {"mode": "id", "id": VOICE, "experimental_controls": {"speed": "fastest"}}
    ws = sockets.tts(server)
    fast = ws.send(**{**SPEECH, "voice": voice}, stream=False)
    assert len(fast.audio) < SPEECH_BYTES
    same = sockets.client(server).tts.bytes(**{**SPEECH, "voice": voice}).read()
    assert len(same) == len(fast.audio)


def test_17_a_voice_needs_no_mode(sockets: Sockets, server: str) -> None:
    voice = {"id": VOICE}
    ws = sockets.tts(server)
    assert len(audio_of(ws.send(**{**SPEECH, "voice": voice}))) == SPEECH_BYTES
    client = sockets.client(server)
    assert len(client.tts.bytes(**{**SPEECH, "voice": voice}).read()) == SPEECH_BYTES


def test_18_streams_on_one_socket_get_their_own(sockets: Sockets, server: str) -> None:
    ws = sockets.tts(server)

    def words(number: int) -> list[str]:
        text = " ".join(f"{letter}{number}" for letter in "abc")
        outputs = ws.send(**HOW, transcript=text, add_timestamps=True)
        timed = (output.word_timestamps for output in outputs if output.word_timestamps)
        return [word for times in timed for word in times.words]

    futures = [sockets.start(words, number) for number in range(6)]
    assert [f.result(20) for f in futures] == [[f"a{n}", f"b{n}", f"c{n}"] for n in range(6)]


def test_18_odd_messages_harm_nobody_and_a_lost_socket_tells_everybody(sockets: Sockets) -> None:
    go = threading.Event()

    def behave_oddly(line: Line) -> None:
        first, second = (line.receive()["context_id"] for _ in range(2))
        line.send(
            chunk(first, b"first", flush_id=7),
            {"type": "chunk", "data": "AAA=", "status_code": 206, "done": False},
            chunk("nobody's", b"stray"),
            chunk(second, b"second"),
        )
        assert go.wait(20)
        line.reset()

    with SocketPeer(behave_oddly) as peer:
        ws = sockets.tts(peer.url)
        streams = [ws.send(**SPEECH) for _ in range(2)]
        assert [next(stream).audio for stream in streams] == [b"first", b"second"]
        waiting = [sockets.start(next, stream) for stream in streams]
        go.set()
        for future in waiting:
            with pytest.raises(WebSocketClosedError):
                future.result(20)


def test_19_nothing_to_continue_with_is_refused(sockets: Sockets, server: str) -> None:
    context = sockets.tts(server).context()
    with pytest.raises(ValueError, match="continue_"):
        context.send(**HOW, transcript="", continue_=True)


def test_20_contexts_do_the_same_on_both_surfaces(sockets: Sockets, server: str) -> None:
    ws = sockets.tts(server)
    context = ws.context("mine")
    context.send(**HOW, transcript="one ", continue_=True)
    first = context.flush()
    context.send(**HOW, transcript="two three", continue_=True)
    context.no_more_inputs()
    assert len(audio_of(first())) == SPEECH_BYTES // 3
    assert len(audio_of(context.receive())) == SPEECH_BYTES // 3 * 2
    assert context.is_closed()
    with ws.context() as left:
        left.send(**HOW, transcript="one two", continue_=True)
        left.cancel()
        assert left.is_closed()
    written = ws.context()
    written.send(**HOW, transcript=sockets.texts(iter(["one ", "two ", "three"])))
    assert len(audio_of(written.receive())) == SPEECH_BYTES
    assert written.is_closed()


def test_21_the_last_message_repeats_the_settings_of_its_context(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        context = sockets.tts(peer.url).context()
        context.send(**HOW, transcript="one", language="en", continue_=True)
        context.flush()
        context.no_more_inputs()
        assert audio_of(context.receive()) == b"one"
    first, flush, last = peer.messages
    assert flush == {**first, "transcript": "", "flush": True}
    assert last == {**first, "transcript": "", "continue": False}


def test_22_unknown_messages_are_ignored(sockets: Sockets) -> None:
    def surprise(line: Line) -> None:
        context_id = line.receive()["context_id"]
        line.send(event("news", context_id), chunk(context_id, b"audio"), event("done", context_id))
        line.wait_until_closed()

    with SocketPeer(surprise) as peer:
        ws = sockets.tts(peer.url)
        assert audio_of(ws.send(**SPEECH)) == b"audio"
        ws.close()


@pytest.mark.parametrize(("code", "fails"), [(1000, False), (1011, True)])
def test_23_transcripts_end_with_the_socket(sockets: Sockets, code: int, fails: bool) -> None:
    said = {"type": "transcript", "request_id": "r", "text": "hello", "is_final": True}

    def hear(line: Line) -> None:
        line.receive()
        line.send(said)
        line.close(code)

    with SocketPeer(hear) as peer:
        ws = sockets.stt(peer.url)
        ws.send(b"\0\0")
        results = ws.receive()
        assert next(results) == said
        for again in (results, ws.receive()):
            with pytest.raises(RuntimeError, match="1011") if fails else nullcontext():
                assert list(again) == []
        assert peer.handshakes == 1


def test_29_an_output_has_just_what_was_asked_for(sockets: Sockets, server: str) -> None:
    ws = sockets.tts(server)
    assert all(output.audio for output in ws.send(**SPEECH))
    for output in ws.send(**SPEECH, add_timestamps=True, add_phoneme_timestamps=True):
        kinds = (output.audio, output.word_timestamps, output.phoneme_timestamps)
        assert sum(kind is not None for kind in kinds) == 1
