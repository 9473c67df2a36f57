"""Every control of how to speak, in every spelling, measured on the audio; by both surfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cartesia.core.api_error import ApiError
from cartesia_server.voices.emotions import EMOTIONS
from tests.contract.conftest import RAW, VOICE, speech_request
from tests.contract.scripted import LEVEL, WORD_SECONDS
from tests.faults.surfaces import Runner, Surface

RATE = 24000
FORM = {**RAW, "encoding": "pcm_f32le"}
HOW: dict[str, Any] = {"model_id": "sonic-3", "transcript": "one two three", "output_format": FORM}
HAPPY, ANGRY, SAD = (EMOTIONS[name] for name in ("happy", "angry", "sad"))


@pytest.fixture(params=["sync", "async"])
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    surface = Surface(None if request.param == "sync" else Runner())
    yield surface
    surface.close()


@pytest.fixture
def said(surface, server):
    """The samples of three words, said with some controls."""
    client = surface.client(server, api_key="any")

    def said(controls: dict[str, Any] | None = None, **fields: Any) -> Any:
        voice = {"mode": "id", "id": VOICE, "__experimental_controls": controls}
        return np.frombuffer(b"".join(client.tts.bytes(voice=voice, **HOW, **fields)), "<f4")

    return said


def speed(samples: Any) -> float:
    return 3 * WORD_SECONDS * RATE / len(samples)


def level(samples: Any) -> float:
    return float(np.median(samples)) / LEVEL


@pytest.mark.parametrize(
    ("asked", "got"), [("slow", 0.8), ("normal", 1.0), ("fast", 1.25), (0.7, 0.7), (1.4, 1.4)]
)
def test_speed_of_a_request(said, asked, got):
    assert speed(said(speed=asked)) == pytest.approx(got, rel=0.01)


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        *[("slowest", 0.6), ("slow", 0.8), ("normal", 1.0), ("fast", 1.25), ("fastest", 1.5)],
        *[(-1.0, 0.6), (-0.5, 0.8), (0, 1.0), (0.5, 1.25), (1.0, 1.5)],
    ],
)
def test_speed_of_the_controls_of_a_voice(said, asked, got):
    assert speed(said({"speed": asked})) == pytest.approx(got, rel=0.01)


@pytest.mark.parametrize("asked", [0.6, 1.0, 1.5])
def test_speed_of_the_generation(said, asked):
    assert speed(said(generation_config={"speed": asked})) == pytest.approx(asked, rel=0.01)


def test_speeds_multiply(said):
    samples = said({"speed": "slow"}, speed="fast", generation_config={"speed": 1.2})
    assert speed(samples) == pytest.approx(1.2, rel=0.01)


@pytest.mark.parametrize("asked", [0.5, 1.0, 2.0])
def test_volume_of_the_generation(said, asked):
    assert level(said(generation_config={"volume": asked})) == pytest.approx(asked, rel=1e-4)


@pytest.mark.parametrize("asked", [0.05, 0.2, 60])
def test_duration_is_a_limit(said, asked):
    wanted = round(min(asked, 3 * WORD_SECONDS) * RATE)
    assert len(said(duration=asked)) == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize(
    ("name", "expression"),
    [("happy", HAPPY), ("Angry", ANGRY), ("SAD", SAD), ("neutral", None), ("sarcastic", None)],
)
def test_emotion_of_the_generation(said, engine, name, expression):
    samples = said(generation_config={"emotion": name})
    rate, loudness = (expression.rate, expression.level) if expression else (1.0, 1.0)
    assert speed(samples) == pytest.approx(rate, rel=0.01)
    assert level(samples) == pytest.approx(loudness, rel=1e-4)
    assert engine.expressions == [EMOTIONS[name.lower()]]


def test_emotions_of_the_controls_of_a_voice(said):
    mild, strong = (said({"emotion": [f"sadness:{how}"]}) for how in ("low", "highest"))
    assert speed(strong) < speed(mild) < 1
    assert level(strong) < level(mild) < 1
    both = said({"speed": "fast", "emotion": ["sadness", "anger"]})
    assert speed(both) == pytest.approx(1.25 * SAD.rate * ANGRY.rate, rel=0.01)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"generation_config": {"emotion": "glad"}}, "generation_config.emotion: got 'glad'"),
        ({"controls": {"emotion": ["joy:high"]}}, "controls.emotion: got 'joy:high'"),
        ({"controls": {"speed": "swift"}}, "controls.speed: got 'swift'"),
    ],
)
def test_what_nobody_knows_is_refused_with_what_there_is(said, fields, field):
    with pytest.raises(ApiError) as refusal:
        said(**fields)
    assert refusal.value.status_code == 400
    assert field in str(refusal.value.body)
    assert "accepted: " in str(refusal.value.body)


def test_an_emotion_in_the_text_holds_from_there_on(http, engine):
    text = 'One <emotion value="angry"/>two. <emotion value="Sad">Three.</emotion> Four.'
    answer = http.post("/tts/bytes", json=speech_request(transcript=text, output_format=FORM))
    samples = np.frombuffer(answer.content, "<f4")
    changes = np.flatnonzero(np.abs(np.diff(samples)) > 1e-4) + 1
    levels = [level(part) for part in np.split(samples, changes)]
    assert levels == pytest.approx([1.0, ANGRY.level, SAD.level, 1.0], rel=1e-4)
    speeds = [WORD_SECONDS * RATE / len(part) for part in np.split(samples, changes)]
    assert speeds == pytest.approx([1.0, ANGRY.rate, SAD.rate, 1.0], rel=0.01)


def test_an_unknown_emotion_in_the_text_is_refused(http):
    answer = http.post("/tts/bytes", json=speech_request(transcript='<emotion value="glad"/>One.'))
    assert answer.status_code == 400
    assert "transcript: got '<emotion value=\"glad\"/>'" in answer.text
    assert "joking/comedic" in answer.text
