"""The surrogate and the search, in a world in which what is heard is known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cartesia_server.voices.search import Bounds, VoiceSearch
from cartesia_server.voices.surrogate import Sound, Surrogate
from tests.unit.cartesia_server.voices.world import COORDINATES, World, learned, voices

BOUNDS = Bounds(pull=0.01, limit=1.0)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def data(world):
    return learned(world)


@pytest.fixture(scope="module")
def surrogate(data) -> Surrogate:
    return Surrogate.of(data)


@pytest.fixture
def by_the_encoder_alone(monkeypatch):
    monkeypatch.setattr("cartesia_server.voices.search._TIMBRE", 0.0)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_data_is_compact(data):
    numbers = COORDINATES + 64 + 2 + 32  # of a voice: where it lies, and what is guessed of it
    assert sum(array.nbytes for array in data.values()) < 400 * numbers * 2 + 60_000


def test_the_guess_is_nearer_than_the_average(world, surrogate):
    unseen = voices(50, seed=3)
    guessed, pitches, timbres = surrogate.guess(unseen)
    truth = world.embedding(unseen)
    mean = truth.mean(0)
    gained = ((truth - mean) ** 2).sum() - ((truth - guessed) ** 2).sum()
    assert gained > 0.5 * ((truth - mean) ** 2).sum()
    assert np.corrcoef(pitches[:, 0], world.pitch(unseen)[:, 0])[0, 1] > 0.9
    heard = surrogate.timbre(world.cepstrum(unseen))
    assert np.mean([cosine(*pair) for pair in zip(timbres, heard, strict=True)]) > 0.8


def test_the_gradient_is_that_of_the_guess(surrogate):
    generator = np.random.default_rng(4)
    at = voices(2, seed=6)
    slopes = Sound(*(generator.normal(size=(2, numbers)) for numbers in (256, 2, 32)))

    def score(where: np.ndarray) -> np.ndarray:
        return np.asarray((surrogate.guess(where).joined() * slopes.joined()).sum(1))

    slope = surrogate.gradient(at, slopes)
    for coordinate in (0, 3, 53, 60, 105):
        step = np.zeros(COORDINATES)
        step[coordinate] = 1e-4
        expected = (score(at + step) - score(at - step)) / 2e-4
        np.testing.assert_allclose(slope[:, coordinate], expected, rtol=1e-3, atol=1e-6)


def test_the_search_finds_a_voice_that_sounds_like_the_target(world, surrogate):
    target = world.features(voices(1, seed=8)[0] * 0.6)
    search = VoiceSearch(surrogate, target, BOUNDS)
    found = search.propose()
    average = cosine(world.mean, target.embedding)
    assert cosine(world.features(found).embedding, target.embedding) > (average + 1) / 2
    assert world.features(found).pitch[0] == pytest.approx(target.pitch[0], abs=0.1)


def test_of_voices_that_the_encoder_cannot_tell_apart_the_one_with_the_timbre_is_best(
    world, surrogate
):
    target = world.features(voices(1, seed=8)[0] * 0.6)
    search = VoiceSearch(surrogate, target, BOUNDS)
    at = search.propose()
    apart = np.zeros(COORDINATES)
    apart[5] = 3.0
    other = world.features(voices(1, seed=9)[0])
    for coordinates, cepstrum in ((at + apart, other.cepstrum), (at - apart, target.cepstrum)):
        search.heard(coordinates, replace(target, cepstrum=cepstrum), sentence=0)
    assert search.best == 1


def test_what_is_heard_corrects_the_guess(world, surrogate):
    target = world.features(voices(1, seed=9)[0] * 0.6)
    search = VoiceSearch(surrogate, target, BOUNDS)
    reached = []
    for _ in range(5):
        proposed = search.propose()
        features = world.features(proposed)
        search.heard(proposed, features, sentence=0)
        reached.append(cosine(features.embedding, target.embedding))
    assert max(reached[1:]) > reached[0]
    assert reached[search.best] >= max(reached) - 0.01


def test_what_a_sentence_does_to_every_voice_is_not_taken_for_the_voice(
    world, surrogate, by_the_encoder_alone
):
    target = world.features(voices(1, seed=9)[0] * 0.6)
    search = VoiceSearch(surrogate, target, BOUNDS)
    at = search.propose()
    away = np.random.default_rng(12).normal(size=256) / 16  # what sentence 0 does to all
    for share, sentence in ((-1, 0), (-1, 1), (-0.9, 0), (-0.9, 1), (0.8, 1), (1, 0)):
        heard = world.features(share * at)
        embedding = heard.embedding + (away if sentence == 0 else 0)
        search.heard(share * at, replace(heard, embedding=embedding), sentence)
    assert search.best == 5


def test_a_bold_search_goes_further_from_what_disappointed(world, surrogate, by_the_encoder_alone):
    target = world.features(voices(1, seed=9)[0] * 0.6)
    search = VoiceSearch(surrogate, target, BOUNDS)
    tried = search.propose()
    heard = world.features(tried)
    away = 0.5 * np.random.default_rng(12).normal(size=256) / 16
    search.heard(tried, replace(heard, embedding=heard.embedding + away), sentence=0)
    near, far = (np.linalg.norm(search.propose(bold=bold) - tried) for bold in (False, True))
    assert far > 1.5 * near


def test_amid_the_best_voices_lies_a_better_one_than_the_luckiest(world, surrogate):
    person = voices(1, seed=9)[0] * 0.6
    target = world.features(person)
    search = VoiceSearch(surrogate, target, BOUNDS)
    generator = np.random.default_rng(12)
    tried = person + 0.5 * generator.normal(size=(30, COORDINATES))
    for number, coordinates in enumerate(tried):
        heard = world.features(coordinates)
        luck = generator.normal(size=256) / 16
        search.heard(coordinates, replace(heard, embedding=heard.embedding + luck), number % 4)
    middle, best = (
        cosine(world.features(found).embedding, target.embedding)
        for found in (search.middle, tried[search.best])
    )
    assert 1 - middle < 0.5 * (1 - best)


def test_amid_few_voices_lies_the_best_of_them(world, surrogate):
    target = world.features(voices(1, seed=9)[0] * 0.6)
    search = VoiceSearch(surrogate, target, BOUNDS)
    tried = [search.propose()]
    for number in range(9):
        search.heard(tried[-1], world.features(tried[-1]), number % 4)
        np.testing.assert_array_equal(search.middle, tried[search.best])
        tried.append(search.propose())


@pytest.mark.parametrize("limit", [0.3, 0.8])
def test_the_search_stays_within_its_bounds(world, surrogate, limit):
    target = world.features(3 * np.ones(COORDINATES))
    found = VoiceSearch(surrogate, target, Bounds(pull=0.0, limit=limit)).propose()
    halves = found.reshape(2, -1)
    assert np.sqrt((halves**2).mean(1)).max() <= limit + 1e-9


def test_a_stronger_pull_stays_nearer_the_average_voice(world, surrogate):
    target = world.features(voices(1, seed=11)[0])
    loose, tight = (
        VoiceSearch(surrogate, target, Bounds(pull=pull, limit=1.0)).propose()
        for pull in (0.001, 0.5)
    )
    assert np.linalg.norm(tight) < np.linalg.norm(loose)
