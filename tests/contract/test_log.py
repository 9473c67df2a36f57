"""What the log tells of one request or socket, and what it never tells."""

import json
import logging
import tempfile
import time
from dataclasses import replace
from typing import NoReturn

import httpx
import pytest
from websockets.sync.client import connect

from cartesia_server.embedded import embedded
from cartesia_server.engines.registry import Engines
from cartesia_server.main import _log_to_stderr
from tests.contract.conftest import speech_request
from tests.contract.scripted import ScriptedSpeech, ScriptedTranscription, scripted_engines

PATIENCE = 60.0
SECRET = "xylophone"


@pytest.fixture
def lines(caplog):
    """Waits for the log's lines on something: they are written when all was sent."""
    caplog.set_level(logging.DEBUG, "cartesia_server")

    def lines(message, count=1, **wanted):
        deadline = time.monotonic() + PATIENCE
        while True:
            found = [
                record
                for record in caplog.records
                if record.message == message
                and all(getattr(record, name, None) == value for name, value in wanted.items())
            ]
            if len(found) >= count:
                break
            assert time.monotonic() < deadline, (message, wanted)
            time.sleep(0.02)
        for record in caplog.records:
            if record.name.startswith("cartesia_server"):
                assert SECRET not in str(vars(record))
        return found

    return lines


def by_id(response):
    return {"request_id": response.headers["x-request-id"]}


def test_a_request_for_speech(http, engine, lines):
    answer = http.post("/tts/bytes", json=speech_request(transcript=f"one {SECRET}"))
    [line] = lines("request", **by_id(answer))
    assert line.levelno == logging.INFO
    assert (line.method, line.path, line.status) == ("POST", "/tts/bytes", 200)
    assert (line.characters, line.audio_seconds, line.ended) == (4 + len(SECRET), 0.2, "done")
    assert 0 < line.first_audio <= line.seconds


def test_one_who_goes_away(server, engine, lines):
    asked = speech_request(transcript="one wait")
    with httpx.stream("POST", f"{server}/tts/bytes", json=asked, timeout=120) as answer:
        body = answer.iter_bytes()
        next(body)  # kept: an iterator that is dropped closes the connection
        assert engine.holding.wait(PATIENCE)
    [line] = lines("request", **by_id(answer))
    assert (line.ended, line.audio_seconds) == ("disconnected", 0.1)


def test_an_error_has_the_id_of_its_request(http, engine, lines):
    asked = speech_request(transcript="one boom")
    with (
        pytest.raises(httpx.RemoteProtocolError),
        http.stream("POST", "/tts/bytes", json=asked) as answer,
    ):
        answer.read()
    [line] = lines("request", **by_id(answer))
    assert line.ended == "failed"
    [failure] = lines("request failed", **by_id(answer))
    assert failure.exc_info[0] is RuntimeError
    assert line.broke_off == "Internal error"


def test_a_fault_in_the_middle_of_an_answer_is_told_once(
    server, engine, lines, monkeypatch, capsys
):
    for name in ("cartesia_server", "uvicorn"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
    _log_to_stderr("warning")
    asked = speech_request(transcript="one boom")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{server}/tts/bytes", json=asked, timeout=120)
    lines("request failed")
    httpx.get(server)  # by now the server has done with the other
    assert capsys.readouterr().err.count("RuntimeError: the script says so") == 1


def test_a_socket_and_its_contexts(dial, engine, lines):
    with dial() as one:
        named = by_id(one.raw.response)
        one.send(context_id="a", **speech_request(transcript=f"one {SECRET}"))
        one.receive_context("a")
        one.send(context_id="b" * 999, **speech_request(transcript="wait"))
        assert engine.holding.wait(PATIENCE)
        one.send(context_id="b" * 999, cancel=True)
        lines("context", 2, **named)
        one.send(context_id="c", **speech_request(transcript="boom"))
        assert one.receive()["request_id"] == named["request_id"]
    [line] = lines("request", **named)
    assert line.levelno == logging.INFO
    assert line.contexts == {"done": 1, "cancelled": 1, "failed": 1}
    assert (line.audio_seconds, line.close_code) == (0.2, 1000)
    contexts = lines("context", 3, **named)
    assert {one.levelno for one in contexts} == {logging.DEBUG}
    assert [one.context_id for one in contexts] == ["a", "b" * 100, "c"]
    assert [one.ended for one in contexts] == ["done", "cancelled", "failed"]
    assert contexts[0].first_audio > 0
    assert len(lines("request failed", **named)) == 1


def test_a_socket_that_is_idle(settings, lines):
    settings = replace(settings, idle_timeout=0.1)
    with (
        embedded(settings, engines=scripted_engines()) as base_url,
        connect(base_url.replace("http", "ws") + "/tts/websocket") as connection,
    ):
        lines("request", close_code=1000, contexts={}, **by_id(connection.response))


def test_recordings_and_live_audio(server, http, buzz, lines):
    answer = http.post("/stt", files={"file": buzz}, data={"model": "ink-whisper"})
    [line] = lines("request", **by_id(answer))
    assert line.audio_seconds == pytest.approx(3.0, abs=0.05)
    query = "model=ink-whisper&encoding=pcm_s16le&sample_rate=16000&language=en"
    with connect(server.replace("http", "ws") + f"/stt/websocket?{query}") as connection:
        connection.send(b"\x00\x20" * 16000)
        connection.send("done")
        for _ in connection:
            pass
    [line] = lines("request", **by_id(connection.response))
    assert (line.audio_seconds, line.finals, line.close_code) == (1.0, 1, 1000)


class Deaf(ScriptedTranscription):
    """Fails at everything it is to hear."""

    def draft(self, *args: object, **options: object) -> NoReturn:
        raise RuntimeError("the script says so")

    transcribe = draft


def test_a_transcription_that_fails_has_the_id_of_its_socket(settings, lines):
    query = "model=ink-whisper&encoding=pcm_s16le&sample_rate=16000&language=en"
    engines = Engines(ScriptedSpeech(), Deaf())
    with (
        embedded(settings, engines=engines) as base_url,
        connect(base_url.replace("http", "ws") + f"/stt/websocket?{query}") as connection,
    ):
        connection.send(b"\x00\x20" * 16000)
        connection.send("done")
        told = json.loads(connection.recv(timeout=PATIENCE))
        named = by_id(connection.response)
        assert (told["type"], told["request_id"]) == ("error", named["request_id"])
        [failure] = lines("request failed", **named)
        assert failure.exc_info[0] is RuntimeError
        [line] = lines("request", **named)
        assert line.close_code == 1011


def test_an_upload_for_which_there_is_no_room(http, lines, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    answer = http.post("/stt", files={"file": bytes(2 << 20)}, data={"model": "ink-whisper"})
    assert answer.status_code == 507
    assert "no room for this upload" in answer.text
    [failure] = lines("request failed", **by_id(answer))
    assert failure.reason.startswith(f"{tmp_path}/nowhere: No such file or directory; make room")
    assert failure.exc_info  # at debug


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_what_machines_ask_all_the_time_is_not_news(http, lines, path):
    [line] = lines("request", **by_id(http.get(path)))
    assert line.levelno == logging.DEBUG
    [line] = lines("request", **by_id(http.get("/")))
    assert line.levelno == logging.INFO
