"""Turns in recorded speech, with the real recogniser and voice detector."""

import json
from typing import Any

import jiwer
import numpy as np
import pytest

from cartesia import Cartesia
from cartesia_server.audio.decode import decode_upload
from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.smart_turn import find
from cartesia_server.engines.turn_detector import LISTEN_AFTER
from cartesia_server.engines.whisper import create
from cartesia_server.sessions.stt_options import TURN_LANGUAGES
from cartesia_server.sessions.turns import TurnSession
from cartesia_server.settings import Settings
from tests.models.test_whisper import plain

RATE = 16000
CLIPS = ("ls-1688-142285-0004", "ls-1688-142285-0002")
"""A statement and an exclamation, with no long pause in either."""

DICTATING: Any = {
    "model_id": "sonic-2",
    "voice": {"id": "a0e99841-438c-4a64-b679-ae501e7d6091"},
    "output_format": {"container": "raw", "encoding": "pcm_f32le", "sample_rate": RATE},
}


@pytest.fixture(scope="module")
def engine():
    engine = create(Settings())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def clips(speech_dir):
    """What is said in each, and its samples."""
    lines = (speech_dir / "manifest.jsonl").read_text().splitlines()
    manifest = {entry["id"]: entry for entry in map(json.loads, lines)}
    return [
        (manifest[name]["text"], decode_upload(speech_dir / manifest[name]["file"], max_seconds=60))
        for name in CLIPS
    ]


@pytest.fixture(scope="module")
def detector():
    found = find(Settings())
    if found is None:
        pytest.skip("no Smart Turn; pip install --no-deps pipecat-ai==1.14.0")
    return found


@pytest.fixture(scope="module")
def kennedy(speech_dir):
    """``... ask not | what your country can do for you, | ask what you ...``, at some length."""
    return decode_upload(speech_dir / "audio" / "jfk-1961.flac", max_seconds=60)


def converse(engine, samples, detector=None):
    """Stream samples with engines that need no time; each event and when it came."""
    session = TurnSession(
        engine.voice_detector(),
        request_id="r",
        language="en",
        languages=TURN_LANGUAGES,
        turn={},
        word_times=True,
        by_sound=detector is not None,
    )
    now = 0.0
    events: list[tuple[float, Any]] = []

    def listen():
        while True:
            if detector is not None and (pause := session.next_pause()) is not None:
                session.judge(pause, detector.finished(pause.samples))
            job = session.next_job(now)
            if job is None:
                if session.wake_at() != 0.0:
                    break
            elif job.languages:
                session.settle(job, engine.detect_language(job.samples, job.languages))
            elif job.draft:
                draft = engine.draft(job.samples, job.language, CancelToken(), word_times=True)
                session.settle(job, [draft])
            else:
                found = engine.transcribe(job.samples, job.language, CancelToken(), lead=job.lead)
                session.settle(job, [segment for segment in found if segment is not None])
        events.extend((now, message) for message in session.take_messages())

    for at in range(0, len(samples), RATE // 10):
        now += 0.1
        session.feed(samples[at : at + RATE // 10], now)
        listen()
    session.close()
    listen()
    return events


def test_two_people_have_two_turns_with_what_they_said(engine, clips):
    silence = np.zeros(3 * RATE, np.float32)
    events = converse(engine, np.concatenate([part for _, one in clips for part in (one, silence)]))
    kinds = [message.type for _, message in events if message.type != "turn.update"]
    assert kinds == ["connected", *["turn.start", "turn.eager_end", "turn.end"] * 2]
    ends = [message.transcript for _, message in events if message.type == "turn.end"]
    for (text, _), end in zip(clips, ends, strict=True):
        assert jiwer.wer(plain(text), plain(end)) <= 0.2
    assert any(message.type == "turn.update" for _, message in events)
    told = [message for _, message in events if hasattr(message, "transcript")]
    for message in told:
        assert [word.word for word in message.words] == message.transcript.split()
    first, second = (turn.words for turn in told if turn.type == "turn.end")
    times = [time for word in (*first, *second) for time in (word.start, word.end)]
    assert times == sorted(times)
    assert first[-1].end <= len(clips[0][1]) / RATE <= second[0].start


def test_a_telephone_number_dictated_with_pauses_is_one_turn(engine, real_server):
    with Cartesia(base_url=real_server) as client:
        groups = [
            np.frombuffer(b"".join(client.tts.bytes(transcript=text, **DICTATING)), "<f4")
            for text in ("My number is five five five,", "one two three,", "four five six seven.")
        ]
    pause = np.zeros(int(0.9 * RATE), np.float32)  # and some tenths at the edges of the groups
    samples = np.concatenate([part for group in groups for part in (group, pause)])
    events = converse(engine, np.concatenate((samples, pause)))
    [end] = [message for _, message in events if message.type == "turn.end"]
    said = end.transcript.lower()
    for digit, word in enumerate(("one", "two", "three", "four", "five", "six", "seven"), 1):
        said = said.replace(word, str(digit))
    assert "".join(filter(str.isdigit, said)) == "5551234567"


def test_each_turn_is_heard_in_its_language(engine, clips, speech_dir):
    french = decode_upload(speech_dir / "audio" / "ast-fr-vm-rec-temp.flac", max_seconds=60)
    silence, [(text, english), _] = np.zeros(2 * RATE, np.float32), clips
    samples = np.concatenate((english, silence, french, silence, english, silence))
    events = converse(engine, samples)
    before, other, after = (m.transcript for _, m in events if m.type == "turn.end")
    assert other.startswith("Après le")
    for end in (before, after):
        assert jiwer.wer(plain(text), plain(end)) <= 0.2


def test_a_turn_begins_with_its_voice_and_is_over_soon_after(engine, clips):
    [(_, samples), _] = clips
    silence = np.zeros(2 * RATE, np.float32)
    events = converse(engine, np.concatenate((silence, samples, silence)))
    [start] = [now for now, message in events if message.type == "turn.start"]
    [end] = [now for now, message in events if message.type == "turn.end"]
    assert 2.3 <= start <= 3.3
    assert end <= 2.0 + len(samples) / RATE + 1.3


def test_sound_that_is_no_speech_is_no_turn(engine):
    noise = 0.1 * np.random.default_rng(1).standard_normal(5 * RATE).astype(np.float32)
    assert [message.type for _, message in converse(engine, noise)] == ["connected"]


def test_what_is_not_finished_does_not_sound_so(detector, kennedy):
    def finished(voice_end):
        return detector.finished(kennedy[: int((voice_end + LISTEN_AFTER) * RATE)])

    assert max(finished(4.35), finished(7.62)) < 0.3
    assert finished(10.5) > 0.7
    assert detector.finished(np.zeros(RATE // 10, np.float32)) <= 1.0


def test_a_speaker_who_pauses_in_a_sentence_is_not_answered(engine, detector, kennedy):
    begin, pause, end = 2.5, 7.62, 8.2
    samples = kennedy[int(begin * RATE) : int(end * RATE)]

    def answers(*detectors):
        """When a program would prepare an answer, or give one, before he goes on."""
        return [
            begin + now
            for now, message in converse(engine, samples, *detectors)
            if message.type in ("turn.eager_end", "turn.end") and begin + now < end - 0.05
        ]

    assert max(answers(detector), default=0.0) < pause < max(answers())
