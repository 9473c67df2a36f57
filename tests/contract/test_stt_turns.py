"""``/stt/turns/websocket`` over real sockets."""

import json
import threading
import time
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from cartesia_server.embedded import embedded
from cartesia_server.engines.base import Cancelled, TranscriptSegment
from cartesia_server.engines.registry import Engines
from cartesia_server.settings import Settings
from tests.contract.scripted import ScriptedSpeech, ScriptedTranscription, scripted_engines

TONE = (8000 * np.sin(np.arange(16000) * 0.1)).astype("<i2").tobytes()
SILENCE = bytes(2 * 16000)
QUERY = {"model": "ink-2", "encoding": "pcm_s16le", "sample_rate": "16000"}


class Socket:
    """A socket with turns."""

    def __init__(self, connection):
        self.raw = connection

    def say(self, *sounds, size=3200):
        data = b"".join(sounds)
        for at in range(0, len(data), size):
            self.raw.send(data[at : at + size])

    def send(self, **command):
        self.raw.send(json.dumps(command))

    def receive(self, until=None):
        """Everything up to a type of event, or up to the end."""
        events: list[dict[str, Any]] = []
        try:
            while not events or events[-1]["type"] != until:
                events.append(json.loads(self.raw.recv(timeout=120)))
        except ConnectionClosed:
            assert until is None
        return events

    @property
    def close_code(self):
        return self.raw.close_code


def open_socket(server, **changes):
    query = {**QUERY, **changes}
    text = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
    return connect(server.replace("http", "ws") + f"/stt/turns/websocket?{text}", max_queue=None)


@pytest.fixture
def dial(server):
    @contextmanager
    def dial(**changes):
        with open_socket(server, **changes) as connection:
            yield Socket(connection)

    return dial


def types(events):
    return [event["type"] for event in events if event["type"] != "turn.update"]


def ends(events):
    return [event["transcript"] for event in events if event["type"] == "turn.end"]


def test_a_turn_from_its_start_to_its_end(dial):
    with dial() as socket:
        socket.say(TONE * 2, SILENCE * 2)
        events = socket.receive("turn.end")
        socket.say(TONE, SILENCE * 2)
        events += socket.receive("turn.end")
        socket.send(type="close")
        events += socket.receive()
    assert types(events) == [
        "connected",
        *["turn.start", "turn.eager_end", "turn.end"] * 2,
    ]
    assert ends(events) == ["word word", "word"]
    assert socket.close_code == 1000
    assert len({event["request_id"] for event in events}) == 1
    assert all(event.keys() <= {"type", "transcript", "request_id"} for event in events)


def test_everything_may_be_sent_before_anything_is_read(dial):
    with dial() as socket:
        socket.say(TONE, SILENCE, TONE, SILENCE * 2, TONE)
        socket.send(type="close")
        events = socket.receive()
    assert types(events) == [
        "connected",
        "turn.start",
        "turn.eager_end",
        "turn.resume",
        "turn.eager_end",
        "turn.end",
        "turn.start",
        "turn.end",
    ]
    assert ends(events) == ["word word", "word"]


