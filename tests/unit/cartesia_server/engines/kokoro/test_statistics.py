import numpy as np
import pytest

from cartesia_server.engines.kokoro.prosody import Affine, Moments
from cartesia_server.engines.kokoro.statistics import Statistics, features
from cartesia_server.voices.space import VoiceSpace
from tests.unit.cartesia_server.engines.kokoro.fakes import prosody

LENGTH = slice(256, 258)  # of the features: what hangs on the length of the utterance
SHARE = 268


@pytest.fixture(scope="module")
def statistics():
    return Statistics.load()


@pytest.fixture
def beginnings():
    return Moments(np.zeros(1604, np.float32), np.ones(1604, np.float32))


def test_first_words_are_known_by_the_length_of_all(beginnings):
    first, whole = prosody([10, 12, 18], (18, 70)), prosody([10, 30, 30, 10], (18, 140))
    opening, all_words = features(first, 0.5, beginnings), features(whole, 1.0, beginnings)
    np.testing.assert_allclose(opening[LENGTH], all_words[LENGTH])
    assert all_words[SHARE] == 0
    assert opening[SHARE] == pytest.approx(np.log(0.5))


def test_what_is_foretold_of_first_words_is_of_their_utterance(statistics, beginnings):
    first = prosody([10, 12, 18], (18, 70))
    channels = len(statistics.deviation)
    styled = Affine(np.ones(channels, np.float32), np.zeros(channels, np.float32))
    alone, opening = (statistics.affine(first, share, beginnings, styled) for share in (1.0, 0.4))
    assert np.abs(np.log(opening.scale / alone.scale)).max() > 0.1
    # What is measured stays as it is.
    known = statistics.known
    np.testing.assert_array_equal(opening.scale[known], alone.scale[known])


def test_what_makes_a_voice_louder_is_taken_back(statistics, beginnings):
    channels = len(statistics.deviation)
    styled = Affine(np.ones(channels, np.float32), np.zeros(channels, np.float32))
    spoken = prosody([10, 12, 18], (18, 70))
    made = statistics.affine(spoken, 1.0, beginnings, styled)
    louder = statistics.louder_in(spoken.style)
    assert 20 * np.log10(made.gain) == pytest.approx(-louder)


def test_voices_differ_in_how_much_louder_they_are(statistics):
    space = VoiceSpace.load()
    louder = [statistics.louder_in(space.style(point, 60)) for point in space.points]
    assert 0.2 < np.mean(louder) < 0.5
    assert 0.1 < np.std(louder) < 0.4
    assert np.abs(louder).max() < 1.5
