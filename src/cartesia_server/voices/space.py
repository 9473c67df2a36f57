"""The voice space: 192 numbers that are a voice.

A point of the space is the mean of a Kokoro style pack seen through an orthonormal 192 x 256 map.
The map is linear and loses nothing of the built-in voices, so mixing points mixes voices. What a
pack holds beyond its mean, the change of style with the length of the utterance, is interpolated
between the built-in voices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import VoicePoint

DIMENSIONS = 192
"""Length of a voice point."""

Array: TypeAlias = npt.NDArray[np.float64]
Style: TypeAlias = npt.NDArray[np.float32]

# Squared distance over which the length-dependent part of one voice tells about another's, chosen
# by leaving each voice out in turn (error 0.64; the nearest voice alone 0.75, the average 0.93).
_REACH = 8.0

# Directions in which the built-in voices hardly differ still tolerate this much change.
_LEAST_DEVIATION = 0.248


class EmbeddingError(ValueError):
    """Numbers that cannot be a voice; the message says what was got and what is accepted."""


@dataclass(frozen=True, slots=True, eq=False)
class VoiceSpace:
    """The space and the built-in voices that span it. Immutable; share one among threads.

    Attributes:
        names: Kokoro's names of the built-in voices, sorted: ``af_heart``.
        points: their points, float32 [voices, 192], in the same order.
    """

    names: tuple[str, ...]
    points: npt.NDArray[np.float32]
    _basis: Array
    _means: Array
    _curves: Array
    _shapes: Array
    _principal: Array
    _deviation: Array
    _kriging: npt.NDArray[np.floating]

    @classmethod
    def load(cls) -> VoiceSpace:
        """Read the packaged data (0.5 MB, some 20 ms)."""
        with (
            (files("cartesia_server.voices") / "data" / "kokoro.npz").open("rb") as file,
            np.load(file) as data,
        ):
            names = tuple(str(name) for name in data["names"])
            basis = data["basis"].astype(np.float64)
            means = data["means"].astype(np.float64)
            curves = data["curves"].astype(np.float64)
            shapes = data["shapes"].astype(np.float64)
        _, sizes, principal = np.linalg.svd(means - means.mean(0), full_matrices=False)
        independent = len(names) - 1
        return cls(
            names=names,
            points=(means @ basis.T).astype(np.float32),
            _basis=basis,
            _means=means,
            _curves=curves,
            _shapes=shapes,
            _principal=principal[:independent],
            _deviation=sizes[:independent] / np.sqrt(len(names)),
            _kriging=np.linalg.inv(_bordered(_closeness(means, means))),
        )

    def point(self, name: str) -> VoicePoint:
        """Return the point of the built-in voice ``name``; `KeyError` when there is none."""
        if name not in self.names:
            raise KeyError(name)
        point: VoicePoint = self.points[self.names.index(name)]
        return point

    def style_rows(self, point: VoicePoint) -> Style:
        """Return the style pack of a voice, float32 [510, 256].

        Row ``n - 1`` is the style for an utterance of ``n`` phonemes; its first 128 numbers drive
        timbre, the last 128 prosody and duration. Built-in voices get their own pack (to 0.04,
        its rank-4 form). For other points the part that varies with length is interpolated by
        ordinary kriging over the built-in voices, which is exact at each of them and continuous
        between.

        Args:
            point: float32 [192], as `project` or `mix` return it.
        """
        mean = _numbers(point, "point") @ self._basis
        near = _closeness(mean[None], self._means)[0]
        weights = (self._kriging @ np.append(near, 1.0))[:-1]
        curves = (self._curves * weights[:, None, None]).transpose(1, 0, 2)
        varying = curves.reshape(len(curves), -1) @ self._shapes.reshape(-1, mean.size)
        return np.asarray(mean + varying, np.float32)

    def mix(self, points: Sequence[VoicePoint], weights: Sequence[float]) -> VoicePoint:
        """Return the weighted average of voices, made speakable by `project`.

        Args:
            points: float32 [192] each, at least one.
            weights: one for each point; they are divided by their sum. Negative weights move away
                from a voice.

        Raises:
            EmbeddingError: no points, a weight for each is missing, a weight is not finite, or
                their sum is not positive.
        """
        if not points or len(points) != len(weights):
            message = f"voices: got {len(points)} voices and {len(weights)} weights"
            raise EmbeddingError(f"{message}; give one weight for each of at least one voice")
        shares = np.asarray(weights, np.float64)
        total = float(shares.sum())
        if not np.isfinite(total) or total <= 0:
            raise EmbeddingError(f"weights: their sum is {total:g}; it must be positive and finite")
        return self.project(shares / total @ np.stack([_numbers(p, "voices") for p in points]))

    def project(self, numbers: Sequence[float] | npt.NDArray[np.floating]) -> VoicePoint:
        """Return the voice nearest in kind to any 192 numbers, so that its speech is intelligible.

        The numbers are taken into the style space and, seen from the average voice, shrunk along
        the built-in voices' principal directions until they lie as close to it as voices do.
        Built-in voices, their convex mixes and results of this method pass unchanged.

        Raises:
            EmbeddingError: not exactly 192 numbers, or one of them is not finite.
        """
        embedding = _numbers(numbers, "embedding")
        centre = self._means.mean(0)
        coordinates = self._principal @ (embedding @ self._basis - centre)
        strength = self.strength(embedding)
        mean = centre + coordinates / max(1.0, strength) @ self._principal
        return np.asarray(self._basis @ mean, np.float32)

    def strength(self, numbers: Sequence[float] | npt.NDArray[np.floating]) -> float:
        """Return how far from the average voice 192 numbers lie, in deviations (rms).

        Built-in voices lie at 0.3 to 0.9; speech is intelligible up to 1, the most that `project`
        lets pass.
        """
        mean = _numbers(numbers, "embedding") @ self._basis
        coordinates = self._principal @ (mean - self._means.mean(0))
        scaled = coordinates / np.maximum(self._deviation, _LEAST_DEVIATION)
        return float(np.sqrt(np.mean(scaled**2)))


def _numbers(numbers: Sequence[float] | npt.NDArray[np.floating], field: str) -> Array:
    try:
        values = np.asarray(numbers, np.float64)
    except (TypeError, ValueError):
        raise EmbeddingError(f"{field}: expected {DIMENSIONS} numbers") from None
    if values.shape != (DIMENSIONS,):
        got = f"{values.size} numbers" if values.ndim == 1 else f"an array of {values.ndim} axes"
        raise EmbeddingError(f"{field}: got {got}, expected {DIMENSIONS}")
    finite = np.abs(values) <= np.finfo(np.float32).max
    if not finite.all():
        where = int(finite.argmin())
        got = f"{values[where]} at index {where}"
        raise EmbeddingError(f"{field}: got {got}, expected {DIMENSIONS} finite numbers")
    return values


def _closeness(points: Array, others: Array) -> Array:
    distance = ((points[:, None] - others[None]) ** 2).sum(-1)
    return np.asarray(np.exp(-distance / _REACH))


def _bordered(closeness: Array) -> Array:
    # The border of ones makes the interpolation weights sum to one.
    return np.block([[closeness, np.ones((len(closeness), 1))], [np.ones(len(closeness)), 0.0]])