def test_a_pause_within_a_turn_brings_an_update(dial):
    with dial() as socket:
        socket.say(TONE, SILENCE[: 2 * 16000 * 7 // 10])
        events = socket.receive("turn.update")
        socket.say(TONE)
        socket.send(type="close")
        events += socket.receive()
    assert [event.get("transcript") for event in events[:3]] == [None, None, "word"]
    assert events[-1]["transcript"].startswith("word word")


def test_close_may_be_written_without_spaces_and_in_silence(dial):
    with dial() as socket:
        socket.say(SILENCE)
        socket.raw.send('{"type":"close"}')
        assert types(socket.receive()) == ["connected"]
    assert socket.close_code == 1000


def test_settings_change_in_mid_session(dial):
    with dial(turn_end_threshold="0.05", turn_end_timeout_ms="11200") as socket:
        socket.say(TONE)
        socket.send(type="config", turn={"end_timeout_ms": 640})
        socket.say(SILENCE)
        assert types(socket.receive("turn.end")) == ["connected", "turn.start", "turn.end"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("finalize", "message: got 'finalize', accepted: a JSON object such as"),
        ('{"type": "finalize"}', "type: got 'finalize', accepted: 'config' or 'close'"),
        ("[1]", "body: got [1], accepted: "),
        ('{"type": "config"}', "turn: got nothing, accepted: a value"),
        ('{"type": "config", "turn": 0.3}', "turn: got 0.3, accepted: an object"),
        (
            '{"type": "config", "turn": {"end_threshold": "low"}}',
            "turn.end_threshold: got 'low', accepted: a number",
        ),
        (
            '{"type": "config", "turn": {"end_threshold": 0.7}}',
            "turn.end_threshold: got 0.7, accepted: a number from 0.05 to 0.5",
        ),
        (
            '{"type": "config", "turn": {"start_threshold": 0.6, "eager_end_threshold": 0.7}}',
            "turn.eager_end_threshold: got 0.7, accepted: a number below turn.start_threshold",
        ),
        (
            '{"type": "config", "turn": {"end_treshold": 0.1}}',
            "turn.end_treshold: got 0.1, accepted: turn.start_threshold, ",
        ),
        (
            '{"type": "config", "turn": {"a": "' + 5000 * "x" + '"}}',
            "message: got '5037 characters', accepted: at most 4096 characters",
        ),
    ],
)
def test_a_bad_command_is_named_and_the_session_goes_on(dial, command, message):
    with dial() as socket:
        socket.raw.send(command)
        error = socket.receive("error")[-1]
        assert error["message"].startswith(message)
        assert (error["status_code"], error["code"]) == (400, 400)
        assert error["title"] == "Invalid request"
        socket.say(TONE)
        socket.send(type="close")
        assert ends(socket.receive()) == ["word"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "ink-9"}, "model: got 'ink-9', accepted: ink-whisper, ink-2, ink-preview"),
        ({"encoding": "mp3"}, "encoding: 'mp3'"),
        ({"sample_rate": None}, "sample_rate: got nothing"),
        ({"turn_start_threshold": "0.95"}, "turn_start_threshold: got '0.95', accepted: a number"),
        (
            {"turn_eager_end_threshold": "0.3", "turn_end_threshold": "0.4"},
            "turn_end_threshold: got 0.4, accepted: a number below turn_eager_end_threshold (0.3)",
        ),
        ({"keyterm": "x" * 1300}, "keyterm: got '1 terms of 1300 characters"),
    ],
)
def test_a_bad_query_is_named_in_place_of_the_first_event(dial, changes, message):
    with dial(**changes) as socket:
        [error] = socket.receive()
    assert error["type"] == "error"
    assert error["message"].startswith(message)
    assert error["status_code"] == 400
    assert error["request_id"]
    assert socket.close_code == 1008


@pytest.fixture
def guarded(tmp_path):
    """A server that wants a key and has little patience."""
    settings = Settings(threads=1, api_keys=("sk_1",), data_dir=tmp_path, stt_idle_timeout=0.3)
    with embedded(settings, engines=scripted_engines()) as base_url:
        yield base_url


def test_who_may_not_call_is_refused_at_the_handshake(guarded):
    with pytest.raises(InvalidStatus) as refused, open_socket(guarded):
        pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(("grants", "status"), [({"stt": True}, None), ({"tts": True}, 403)])
def test_a_token_for_transcription_opens_it(guarded, grants, status):
    body = {"grants": grants, "expires_in": 60}
    answer = httpx.post(f"{guarded}/access-token", json=body, headers={"X-API-Key": "sk_1"})
    token = answer.json()["token"]
    if status is None:
        with open_socket(guarded, access_token=token) as connection:
            assert types(Socket(connection).receive()) == ["connected"]
        assert connection.close_code == 1000  # idle for too long
    else:
        with pytest.raises(InvalidStatus) as refused, open_socket(guarded, access_token=token):
            pass
        assert refused.value.response.status_code == status


