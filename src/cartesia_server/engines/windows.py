"""Where long speech may be cut without losing or doubling words.

Recognisers hear a window of limited length. A cut belongs into a pause; where somebody talks on
without one, it belongs between two words of what was recognised, where the sound is quietest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import RecognizedWord, Samples

SAMPLE_RATE = 16_000

_LOUDNESS_WINDOW = 800  # 50 ms
_REACH = 0.12  # seconds by which a recogniser's word times may be off


@dataclass(frozen=True, slots=True)
class Seam:
    """A cut between two words.

    Attributes:
        words: how many words lie before it.
        at: the sample where the next window begins.
    """

    words: int
    at: int


def find_seam(samples: Samples, words: Sequence[RecognizedWord], earliest: float) -> Seam | None:
    """Find the quietest place between two words of a window that ends in mid-speech.

    The last word is never kept: it may be cut off.

    Args:
        samples: the window.
        words: what was recognised in it, in order.
        earliest: seconds before which no cut is wanted, as long as there is a later one.

    Returns:
        The best cut, or None where fewer than two words were recognised.
    """
    gaps = range(1, len(words))
    candidates = [n for n in gaps if words[n].start >= earliest] or list(gaps)[-1:]
    loudness = _loudness(samples)
    best: tuple[float, Seam] | None = None
    for count in candidates:
        middle = (words[count - 1].end + words[count].start) / 2
        start = int((min(words[count - 1].end, middle) - _REACH) * SAMPLE_RATE)
        stop = int((max(words[count].start, middle) + _REACH) * SAMPLE_RATE)
        at, level = _quietest(loudness, max(0, start), min(len(samples), stop))
        if best is None or level < best[0]:
            best = (level, Seam(count, at))
    return best[1] if best else None


def _loudness(samples: Samples) -> npt.NDArray[np.float64]:
    """Mean power around every sample."""
    power = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    half = _LOUDNESS_WINDOW // 2
    places = np.arange(len(samples))
    low, high = np.maximum(places - half, 0), np.minimum(places + half, len(samples))
    mean: npt.NDArray[np.float64] = (power[high] - power[low]) / np.maximum(high - low, 1)
    return mean


def _quietest(loudness: npt.NDArray[np.float64], start: int, stop: int) -> tuple[int, float]:
    if stop <= start:
        at = min(start, len(loudness) - 1)
        return at, float(loudness[at])
    at = start + int(np.argmin(loudness[start:stop]))
    return at, float(loudness[at])
