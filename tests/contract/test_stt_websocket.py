"""``/stt/websocket`` over real sockets."""

import json
import struct
import time
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from cartesia import AsyncCartesia, Cartesia

TONE = (8000 * np.sin(np.arange(16000) * 0.1)).astype("<i2").tobytes()
SILENCE = bytes(2 * 16000)
QUERY = {"model": "ink-whisper", "encoding": "pcm_s16le", "sample_rate": "16000"}


@pytest.fixture
def dial(server):
    @contextmanager
    def dial(version="2024-11-13", **changes):
        query = {**QUERY, "cartesia_version": version, **changes}
        text = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
        url = server.replace("http", "ws") + f"/stt/websocket?{text}"
        with connect(url, max_queue=None) as connection:
            yield connection

    return dial


def send(connection, data, size=640):
    for at in range(0, len(data), size):
        connection.send(data[at : at + size])


def receive(connection, until="done"):
    messages: list[dict[str, Any]] = []
    while not messages or messages[-1]["type"] != until:
        messages.append(json.loads(connection.recv(timeout=120)))
    return messages


def finals(messages):
    return [m["text"] for m in messages if m["type"] == "transcript" and m["is_final"]]


def rest(messages):
    return [m["type"] for m in messages if m["type"] != "transcript"]


@pytest.mark.parametrize("command", ["done", "close"])
def test_everything_may_be_sent_before_anything_is_read(dial, command):
    with dial() as connection:
        send(connection, TONE * 2)
        connection.send("finalize")
        connection.send(command)
        messages = receive(connection)
        assert finals(messages) == ["word word"]
        assert rest(messages) == ["flush_done", "done"]
        assert len({message["request_id"] for message in messages}) == 1
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=120)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1000


def test_silence_ends_an_utterance_without_a_command(dial):
    with dial(max_silence_duration_secs="0.4") as connection:
        send(connection, TONE + SILENCE + TONE + SILENCE)
        connection.send("done")
        messages = receive(connection)
    first, second = [m for m in messages if m["type"] == "transcript" and m["is_final"]]
    assert first["words"][0]["start"] == 0.0
    assert second["words"][0]["start"] >= 1.0
    assert rest(messages) == ["done"]


@pytest.mark.parametrize(
    ("version", "texts"), [("2024-11-13", ["word", "word"]), ("2026-08-14", ["word", " word"])]
)
def test_finals_are_joined_as_the_version_says(dial, version, texts):
    with dial(version) as connection:
        for _ in range(2):
            send(connection, TONE)
            connection.send("finalize")
        connection.send("close")
        assert finals(receive(connection)) == texts


def test_two_finalizes_are_acknowledged_twice_and_transcribed_once(dial):
    with dial() as connection:
        send(connection, TONE)
        connection.send("finalize")
        connection.send("finalize")
        connection.send("close")
        messages = receive(connection)
    assert finals(messages) == ["word"]
    assert rest(messages) == ["flush_done", "flush_done", "done"]


def test_a_wav_may_be_sent_header_and_all(dial):
    stereo = np.repeat(np.frombuffer(TONE, "<i2"), 2).astype("<i2").tobytes()
    form = struct.pack("<IHHIIHH", 16, 1, 2, 16000, 64000, 4, 16)
    header = b"RIFF\0\0\0\0WAVEfmt " + form + b"data" + struct.pack("<I", len(stereo))
    with dial(encoding="pcm_f32le", sample_rate="44100") as connection:
        send(connection, header + stereo, size=7)
        connection.send("done")
        last = [m for m in receive(connection) if m["type"] == "transcript"][-1]
    assert last["duration"] == pytest.approx(1.0, abs=0.05)


def test_interim_transcripts_come_while_somebody_speaks(dial):
    with dial() as connection:
        send(connection, TONE)
        message = json.loads(connection.recv(timeout=120))
        assert (message["type"], message["is_final"]) == ("transcript", False)


@pytest.mark.parametrize(("model", "words"), [("ink-whisper", ["word"]), ("ink-2", None)])
def test_interim_transcripts_have_words_as_the_model_has_them(dial, model, words):
    with dial(model=model) as connection:
        send(connection, TONE)
        message = json.loads(connection.recv(timeout=120))
        assert not message["is_final"]
        told = message.get("words")
        assert (told and [word["word"] for word in told]) == words


def test_an_unknown_command_is_named_and_the_session_goes_on(dial):
    with dial() as connection:
        connection.send('{"type": "finalise"}')
        [error] = receive(connection, until="error")
        assert "finalize, done and close" in error["message"]
        assert (error["status_code"], error["code"], error["error"]) == (400, 400, error["message"])
        send(connection, TONE)
        connection.send("done")
        assert finals(receive(connection)) == ["word"]


def test_a_broken_header_is_named_and_ends_the_session(dial):
    with dial() as connection:
        connection.send(b"RIFF\0\0\0\0WAVEdata\0\0\0\0")
        [error] = receive(connection, until="error")
        assert error["message"].startswith("audio: ")
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=120)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1003


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": None}, "model: got nothing, accepted: ink-whisper"),
        ({"model": "ink-9"}, "model: got 'ink-9', accepted: ink-whisper"),
        ({"language": "tlh"}, "language: got 'tlh', accepted: en, es"),
        ({"encoding": None}, "encoding: got nothing, accepted: pcm_s16le"),
        ({"encoding": "mp3"}, "encoding: 'mp3'"),
        ({"sample_rate": None}, "sample_rate: got nothing"),
        ({"sample_rate": "fast"}, "sample_rate: got 'fast'"),
        ({"sample_rate": "1"}, "sample_rate: 1 Hz"),
        ({"min_volume": "2"}, "min_volume: got '2', accepted: a number from 0 to 1"),
        ({"max_silence_duration_secs": "nan"}, "max_silence_duration_secs: got 'nan'"),
        ({"keyterm": "x" * 1300}, "keyterm: got '1 terms of 1300 characters"),
    ],
)
def test_a_bad_query_is_refused_at_the_handshake(dial, changes, message):
    with pytest.raises(InvalidStatus) as refused, dial(**changes):
        pass
    assert refused.value.response.status_code == 400
    assert message in refused.value.response.body.decode()


def test_a_handshake_that_is_refused_is_no_error_of_the_server(dial, caplog):
    with pytest.raises(InvalidStatus), dial(encoding="mp3"):
        pass
    time.sleep(0.2)  # the server's own word comes after its answer
    assert "ASGI" not in caplog.text


def test_the_sdk_streams_as_its_readme_does(server):
    with Cartesia(base_url=server, api_key="any") as client:
        socket = client.stt.websocket(
            model="ink-whisper", language="en", min_volume=0.1, max_silence_duration_secs=0.4
        )
        for at in range(0, len(TONE), 640):
            socket.send(TONE[at : at + 640])
        socket.send("finalize")
        socket.send("done")
        results = list(socket.receive())
        socket.close()
    assert [r["text"] for r in results if r.get("is_final")] == ["word"]
    assert [r["type"] for r in results][-2:] == ["flush_done", "done"]


@pytest.mark.anyio
async def test_so_does_the_asynchronous_one(server):
    async with AsyncCartesia(base_url=server, api_key="any") as client:
        socket = await client.stt.websocket(model="ink-whisper", language="en")
        await socket.send(TONE)
        await socket.send("done")
        results = [result async for result in socket.receive()]
        await socket.close()
    assert [r["text"] for r in results if r.get("is_final")] == ["word"]
    assert results[-1]["type"] == "done"
