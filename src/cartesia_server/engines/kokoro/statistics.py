"""What the decoder's normalisations would see in a whole utterance, guessed before it is made.

Instance normalisation needs the mean and the variance of every channel over the whole utterance,
which ties each piece of audio to all the others. Both follow closely from what is known once the
prosody is settled: the style, the average features of the phonemes, pitch, energy, length. A
linear map of low rank, fitted by ridge regression over voices, mixes and sentences, foretells
them for any point of the voice space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np

from cartesia_server.engines.kokoro.network import EPSILON
from cartesia_server.engines.kokoro.prosody import Affine, Array, Prosody

TABLE = "data/statistics.npz"

_VOICED = 10.0  # Hz


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """A linear map from an utterance's features to logarithms of deviations, and means.

    Attributes:
        centre: of the features, [features].
        into: features to components, [features, rank].
        out: components to statistics, [rank, 2 * channels]: means in units of `deviation`, then
            logarithms of variances.
        base: what is added, [2 * channels].
        deviation: usual standard deviation of each channel, [channels].
    """

    centre: Array
    into: Array
    out: Array
    base: Array
    deviation: Array

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
        parts = {name: table[name].astype(np.float32) for name in cls.__slots__}
        parts["out"] *= table["step"].astype(np.float32)[:, None]
        return cls(**parts)

    def affine(self, prosody: Prosody, styled: Affine) -> Affine:
        """The scales and shifts that stand for normalisation and style together.

        Args:
            prosody: of the utterance.
            styled: what its style asks of normalised signals.
        """
        components = (features(prosody) - self.centre) @ self.into
        mean, log_variance = np.split(components @ self.out + self.base, 2)
        scale = styled.scale / np.sqrt(np.exp(log_variance) + np.float32(EPSILON))
        return Affine(scale, styled.shift - scale * mean * self.deviation)


def features(prosody: Prosody) -> Array:
    """What the statistics of an utterance depend on, float32 [1291]."""
    text, pitch, energy = prosody.text[0], prosody.pitch[0], prosody.energy[0]
    voiced = pitch > _VOICED
    notes = np.log(pitch[voiced]) if voiced.any() else np.full(1, 5, np.float32)
    curves = [
        50 / prosody.frames,
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
    ]
    return np.concatenate(
        [prosody.style, curves, text.mean(axis=1), text.std(axis=1)], dtype=np.float32
    )
