"""The voice space: 192 numbers that are a voice.

A point of the space is the mean of a Kokoro style pack seen through an orthonormal 192 x 256 map.
The first 96 numbers are timbre, the last 96 prosody. The map is linear and loses nothing of the
built-in voices, so mixing points mixes voices. What a pack holds beyond its mean, the change of
style with the length of the utterance, is interpolated between the built-in voices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import VoicePoint

DIMENSIONS = 192
"""Length of a voice point."""

TIMBRE = slice(0, 96)
"""The numbers of a point that drive timbre."""

PROSODY = slice(96, 192)
"""The numbers of a point that drive prosody and duration."""

Numbers: TypeAlias = Sequence[float] | npt.NDArray[np.floating]
Style: TypeAlias = npt.NDArray[np.float32]
Array: TypeAlias = npt.NDArray[np.float64]

# Squared distance over which the length-dependent part of one voice tells about another's, chosen
# by leaving each voice out in turn (error 0.64; the nearest voice alone 0.75, the average 0.93).
_REACH = 8.0

_NAMED = 8  # weights in an error text

# Directions in which the built-in voices hardly differ still tolerate this much change.
_LEAST_DEVIATION = 0.2


class EmbeddingError(ValueError):
    """Numbers that cannot be a voice; the message says what was got and what is accepted."""


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """Timbre or prosody: where the built-in voices lie in it."""

    where: slice
    centre: Array  # [96]
    principal: Array  # [53, 96]
    deviation: Array  # [53]

    @classmethod
    def of(cls, points: Array, where: slice) -> _Half:
        half = points[:, where]
        centre = half.mean(0)
        independent = len(half) - 1
        _, sizes, principal = np.linalg.svd(half - centre, full_matrices=False)
        deviation = np.maximum(sizes / math.sqrt(len(half)), _LEAST_DEVIATION)
        return cls(where, centre, principal[:independent], deviation[:independent])

    def coordinates(self, numbers: Array) -> Array:
        return np.asarray(self.principal @ (numbers[self.where] - self.centre) / self.deviation)

    def numbers(self, coordinates: Array) -> Array:
        return np.asarray(self.centre + coordinates * self.deviation @ self.principal)


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
    _curves: Array
    _shapes: Array
    _kriging: Array
    _halves: tuple[_Half, _Half]

    @classmethod
    def load(cls) -> VoiceSpace:
        """Read the packaged data (0.5 MB, some 20 ms)."""
        with (
            (files("cartesia_server.voices") / "data" / "kokoro.npz").open("rb") as file,
            np.load(file) as data,
        ):
            names = tuple(str(name) for name in data["names"])
            basis = data["basis"].astype(np.float64)
            points = data["means"] @ basis.T
            curves = data["curves"].astype(np.float64)
            shapes = data["shapes"].astype(np.float64)
        return cls(
            names=names,
            points=points.astype(np.float32),
            _basis=basis,
            _curves=curves,
            _shapes=shapes,
            _kriging=np.asarray(np.linalg.inv(_bordered(_closeness(points, points)))),
            _halves=(_Half.of(points, TIMBRE), _Half.of(points, PROSODY)),
        )

    def point(self, name: str) -> VoicePoint:
        """Return the point of the built-in voice ``name``; `KeyError` when there is none."""
        if name not in self.names:
            raise KeyError(name)
        point: VoicePoint = self.points[self.names.index(name)]
        return point

    def style_rows(self, point: VoicePoint, rows: slice = slice(None)) -> Style:
        """Return the style pack of a voice, float32 [510, 256], or some rows of it.

        Row ``n - 1`` is the style for an utterance of ``n`` phonemes; its first 128 numbers drive
        timbre, the last 128 prosody and duration. Built-in voices get their own pack (to 0.04,
        its rank-4 form). For other points the part that varies with length is interpolated by
        ordinary kriging over the built-in voices, which is exact at each of them and continuous
        between.

        Args:
            point: float32 [192], as `project` or `mix` return it.
            rows: the rows wanted.
        """
        numbers = _checked(point, "point")
        near = _closeness(numbers[None], self.points)[0]
        weights = (self._kriging @ np.append(near, 1.0))[:-1]
        curves = (self._curves[:, rows] * weights[:, None, None]).transpose(1, 0, 2)
        mean = numbers @ self._basis
        varying = curves.reshape(len(curves), -1) @ self._shapes.reshape(-1, mean.size)
        return np.asarray(mean + varying, np.float32)

    def style(self, point: VoicePoint, phonemes: int) -> Style:
        """Return the style for an utterance of so many phonemes, float32 [256]; see `style_rows`.

        Args:
            point: float32 [192], as `project` or `mix` return it.
            phonemes: 0 to 510.
        """
        row = max(phonemes, 1) - 1
        style: Style = self.style_rows(point, slice(row, row + 1))[0]
        return style

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
        largest = float(np.abs(shares).max())
        # As shares of the largest no sum of them overflows; what rounding can leave is no sum.
        shares = shares / largest if 0 < largest < np.inf else np.zeros(1)
        total = float(shares.sum())
        if total <= len(shares) * np.finfo(np.float64).eps:
            got = ", ".join(f"{weight:g}" for weight in weights[:_NAMED])
            got += ", ..." if len(weights) > _NAMED else ""
            raise EmbeddingError(
                f"weights: got [{got}]; they must be finite and their sum positive"
            )
        return self.project(shares / total @ np.stack([_checked(p, "voices") for p in points]))

    def project(self, numbers: Numbers) -> VoicePoint:
        """Return the voice that any 192 numbers mean, so that its speech is intelligible.

        Timbre and prosody are each seen from the average voice along the principal directions of
        the built-in voices, and shrunk until they lie as close to it as voices do. Built-in
        voices, their mixes by positive weights, the timbre of one with the prosody of another, and
        results of this method pass unchanged.

        Raises:
            EmbeddingError: not exactly 192 numbers, or one of them is not finite.
        """
        return self.at(within_reach(self.coordinates(_checked(numbers, "embedding"))))

    def coordinates(self, point: Numbers) -> Array:
        """Return where a point lies, float64 [2, 53]: timbre and prosody.

        Each row counts from the average voice, along the principal directions of the built-in
        voices, in their deviations. Built-in voices have an rms of 0.4 to 0.95 in each row.
        """
        numbers = np.asarray(point, np.float64)
        return np.stack([half.coordinates(numbers) for half in self._halves])

    @property
    def deviation(self) -> Array:
        """Style units in one unit of each coordinate, float64 [2, 53]."""
        return np.stack([half.deviation for half in self._halves])

    def at(self, coordinates: Array) -> VoicePoint:
        """Return the point at `coordinates`, float32 [192]."""
        rows = zip(self._halves, coordinates, strict=True)
        return np.concatenate([half.numbers(row) for half, row in rows]).astype(np.float32)


def within_reach(coordinates: Array, limit: float = 1.0) -> Array:
    """Shrink timbre and prosody, [..., 2, 53], to an rms of at most `limit`, 1 for any voice."""
    rms = np.sqrt(np.mean(coordinates**2, axis=-1, keepdims=True))
    return np.asarray(coordinates / np.maximum(1.0, rms / limit))


def _checked(numbers: Numbers, field: str) -> Array:
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


def _closeness(points: npt.NDArray[np.floating], others: npt.NDArray[np.floating]) -> Array:
    distance = ((points[:, None] - others[None]) ** 2).sum(-1)
    return np.asarray(np.exp(-distance / _REACH), np.float64)


def _bordered(closeness: Array) -> Array:
    # The border of ones makes the interpolation weights sum to one.
    return np.block([[closeness, np.ones((len(closeness), 1))], [np.ones(len(closeness)), 0.0]])