class Stuck(ScriptedTranscription):
    """Recognises until it is cancelled.

    Attributes:
        busy: set once it works.
        freed: set once it has been cancelled.
    """

    def __init__(self):
        self.busy, self.freed = threading.Event(), threading.Event()

    def transcribe(self, samples, language, cancel, **options):
        self.busy.set()
        while not cancel.cancelled:
            time.sleep(0.01)
        self.freed.set()
        raise Cancelled


@contextmanager
def stuck(**settings):
    """A socket of a server whose engine never gets anywhere."""
    ears = Stuck()
    engines = Engines(ScriptedSpeech(), ears, ())
    with (
        embedded(Settings(threads=1, **settings), engines=engines) as base_url,
        open_socket(base_url) as connection,
    ):
        yield Socket(connection), ears


def test_who_goes_away_frees_the_engine(tmp_path):
    with stuck(data_dir=tmp_path) as (socket, ears):
        socket.say(TONE, SILENCE)
        assert ears.busy.wait(60)
        socket.raw.close()
        assert ears.freed.wait(60)


def test_more_audio_than_can_wait_ends_the_session(tmp_path):
    with stuck(data_dir=tmp_path, max_audio_seconds=2.0) as (socket, _):
        with suppress(ConnectionClosed):  # it may end before all is said
            socket.say(TONE, SILENCE, TONE * 3)
        error = socket.receive()[-1]
        assert (error["type"], error["status_code"]) == ("error", 429)
        assert "send slower" in error["message"]
        assert socket.close_code == 1013


class Coughing(ScriptedTranscription):
    """Hears a word only in what lasts for at least a second."""

    def transcribe(self, samples, language, cancel, **options):
        return iter(()) if len(samples) < 16000 else super().transcribe(samples, language, cancel)

    def draft(self, samples, language, cancel, *, word_times=False):
        return TranscriptSegment("", 0.0, 0.0, ())


def test_a_cough_is_no_turn(tmp_path):
    engines = Engines(ScriptedSpeech(), Coughing(), ())
    with (
        embedded(Settings(threads=1, data_dir=tmp_path), engines=engines) as base_url,
        open_socket(base_url) as connection,
    ):
        socket = Socket(connection)
        socket.say(TONE[: len(TONE) // 4], SILENCE * 2, TONE * 2, SILENCE * 2)
        socket.send(type="close")
        events = socket.receive()
    assert types(events) == ["connected", "turn.start", "turn.eager_end", "turn.end"]
    assert all(ends(events))


@pytest.mark.parametrize(("model", "timed"), [("ink-preview", True), ("ink-2", False)])
def test_models_say_when_each_word_was_said_or_do_not(dial, model, timed):
    with dial(model=model) as socket:
        socket.say(TONE, SILENCE[: 2 * 16000 * 7 // 10], TONE, SILENCE * 2)
        socket.send(type="close")
        told = [event for event in socket.receive() if "transcript" in event]
    assert len(told) >= 2
    for event in told:
        words = event.get("words", [])
        assert [word["word"] for word in words] == event["transcript"].split() * timed
        starts = [word["start"] for word in words]
        assert starts == sorted(starts)


class Listener:
    """A turn detector that says what a test says."""

    def __init__(self, answer):
        self.answer = answer
        self.heard = []

    def finished(self, samples):
        self.heard.append(len(samples) / 16000)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.99, ["turn.eager_end", "turn.end", "turn.start"]),
        (0.01, ["turn.eager_end", "turn.resume"]),
        (RuntimeError("the script says so"), ["turn.eager_end", "turn.end", "turn.start"]),
    ],
)
def test_a_pause_that_does_not_sound_like_an_end_is_waited_out(answer, expected, tmp_path):
    detector = Listener(answer)
    engines = Engines(ScriptedSpeech(), ScriptedTranscription(), (), detector)
    with (
        embedded(Settings(threads=2, data_dir=tmp_path), engines=engines) as base_url,
        open_socket(base_url) as connection,
    ):
        socket = Socket(connection)
        socket.say(TONE, SILENCE * 3, TONE, SILENCE[:8000])
        socket.send(type="close")
        assert types(socket.receive())[:-1] == ["connected", "turn.start", *expected]
    assert detector.heard[0] == pytest.approx(1.2, abs=0.05)
