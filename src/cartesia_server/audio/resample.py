"""From the engine's sample rate to the caller's, piece by piece."""

from __future__ import annotations

import numpy as np
import soxr

from cartesia_server.engines.base import Samples

_QUALITY = "HQ"
"""20 bits. It holds back at most 50 ms of a stream, where "MQ" holds back 75 and "VHQ" 80; the
samples that do come are in time with the input, so nothing sounds later for it."""


class StreamResampler:
    """Resamples a stream whose total length comes out exact, whatever the pieces.

    After n samples in and a `drain`, round(n * target / source) samples are out. Samples of equal
    rates pass through.

    Args:
        source_rate: of what comes in, in Hz.
        target_rate: of what goes out, in Hz.
    """

    def __init__(self, source_rate: int, target_rate: int) -> None:
        self._source_rate = source_rate
        self._target_rate = target_rate
        self._taken = 0
        self._given = 0
        self._stream = self._new_stream()

    def feed(self, samples: Samples) -> Samples:
        """Take samples in and give out what is ready, perhaps nothing yet."""
        if self._stream is None:
            return samples
        self._taken += len(samples)
        resampled: Samples = self._stream.resample_chunk(samples)
        self._given += len(resampled)
        return resampled

    def drain(self) -> Samples:
        """Give out what was held back. Feeding may go on afterwards, as from silence."""
        if self._stream is None:
            return np.zeros(0, np.float32)
        tail = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        missing = resampled_length(self._taken, self._source_rate, self._target_rate) - self._given
        exact = np.zeros(missing, np.float32)
        exact[: len(tail)] = tail[:missing]
        self._given += missing
        self._stream = self._new_stream()
        return exact

    def _new_stream(self) -> soxr.ResampleStream | None:
        if self._source_rate == self._target_rate:
            return None
        return soxr.ResampleStream(
            self._source_rate, self._target_rate, 1, dtype="float32", quality=_QUALITY
        )


def resampled_length(length: int, source_rate: int, target_rate: int) -> int:
    """How many samples at `target_rate` last as long as `length` samples at `source_rate`."""
    return (2 * length * target_rate + source_rate) // (2 * source_rate)
