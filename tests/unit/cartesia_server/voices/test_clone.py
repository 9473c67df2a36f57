from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.engines.base import Cancelled, CancelToken, Samples, VoicePoint
from cartesia_server.voices.clone import ClipError, VoiceCloner
from cartesia_server.voices.features import SAMPLE_RATE, SpeakerFeatures
from cartesia_server.voices.space import VoiceSpace
from cartesia_server.voices.surrogate import Surrogate
from tests.unit.cartesia_server.voices.world import World, learned, voices


class Rehearsals:
    """Speaks a voice as its own numbers, and counts."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def __call__(self, voice: VoicePoint, number: int, cancel: CancelToken) -> Samples:
        cancel.raise_if_cancelled()
        self.numbers.append(number)
        return voice


class Ear:
    """Hears a voice that was spoken as its own numbers; a clip as so much speech."""

    def __init__(self, space: VoiceSpace, world: World) -> None:
        self.space = space
        self.world = world

    def features(self, samples: Samples) -> SpeakerFeatures:
        if samples.shape == (192,):
            return self.world.features(self.space.coordinates(samples).ravel())
        voiced = float((samples == 1).mean())
        pitch = np.array([5.0, 0.2, 5.0, voiced])
        return SpeakerFeatures(np.ones(256), pitch, np.zeros(72), len(samples) / SAMPLE_RATE)


def _noise(seconds: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=seconds * SAMPLE_RATE)


@pytest.fixture(scope="module")
def space() -> VoiceSpace:
    return VoiceSpace.load()


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def surrogate(world) -> Surrogate:
    return Surrogate.of(learned(world))


@pytest.fixture
def rehearsals() -> Rehearsals:
    return Rehearsals()


@pytest.fixture
def cloner(space, world, surrogate, rehearsals) -> VoiceCloner:
    ear = Ear(space, world)
    return VoiceCloner(space, rehearsals, encoder=ear, surrogate=surrogate)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def speaker(world) -> SpeakerFeatures:
    features: SpeakerFeatures = world.features(voices(1, seed=8)[0] * 0.6)
    return features


def test_every_rehearsal_gives_the_best_voice_so_far(cloner, speaker, rehearsals, space, world):
    cloning = cloner.begin(speaker)
    found = [cloning.rehearse(CancelToken()) for _ in range(4)]
    assert [clone.rehearsals for clone in found] == [1, 2, 3, 4]
    assert rehearsals.numbers == [0, 1, 2, 3]
    for clone in found:
        heard = world.features(space.coordinates(clone.point).ravel())
        assert clone.similarity == pytest.approx(heard.embedding @ speaker.embedding, abs=1e-6)
    assert found[-1].similarity >= found[0].similarity - 0.01
    assert cloning.best.point is found[-1].point


def test_the_voice_amid_the_best_tried_is_one_that_can_be_spoken(cloner, speaker, space):
    cloning = cloner.begin(speaker)
    for _ in range(9):
        cloning.rehearse(CancelToken())
        np.testing.assert_array_equal(cloning.middle, cloning.best.point)
    cloning.rehearse(CancelToken())
    assert not np.array_equal(cloning.middle, cloning.best.point)
    np.testing.assert_allclose(space.project(cloning.middle), cloning.middle, atol=1e-5)


def test_a_clone_is_a_voice_that_projection_leaves_alone(cloner, speaker, space):
    clone = cloner.begin(speaker).rehearse(CancelToken())
    np.testing.assert_allclose(space.project(clone.point), clone.point, atol=1e-5)


def test_stability_stays_nearer_the_average_voice(cloner, speaker, space):
    near, far = (
        np.linalg.norm(space.coordinates(cloner.begin(speaker, mode).rehearse(CancelToken()).point))
        for mode in ("stability", "similarity")
    )
    assert near < far


def test_cancelling_stops_the_rehearsals(cloner, speaker, rehearsals):
    cancel = CancelToken()
    cloning = cloner.begin(speaker)
    cloning.rehearse(cancel)
    cancel.cancel()
    with pytest.raises(Cancelled):
        cloning.rehearse(cancel)
    assert rehearsals.numbers == [0]


def test_a_voice_is_compared_with_the_speaker_in_any_sentence(cloner, speaker, rehearsals, space):
    cloning = cloner.begin(speaker)
    clone = cloning.rehearse(CancelToken())
    average = space.at(np.zeros((2, 53)))
    near, far = (cloning.likeness(point, -2, CancelToken()) for point in (clone.point, average))
    assert near > far
    assert rehearsals.numbers == [0, -2, -2]
    assert cloning.best.rehearsals == 1


@pytest.mark.parametrize(
    ("clip", "told"),
    [
        (np.zeros(0), "got 0.0 s of sound"),
        (np.ones(SAMPLE_RATE // 2), "got 0.5 s of sound"),
        (np.zeros(5 * SAMPLE_RATE), "got 0.0 s of sound"),
        (_noise(5), "got 5.0 s of sound, 0.0 s of it voiced"),
    ],
    ids=["empty", "short", "silent", "noise"],
)
def test_a_clip_with_too_little_speech_is_refused(cloner, clip, told):
    with pytest.raises(ClipError, match=f"clip: {told}.*accepted: at least 1 s of speech"):
        cloner.listen(clip.astype(np.float32))


def test_of_a_long_clip_half_a_minute_of_speech_is_heard(cloner):
    clip = np.ones(90 * SAMPLE_RATE, np.float32)
    assert cloner.listen(clip).seconds == 30
    clip[: 20 * SAMPLE_RATE] = 0
    assert cloner.listen(clip).seconds == 30
    clip[: 50 * SAMPLE_RATE] = 0
    assert cloner.listen(clip).seconds == pytest.approx(10, abs=0.1)
