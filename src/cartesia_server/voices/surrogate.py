"""How a voice will sound to the speaker encoder, guessed without making it speak.

Speaking a sentence and listening to it costs half a second; this guess costs microseconds and has a
gradient, so a voice can be searched for that sounds like a given speaker. It is a kernel ridge
regression (Rasmussen and Williams 2006, chapter 2) from coordinates of the voice space to what
`SpeakerEncoder` and `TimbreMap` hear, learned from voices drawn all over the space and, more
densely, where human speakers lie (``scripts/train_clone_map.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from cartesia_server.voices.timbre import DIRECTIONS, TimbreMap
from cartesia_server.voices.timbre import learn as learn_timbre

Array: TypeAlias = npt.NDArray[np.float64]

PITCHES = 2
"""How much of `SpeakerFeatures.pitch` is guessed: the median and the spread."""

# Chosen by cross-validation over the training voices.
_DIRECTIONS = 64
_REACH = 0.7
_LINEAR = 0.3
_SENTENCE = 0.15
_NOISE = 0.4
_PROSODY = 0.65  # what a step of prosody tells the encoder against one of timbre


class Sound(NamedTuple):
    """How voices sound, heard or guessed; or how a score changes with that.

    Attributes:
        embeddings: of the speaker encoder, [m, 256]; guessed ones have any length.
        pitches: median and spread of `SpeakerFeatures.pitch`, [m, 2].
        timbres: of `TimbreMap`, [m, 32].
    """

    embeddings: Array
    pitches: Array
    timbres: Array

    @classmethod
    def of(cls, joined: Array) -> Sound:
        """Take apart what `joined` returned."""
        pitches = joined.shape[1] - DIRECTIONS - PITCHES
        return cls(*np.split(joined, [pitches, pitches + PITCHES], axis=1))

    def joined(self) -> Array:
        """Return all of it side by side, [m, numbers]."""
        return np.concatenate(self, axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Surrogate:
    """The learned guess. Immutable; share one among threads.

    Coordinates are those of `VoiceSpace.coordinates`, flattened: [m, 106].

    Attributes:
        voices: the voices it was learned from, float64 [n, 106].
        heard: what it guesses for them, less noisy than what was heard of each.
        scale: of the coordinates, [106]: multiplied by it, Euclidean distance tells how alike
            voices sound. The voices lie about 1 from the average voice.
    """

    voices: Array
    heard: Sound
    scale: Array
    timbre: TimbreMap
    _scaled: Array  # [n, 106]
    _weights: Array  # [n, outputs]
    _mean: Array  # [outputs]
    _axes: Array  # [64, 256]: directions in which embeddings differ
    _centre: Array  # [256]

    @classmethod
    def load(cls) -> Surrogate:
        """Read the packaged data (about 1 MB)."""
        path = files("cartesia_server.voices") / "data" / "clone.npz"
        with path.open("rb") as file, np.load(file) as data:
            return cls.of(data)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Surrogate:
        """Take what `learn` returned."""
        arrays = {name: np.asarray(data[name], np.float64) for name in data}
        voices, weights = arrays["voices"], arrays["weights"]
        scaled = voices * arrays["scale"]
        outputs = arrays["mean"] + _kernel(scaled, scaled) @ weights
        return cls(
            voices=voices,
            heard=_split(outputs, arrays["axes"], arrays["centre"]),
            scale=arrays["scale"],
            timbre=TimbreMap.of(data),
            _scaled=scaled,
            _weights=weights,
            _mean=arrays["mean"],
            _axes=arrays["axes"],
            _centre=arrays["centre"],
        )

    def guess(self, coordinates: Array) -> Sound:
        """Return what will be heard of voices."""
        outputs = self._mean + _kernel(coordinates * self.scale, self._scaled) @ self._weights
        return _split(outputs, self._axes, self._centre)

    def gradient(self, coordinates: Array, slopes: Sound) -> Array:
        """Return how a score changes with the coordinates, [m, 106].

        Args:
            coordinates: where, [m, 106].
            slopes: how the score changes with what is guessed.
        """
        outputs = slopes._replace(embeddings=slopes.embeddings @ self._axes.T).joined()
        pull = outputs @ self._weights.T
        near = pull * _closeness(coordinates * self.scale, self._scaled) / _REACH**2
        towards = near @ self._scaled - near.sum(1, keepdims=True) * coordinates * self.scale
        return np.asarray((towards + _LINEAR * (pull @ self._scaled)) * self.scale)


def learn(
    coordinates: Array,
    embeddings: Array,
    pitches: Array,
    cepstra: Array,
    halves: Array,
    sentences: npt.NDArray[np.int64],
    deviation: Array,
) -> dict[str, npt.NDArray[np.floating]]:
    """Learn from voices that were made to speak; return the data that `Surrogate.of` takes.

    Args:
        coordinates: of the voices, [n, 106].
        embeddings: heard of them, [n, 256].
        pitches: heard of them, [n, 2].
        cepstra: heard of them, [n, 72].
        halves: the same of the two halves of what each said, [n, 2, 72].
        sentences: which sentence each voice spoke, [n]. What a sentence does to every voice is
            learned apart, and averaged out of later guesses.
        deviation: of the built-in voices along each coordinate, [106]. Distances count in units
            of style, in which equal steps of a half sound about equally large.
    """
    scale = deviation * np.repeat([1.0, _PROSODY], len(deviation) // 2)
    scale = scale / np.sqrt(((coordinates * scale) ** 2).sum(1).mean())
    scaled = coordinates * scale
    said = (sentences[:, None] == np.unique(sentences)).astype(np.float64)
    alike = _kernel(scaled, scaled) + _SENTENCE * said @ said.T + _NOISE * np.eye(len(said))
    timbre = learn_timbre(cepstra, halves)
    timbres = TimbreMap.of(timbre)(cepstra)
    centre = embeddings.mean(0)
    axes = np.linalg.svd(embeddings - centre, full_matrices=False)[2][:_DIRECTIONS]
    outputs = Sound((embeddings - centre) @ axes.T, pitches, timbres).joined()
    mean = outputs.mean(0)
    weights = np.linalg.solve(alike, outputs - mean)
    return {
        "voices": coordinates.astype(np.float16),
        "scale": scale.astype(np.float32),
        "weights": weights.astype(np.float16),
        "mean": (mean + _SENTENCE * (said.T @ weights).mean(0)).astype(np.float32),
        "axes": axes.astype(np.float16),
        "centre": centre.astype(np.float32),
        **timbre,
    }


def _closeness(scaled: Array, others: Array) -> Array:
    squares = (scaled**2).sum(1)[:, None] + (others**2).sum(1) - 2 * scaled @ others.T
    return np.asarray(np.exp(-squares / (2 * _REACH**2)))


def _kernel(scaled: Array, others: Array) -> Array:
    return np.asarray(_closeness(scaled, others) + _LINEAR * scaled @ others.T)


def _split(outputs: Array, axes: Array, centre: Array) -> Sound:
    sound = Sound.of(outputs)
    return sound._replace(embeddings=centre + sound.embeddings @ axes)
