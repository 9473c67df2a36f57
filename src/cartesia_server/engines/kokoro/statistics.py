"""What the decoder's normalisations would see in a whole utterance, foretold before it is made.

Instance normalisation needs the mean and the variance of every channel over the whole utterance,
which ties each piece of audio to all the others. Those of the first layers are quick to compute.
The rest follows closely from them and from what is known once the prosody is settled: style, pitch,
energy, length. A map of low rank, linear but for waves over the timbre, tells it for any point of
the voice space; ``scripts/calibrate_kokoro.py`` fits it to measured utterances.

The first words of an utterance are made before the others are known. What is foretold for them is
what the whole utterance would see: by their own statistics they would be louder or softer than in
the sentence, and than what follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.kokoro.network import EPSILON
from cartesia_server.engines.kokoro.prosody import Affine, Array, Moments, Prosody

T = TypeVar("T", np.float32, np.float64)

TABLE = "data/statistics.npz"

TIMBRE = 128
"""How many of the first features, those of the style, drive timbre."""

_VOICED = 10.0  # Hz
_LEAST_VARIANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """A linear map from an utterance's features to logarithms of deviations, and means.

    Attributes:
        waves: directions and, in the last row, phases of waves over the timbre, [129, waves].
        centre: of the features, [features].
        into: features to components, [features, rank].
        out: components to statistics, [rank, 2 * channels]: means in units of `deviation`, then
            logarithms of variances.
        base: what is added, [2 * channels].
        deviation: usual standard deviation of each channel, [channels].
        known: channels whose moments are measured, not foretold.
        measured: where they are found among the measured ones.
        first_into: of what only first words tell, features to differences, [features, n].
        first_out: differences to what they add to components, [n, rank].
        first_base: what is added to them in any case, [rank].
        louder: dB by which speech is louder than with its own statistics, on average, and what each
            number of the timbre adds, [1 + 128]: where these are missed, by however little, signals
            grow, and in some voices more than in others.
    """

    waves: Array
    centre: Array
    into: Array
    out: Array
    base: Array
    deviation: Array
    known: npt.NDArray[np.int32]
    measured: npt.NDArray[np.int32]
    first_into: Array
    first_out: Array
    first_base: Array
    louder: Array

    @classmethod
    def load(cls) -> Statistics:
        """Read the packaged table."""
        with (
            resources.files(__package__).joinpath(TABLE).open("rb") as file,
            np.load(file) as table,
        ):
            return cls.unpacked(table)

    @classmethod
    def unpacked(cls, table: Mapping[str, np.ndarray]) -> Statistics:
        """From the columns of a table, in which `out` is rounded to 8 bits row by row."""
        return cls(
            waves=table["waves"],
            centre=table["centre"],
            into=table["into"],
            out=table["out"] * table["step"][:, None],
            base=table["base"].astype(np.float32),
            deviation=table["deviation"],
            known=table["known"],
            measured=table["measured"],
            first_into=table["first_into"].astype(np.float32),
            first_out=table["first_out"],
            first_base=table["first_base"],
            louder=table["louder"],
        )

    def affine(self, prosody: Prosody, share: float, beginnings: Moments, styled: Affine) -> Affine:
        """The scales and shifts that stand for normalisation and style together.

        Args:
            prosody: of the utterance, or of its first words.
            share: of the utterance's tokens that the prosody is of.
            beginnings: moments that were measured.
            styled: what its style asks of normalised signals.
        """
        away = with_waves(features(prosody, share, beginnings), self.waves) - self.centre
        components = away @ self.into
        if share < 1:
            components += away @ self.first_into @ self.first_out + self.first_base
        mean, log_variance = np.split(components @ self.out + self.base, 2)
        mean, variance = mean * self.deviation, np.exp(log_variance)
        mean[self.known] = beginnings.mean[self.measured]
        variance[self.known] = beginnings.variance[self.measured]
        scale = styled.scale / np.sqrt(variance + np.float32(EPSILON))
        gain = 10 ** (-self.louder_in(prosody.style) / 20)
        return Affine(scale, styled.shift - scale * mean, gain)

    def louder_in(self, style: Array) -> float:
        """By how many dB a voice of this style, [256], is louder than with its own statistics."""
        return float(self.louder[0] + style[:TIMBRE] @ self.louder[1:])


def features(prosody: Prosody, share: float, beginnings: Moments) -> Array:
    """What the statistics of an utterance depend on, float32 [3477]; see `Statistics.affine`."""
    pitch, energy, frames = prosody.pitch[0], prosody.energy[0], prosody.frames / share
    voiced = pitch > _VOICED
    notes = np.log(pitch[voiced]) if voiced.any() else np.full(1, 5, np.float32)
    curves = [
        1 / frames,
        1 / frames**0.5,
        voiced.mean(),
        notes.mean(),
        notes.std(),
        pitch.mean() / 100,
        pitch.std() / 100,
        energy.mean(),
        energy.std(),
        (energy > 0).mean(),
        (energy > 5).mean(),
        np.maximum(energy, 0).mean(),
        np.log(share),
    ]
    spread = np.log(np.maximum(beginnings.variance, _LEAST_VARIANCE))
    return np.concatenate([prosody.style, curves, beginnings.mean, spread], dtype=np.float32)


def with_waves(known: npt.NDArray[T], waves: npt.NDArray[T]) -> npt.NDArray[T]:
    """Features and what waves over the timbre are there, so that a linear map can bend by voice."""
    heights: npt.NDArray[T] = np.cos(known[:TIMBRE] @ waves[:-1] + waves[-1])
    return np.concatenate([known, heights])
