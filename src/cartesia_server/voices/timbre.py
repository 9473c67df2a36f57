"""Tells speakers apart by their cepstrum, without a network: what any ear hears, not one encoder's.

Linear discriminant analysis (Fisher 1936; in speaker recognition Dehak et al. 2011), learned from
voices of which two stretches of speech were heard: what differs between voices counts by how much
more it differs than within one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]

DIRECTIONS = 32
"""How many numbers a timbre is."""

_SHRINKAGE = 0.1  # of the covariance within voices, towards a sphere: few voices tell it badly
_RELIABLE = 0.95  # of the variance within voices; the rest keeps every direction a little


@dataclass(frozen=True, slots=True, eq=False)
class TimbreMap:
    """From cepstral statistics, [n, 72], to timbres, [n, 32]. Immutable."""

    mean: Array
    map: Array

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> TimbreMap:
        """Take what `learn` returned."""
        return cls(*(np.asarray(data[name], np.float64) for name in ("cepstrum", "timbre")))

    def __call__(self, cepstra: Array) -> Array:
        """Return timbres: of one person they have a cosine of 0.9, of two one of 0.2."""
        return np.asarray((cepstra - self.mean) @ self.map)


def learn(cepstra: Array, halves: Array) -> dict[str, npt.NDArray[np.floating]]:
    """Learn what tells voices apart; return the data that `TimbreMap.of` takes.

    Args:
        cepstra: cepstral statistics of what each voice said, [n, 72].
        halves: of the two halves of that, [n, 2, 72].
    """
    mean, deviation = cepstra.mean(0), cepstra.std(0)
    voices = (cepstra - mean) / deviation
    within = (halves[:, 0] - halves[:, 1]) / 2 / deviation
    covariance = within.T @ within / len(within)
    sphere = np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    sizes, axes = np.linalg.eigh((1 - _SHRINKAGE) * covariance + _SHRINKAGE * sphere)
    whitened = axes / np.sqrt(sizes)
    ratios, axes = np.linalg.eigh(whitened.T @ (voices.T @ voices / len(voices)) @ whitened)
    ratios, axes = ratios[: -DIRECTIONS - 1 : -1], axes[:, : -DIRECTIONS - 1 : -1]
    # Each direction as large as what is the voice's own in it.
    ratios = np.maximum(ratios, 1.0)
    sizes = np.sqrt(ratios - _RELIABLE) / ratios
    return {
        "cepstrum": mean.astype(np.float32),
        "timbre": (whitened @ axes * sizes / deviation[:, None]).astype(np.float32),
    }
