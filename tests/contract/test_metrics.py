"""What a scrape says after requests, over real sockets; and who may scrape."""

import secrets
import socket
import time
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from cartesia_server.embedded import embedded
from tests.contract.conftest import RAW, VOICE, speech_request
from tests.contract.scripted import RATE, ScriptedSpeech, scripted_engines

PATIENCE = 60.0
SOCKET = "/tts/websocket"


class Scrape:
    """All samples that a server gives out, and the differences to them later."""

    def __init__(self, server):
        self._server = server
        self.before = self.samples()

    def samples(self):
        answer = httpx.get(f"{self._server}/metrics", timeout=120)
        assert answer.status_code == 200
        return {
            (sample.name.removeprefix("cartesia_"), frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def now(self, name, **labels):
        return self.samples().get((name, frozenset(labels.items())), 0.0)

    def change(self, name, **labels):
        key = name, frozenset(labels.items())
        return self.samples().get(key, 0.0) - self.before.get(key, 0.0)

    def until(self, change, name, **labels):
        """Wait until a sample has changed by so much: the server counts when all was sent."""
        deadline = time.monotonic() + PATIENCE
        while self.change(name, **labels) != pytest.approx(change):
            assert time.monotonic() < deadline, (name, labels, self.change(name, **labels))
            time.sleep(0.02)


@pytest.fixture
def scrape(server, engine):
    return Scrape(server)


def speech_labels(route):
    return {"route": route, "engine": "scripted"}


@pytest.mark.parametrize("route", ["/tts/bytes", "/tts/sse"])
def test_a_request_for_speech(http, scrape, route):
    answer = http.post(route, json=speech_request())
    assert answer.status_code == 200
    scrape.until(1, "requests_total", method="POST", route=route, status="200")
    assert scrape.change("request_seconds_count", route=route) == 1
    named = speech_labels(route)
    assert scrape.change("speech_streams_total", outcome="done", **named) == 1
    assert scrape.change("speech_time_to_first_audio_seconds_count", **named) == 1
    first = scrape.change("speech_time_to_first_audio_seconds_sum", **named)
    assert 0 < first <= scrape.change("request_seconds_sum", route=route)
    assert scrape.change("speech_audio_seconds_total", engine="scripted") == pytest.approx(0.3)
    assert scrape.change("speech_compute_seconds_total", engine="scripted") > 0
    assert scrape.change("speech_characters_total", engine="scripted") == len("one two three")
    assert scrape.change("pool_wait_seconds_count", work="speech") == 1
    assert scrape.change("pool_busy_seconds_total", work="speech") > 0
    assert scrape.change("pool_cancelled_total", work="speech") == 0


def test_contexts_of_a_socket(dial, engine, scrape):
    with dial() as one:
        one.send(context_id="a", **speech_request())
        one.receive_context("a")
        one.send(context_id="b", **speech_request(transcript="wait"))
        assert engine.holding.wait(PATIENCE)
        assert scrape.now("sockets", route=SOCKET) == 1
        assert scrape.now("speech_streams_active") == 1
        assert scrape.now("pool_jobs", state="working") == 1
        one.send(context_id="b", cancel=True)
        named = speech_labels(SOCKET)
        scrape.until(1, "speech_streams_total", outcome="cancelled", **named)
        scrape.until(1, "pool_cancel_seconds_count", work="speech")
    scrape.until(1, "requests_total", method="WEBSOCKET", route=SOCKET, status="101")
    assert scrape.now("sockets", route=SOCKET) == 0
    assert scrape.now("speech_streams_active") == 0
    assert scrape.now("pool_jobs", state="working") == 0
    assert scrape.change("speech_streams_total", outcome="done", **named) == 1
    assert scrape.change("pool_cancelled_total", work="speech") == 1
    assert scrape.change("speech_time_to_first_audio_seconds_count", **named) == 1
    assert scrape.change("speech_characters_total", engine="scripted") == len(
        "one two three" + "wait"
    )


def test_first_audio_of_a_context_is_counted_from_when_it_had_text_enough(dial, scrape):
    with dial() as one:
        begin = {"context_id": "a", "max_buffer_delay_ms": 5000, "continue": True}
        one.send(**speech_request(transcript="one "), **begin)
        time.sleep(0.5)
        sent = time.monotonic()
        one.send(**speech_request(transcript="two."), context_id="a")
        one.receive_context("a")
        waited = time.monotonic() - sent
    name = "speech_time_to_first_audio_seconds_sum"
    assert scrape.change(name, **speech_labels(SOCKET)) < waited


def test_who_goes_away_in_the_middle(server, engine, scrape, dial):
    with dial() as one:
        one.send(context_id="a", **speech_request(transcript="wait"))
        assert engine.holding.wait(PATIENCE)
    scrape.until(1, "speech_streams_total", outcome="disconnected", **speech_labels(SOCKET))
    engine.reset()
    with httpx.stream(
        "POST", f"{server}/tts/bytes", json=speech_request(transcript="one wait"), timeout=120
    ) as answer:
        body = answer.iter_bytes()
        next(body)  # kept: an iterator that is dropped closes the connection
        assert engine.holding.wait(PATIENCE)
    scrape.until(1, "speech_streams_total", outcome="disconnected", **speech_labels("/tts/bytes"))


def test_who_goes_away_before_the_answer(server, engine, scrape):
    briefly = httpx.Timeout(PATIENCE, read=0.5)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server}/tts/bytes", json=speech_request(transcript="wait"), timeout=briefly)
    scrape.until(1, "requests_total", method="POST", route="/tts/bytes", status="499")


def test_what_goes_wrong(http, dial, scrape):
    assert http.post("/tts/bytes", json=speech_request(transcript="boom")).status_code == 500
    assert http.post("/tts/bytes", json=speech_request(transcript="...")).status_code == 400
    assert http.post("/tts/bytes", json=speech_request(voice=None)).status_code == 400
    assert http.post("/tts/bytes", json=speech_request(transcript="a " * 9999)).status_code == 413
    assert (
        b"event: error" in http.post("/tts/sse", json=speech_request(transcript="a boom")).content
    )
    with dial() as one:
        one.send(context_id="a", **speech_request(transcript="boom"))
        assert one.receive()["status_code"] == 500
    named = speech_labels("/tts/bytes")
    scrape.until(2, "errors_total", route="/tts/bytes", status="400")
    for route in ("/tts/bytes", "/tts/sse", SOCKET):
        scrape.until(1, "errors_total", route=route, status="500")
        scrape.until(1, "speech_streams_total", outcome="failed", **speech_labels(route))
    assert scrape.change("errors_total", route="/tts/bytes", status="413") == 1
    assert scrape.change("speech_streams_total", outcome="refused", **named) == 1
    assert scrape.change("requests_total", method="POST", route="/tts/sse", status="200") == 1


def test_streams_past_the_limit(dial, engine, scrape):
    with dial() as one:
        for name in "ab":
            one.send(context_id=name, **speech_request(transcript="wait"))
        assert engine.holding.wait(PATIENCE)
        one.send(context_id="c", **speech_request())
        assert one.receive()["status_code"] == 429
    scrape.until(1, "errors_total", route=SOCKET, status="429")
    assert scrape.now("limit", what="speech_streams") == 2


def test_a_recording(http, buzz, scrape):
    answer = http.post("/stt", files={"file": buzz}, data={"model": "ink-whisper"})
    assert answer.status_code == 200
    seconds = scrape.change("transcription_audio_seconds_total", route="/stt")
    assert seconds == pytest.approx(3.0, abs=0.05)
    assert scrape.change("pool_wait_seconds_count", work="transcription") == 1


def test_speech_between_recordings_and_in_another_voice(http, buzz, scrape):
    form = {"voice_id": VOICE, "model_id": "sonic-2", "transcript": "one two three"}
    asked = {f"output_format[{name}]": str(value) for name, value in RAW.items()}
    answer = http.post("/infill/bytes", data={**form, **asked}, files={"left_audio": buzz})
    assert answer.status_code == 200
    seconds = scrape.change("speech_audio_seconds_total", engine="scripted")
    assert seconds == pytest.approx(len(answer.content) / 2 / RATE)
    named = speech_labels("/infill/bytes")
    assert scrape.change("speech_time_to_first_audio_seconds_count", **named) == 1
    answer = http.post(
        "/voice-changer/bytes", data={"voice[id]": VOICE, **asked}, files={"clip": buzz}
    )
    assert answer.status_code == 200
    seconds = scrape.change("speech_audio_seconds_total", engine="scripted") - seconds
    assert seconds == pytest.approx(len(answer.content) / 2 / RATE)
    named = speech_labels("/voice-changer/bytes")
    assert scrape.change("speech_time_to_first_audio_seconds_count", **named) == 1
    assert scrape.change("pool_wait_seconds_count", work="upload") == 2


def test_a_clone(http, buzz, scrape):
    answer = http.post("/voices/clone", data={"name": "Ada"}, files={"clip": buzz})
    assert answer.status_code == 200
    assert scrape.change("voice_clones_total") == 1
    assert scrape.change("pool_wait_seconds_count", work="upload") == 1


@pytest.mark.parametrize(
    ("route", "end"), [("/stt/websocket", "done"), ("/stt/turns/websocket", '{"type": "close"}')]
)
def test_live_audio(server, scrape, route, end):
    query = "model=ink-whisper&encoding=pcm_s16le&sample_rate=16000&language=en"
    sound = np.full(16000, 8000, "<i2").tobytes()
    with connect(server.replace("http", "ws") + f"{route}?{query}") as connection:
        assert scrape.now("sockets", route=route) == 1
        connection.send(sound)
        connection.send(bytes(2 * len(sound)))
        connection.send(end)
        for _ in connection:
            pass
    scrape.until(3, "transcription_audio_seconds_total", route=route)
    scrape.until(1, "transcription_final_seconds_count", route=route)
    assert 0 < scrape.change("transcription_final_seconds_sum", route=route) < PATIENCE
    scrape.until(1, "requests_total", method="WEBSOCKET", route=route, status="101")


def test_paths_and_methods_that_callers_make_up_make_no_labels(server, http, scrape):
    known = {label for _, labels in scrape.samples() for label in labels}
    marks = [secrets.token_hex(8) for _ in range(20)]
    for mark in marks:
        for path in (
            f"/{mark}",
            f"/voices/{mark}",
            f"/datasets/{mark}",
            f"/v1/models/{mark}",
            "/;x",
        ):
            http.get(path)
        http.request(mark.upper(), f"/voices/{mark}")
        with pytest.raises(InvalidStatus):
            connect(server.replace("http", "ws") + f"/tts/{mark}")
    text = http.get("/metrics").text
    assert not any(mark in text or mark.upper() in text for mark in marks)
    labels = {label for _, labels in scrape.samples() for label in labels} - known
    assert {value for name, value in labels if name == "route"} <= {
        "none",
        "/voices/{id}",
        "/datasets/{rest:path}",
        "/v1/models/{id}",
        "/{path:path}",
    }
    assert {value for name, value in labels if name == "method"} <= {"OTHER", "WEBSOCKET"}


def test_a_path_that_is_no_text_is_counted(server, scrape):
    where = urlsplit(server)
    with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
        connection.sendall(b"GET /%ff%00%0a\\%22 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b" 404 " in connection.recv(4096)
    scrape.until(1, "requests_total", method="GET", route="none", status="404")


@pytest.fixture(scope="module")
def settings(settings):
    return replace(settings, max_contexts=2, max_text_chars=9999)


KEY = "sk_local_7f3a"


@contextmanager
def guarded(settings):
    engines = scripted_engines(ScriptedSpeech())
    with (
        embedded(replace(settings, api_keys=(KEY,)), engines=engines) as base_url,
        httpx.Client(base_url=base_url, timeout=120) as client,
    ):
        yield client


def test_a_scrape_needs_the_key_that_all_else_needs(settings):
    with guarded(settings) as client:
        bearer = {"Authorization": f"Bearer {KEY}"}
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=bearer).status_code == 200
        asked = {"grants": {"tts": True, "stt": True}, "expires_in": 60}
        token = client.post("/access-token", json=asked, headers=bearer).json()["token"]
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403
        text = client.get("/metrics", headers=bearer).text
        assert KEY not in text
        assert 'cartesia_errors_total{route="/metrics",status="401"} 1.0' in text
