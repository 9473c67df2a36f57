"""A made-up world in which what is heard of a voice is known exactly."""

from __future__ import annotations

import numpy as np

from cartesia_server.voices.features import SpeakerFeatures
from cartesia_server.voices.surrogate import learn

COORDINATES = 106


class World:
    """Says what is heard of a voice: a smooth function of few coordinates of each half."""

    def __init__(self) -> None:
        generator = np.random.default_rng(5)
        self.map = generator.normal(size=(8, 256)) * 0.3
        self.mean = np.abs(generator.normal(size=256))
        self.cepstra = generator.normal(size=(8, 72)) * 0.3

    def embedding(self, voices: np.ndarray) -> np.ndarray:
        inner = np.concatenate([voices[:, :4], voices[:, 53:57]], 1)
        heard = self.mean + np.tanh(inner) @ self.map
        return np.asarray(heard / np.linalg.norm(heard, axis=1, keepdims=True))

    def pitch(self, voices: np.ndarray) -> np.ndarray:
        return np.stack([5 + 0.2 * voices[:, 53], 0.2 + 0 * voices[:, 0]], 1)

    def cepstrum(self, voices: np.ndarray) -> np.ndarray:
        inner = np.concatenate([voices[:, :4], voices[:, 53:57]], 1)
        return np.asarray(np.tanh(inner) @ self.cepstra)

    def features(self, voice: np.ndarray) -> SpeakerFeatures:
        pitch = np.append(self.pitch(voice[None])[0], [5.0, 0.5])
        embedding, cepstrum = self.embedding(voice[None])[0], self.cepstrum(voice[None])[0]
        return SpeakerFeatures(embedding, pitch, cepstrum, 5.0)


def voices(count: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(count, COORDINATES))
    drawn[:, 4:53] *= 0.1
    drawn[:, 57:] *= 0.1
    return drawn


def learned(world: World) -> dict[str, np.ndarray]:
    """Learn a surrogate from 400 of its voices."""
    drawn = voices(400, seed=1)
    generator = np.random.default_rng(2)
    sentences = generator.integers(5, size=len(drawn))
    cepstra = world.cepstrum(drawn)
    halves = cepstra[:, None] + 0.1 * generator.normal(size=(len(drawn), 2, 72))
    heard = (world.embedding(drawn), world.pitch(drawn), cepstra, halves)
    return learn(drawn, *heard, sentences, np.ones(COORDINATES))
