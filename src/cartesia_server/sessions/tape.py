"""Samples of a stream, kept from wherever they are still needed."""

from __future__ import annotations

import numpy as np

from cartesia_server.engines.base import Samples

_INITIAL = 1 << 15


class Tape:
    """A growing recording whose beginning can be forgotten; positions never change.

    Appending costs constant time per sample on average.
    """

    def __init__(self) -> None:
        self._samples: Samples = np.empty(_INITIAL, np.float32)
        self._origin = 0  # position of the first sample kept
        self._used = 0

    @property
    def start(self) -> int:
        """Position of the first sample that is still there."""
        return self._origin

    @property
    def end(self) -> int:
        """Position after the last sample: how many there have ever been."""
        return self._origin + self._used

    def append(self, samples: Samples) -> None:
        """Add samples at the end."""
        needed = self._used + len(samples)
        if needed > len(self._samples):
            grown = np.empty(max(needed, 2 * len(self._samples)), np.float32)
            grown[: self._used] = self._samples[: self._used]
            self._samples = grown
        self._samples[self._used : needed] = samples
        self._used = needed

    def cut(self, start: int, end: int) -> Samples:
        """A copy of the samples from position `start` up to `end`."""
        samples: Samples = self._samples[start - self._origin : end - self._origin].copy()
        return samples

    def forget(self, before: int) -> None:
        """Drop samples before a position; memory is freed once half of it is unused."""
        drop = min(before, self.end) - self._origin
        if drop < len(self._samples) // 2:
            return
        kept = self._samples[drop : self._used]
        self._samples = np.empty(max(_INITIAL, 2 * len(kept)), np.float32)
        self._samples[: len(kept)] = kept
        self._origin += drop
        self._used = len(kept)
