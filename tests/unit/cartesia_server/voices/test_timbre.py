from __future__ import annotations

import numpy as np

from cartesia_server.voices.timbre import DIRECTIONS, TimbreMap, learn


def heard(voices: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """What is heard of voices: few directions are theirs, what they say is louder in others."""
    said = generator.normal(size=(*voices.shape[:-1], 36)) * 3
    own = voices + 0.3 * generator.normal(size=voices.shape)
    return np.concatenate([own, said], -1)


def test_voices_are_told_apart_by_what_they_do_not_say():
    generator = np.random.default_rng(1)
    voices = generator.normal(size=(300, 36))
    halves = heard(np.repeat(voices[:, None], 2, 1), generator)
    timbre = TimbreMap.of(learn(halves.mean(1), halves))
    people = generator.normal(size=(20, 36))
    first, second = (timbre(heard(people, generator)) for _ in range(2))
    assert first.shape == (20, DIRECTIONS)
    first, second = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (first, second))
    cosines = first @ second.T
    assert cosines.diagonal().mean() > 0.7
    assert abs(cosines[~np.eye(20, dtype=bool)].mean()) < 0.1
