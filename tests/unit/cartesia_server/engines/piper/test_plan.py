"""Pieces of an utterance: their lengths, their times, and how soon they stop."""

import itertools

import numpy as np
import pytest

from cartesia_server.engines.base import Cancelled, CancelToken, SpeechControls, SpokenWord
from cartesia_server.engines.piper import plan as plan_module
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.models import Models
from cartesia_server.engines.piper.plan import _FADE, Plan
from cartesia_server.engines.piper.score import HEAD, Score
from cartesia_server.engines.piper.spelling import spell
from cartesia_server.engines.piper.split import split
from tests.unit.cartesia_server.engines.piper import tiny

# ruff: noqa: RUF001 -- phonetic letters look like others

CONFIG = VoiceConfig.parse(tiny.config(noise=0.5), "en_US-tiny")
LONG = ["hˈaɪ", "ðɛɹ", "jʊɹ", "wˈɔːtɚ", "ɪz", "ɡɹˈiːn"] * 5
SOON, WHOLE = SpeechControls(first_piece=0.001), SpeechControls(first_piece=60.0)


@pytest.fixture(scope="module")
def models():
    return Models(split(tiny.voice()), CONFIG)


def words(*phonemes, pause="."):
    *most, last = phonemes
    said = [SpokenWord("w", index, one) for index, one in enumerate(most)]
    return [*said, SpokenWord("w", len(most), last, pause)]


@pytest.fixture
def plan(models):
    def plan(said=tuple(LONG), controls=SOON, pause="."):
        spelling = spell(words(*said, pause=pause), CONFIG)
        return Plan(models, tiny.RATE, spelling, 0, controls)

    return plan


def chunks(plan):
    return list(plan.chunks(CancelToken()))


def joined(plan):
    return np.concatenate([chunk.samples for chunk in chunks(plan)])


@pytest.mark.parametrize("controls", [SOON, WHOLE, SpeechControls(speed=0.7, first_piece=0.001)])
@pytest.mark.parametrize("asked_first", [True, False])
def test_length_is_exact(plan, controls, asked_first):
    planned = plan(controls=controls)
    told = planned.length if asked_first else None
    samples = joined(planned)
    assert len(samples) == planned.length
    assert told in (None, planned.length)


def test_silence_before_the_first_sound_is_left_out(plan, monkeypatch):
    everything = joined(plan(controls=WHOLE))
    everything[1:_FADE] /= np.linspace(0, 1, _FADE)[1:]
    threshold = 0.99 * np.abs(everything[:300]).max()
    first = int(np.flatnonzero(np.abs(everything) > threshold)[0])
    whole = [word for chunk in chunks(plan(controls=WHOLE)) for word in chunk.words]
    monkeypatch.setattr(plan_module, "_AUDIBLE", threshold)
    monkeypatch.setattr(plan_module, "_BREATH", 2 / tiny.RATE)
    heard, planned = chunks(plan(controls=WHOLE)), plan(controls=WHOLE)
    left_out = first - 2
    assert left_out > 0
    assert planned.length == len(everything) - left_out
    audio = np.concatenate([chunk.samples for chunk in heard])
    np.testing.assert_array_equal(audio[_FADE:-_FADE], everything[left_out:][_FADE:-_FADE])
    moved = [word for chunk in heard for word in chunk.words]
    for before, after in zip(whole, moved, strict=True):
        assert after.start == pytest.approx(max(before.start - left_out / tiny.RATE, 0))
        assert after.end == pytest.approx(max(before.end - left_out / tiny.RATE, 0))


def test_small_pieces_come_first(plan):
    sizes = [len(chunk.samples) // tiny.HOP for chunk in chunks(plan())]
    assert sizes[0] == 4
    assert max(sizes) <= 96
    assert sizes[0] < sizes[-2]
    assert [len(chunk.samples) for chunk in chunks(plan(["ju"], WHOLE))] == [
        plan(["ju"], WHOLE).length
    ]


def test_pieces_are_those_of_the_whole(plan, monkeypatch):
    whole = joined(plan(controls=SpeechControls(first_piece=60.0)))
    monkeypatch.setattr(plan_module, "_LARGEST", 5)
    inner = slice(_FADE, -_FADE)
    np.testing.assert_allclose(joined(plan(controls=WHOLE))[inner], whole[inner], atol=1e-6)


def test_the_beginning_is_settled_alone_and_stays(models):
    score = Score(models, spell(words(*LONG), CONFIG), 0, 1.0)
    score.begin(CancelToken())
    assert not score.whole
    begun, frames = score.edges.copy(), score.latent.frames
    assert HEAD <= len(begun) - 1 < HEAD + 20
    assert begun[-1] == frames
    score.settle(CancelToken())
    assert len(score.edges) == len(spell(words(*LONG), CONFIG).ids) + 1
    np.testing.assert_array_equal(score.edges[: len(begun)], begun)
    assert score.edges[-1] == score.latent.frames > frames


def test_what_is_short_is_settled_as_a_whole(models):
    score = Score(models, spell(words("ju", "ju"), CONFIG), 0, 1.0)
    score.begin(CancelToken())
    assert score.whole


@pytest.mark.parametrize("controls", [SOON, WHOLE])
def test_every_word_and_phoneme_comes_once_and_in_order(plan, controls):
    made = chunks(plan(controls=controls))
    spoken = [word for chunk in made for word in chunk.words]
    assert [word.index for word in spoken] == list(range(len(LONG)))
    assert spoken[0].start == 0.0
    assert all(word.start < word.end for word in spoken)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spoken))
    seconds = sum(len(chunk.samples) for chunk in made) / tiny.RATE
    assert spoken[-1].end <= seconds
    phonemes = [sound for chunk in made for sound in chunk.phonemes]
    assert "".join(sound.phoneme for sound in phonemes[:6]) == "haɪðɛɹ"
    assert all(one.end <= other.start + 1e-9 for one, other in itertools.pairwise(phonemes))


def test_words_come_with_the_piece_that_they_begin_in(plan):
    done = 0.0
    for chunk in chunks(plan()):
        until = done + len(chunk.samples) / tiny.RATE
        assert all(done <= word.start < until for word in chunk.words)
        done = until


def test_silent_words_have_a_time(plan):
    made = chunks(plan(["ju", "", "ju"]))
    times = [word for chunk in made for word in chunk.words]
    assert [word.index for word in times] == [0, 1, 2]
    assert times[1].start == times[1].end


def test_speed_changes_the_length(plan):
    slow, usual, fast = (plan(controls=SpeechControls(speed=s)).length for s in (0.6, 1.0, 1.5))
    assert slow > 1.2 * usual > 1.2 * 1.1 * fast


def test_a_sentence_ends_in_a_pause(plan):
    assert plan(pause=".").length > plan(pause="").length


def test_edges_are_silent(plan):
    samples = joined(plan())
    assert samples[0] == samples[-1] == 0


def test_cancelling_stops_before_the_next_piece(plan):
    token = CancelToken()
    pieces = plan().chunks(token)
    next(pieces)
    token.cancel()
    with pytest.raises(Cancelled):
        next(pieces)


def test_cancelling_stops_within_a_graph(models):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        models.encode([1, 0, 12, 0, 2], 0, 1.0, token)


def test_other_failures_stay_what_they_are(models):
    with pytest.raises(Exception, match="out of data bounds"):
        models.encode([1, 0, 10_000, 0, 2], 0, 1.0, CancelToken())
