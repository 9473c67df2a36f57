"""The melody of speech: its pitch, relative to the middle of the voice."""

from __future__ import annotations

import numpy as np

from cartesia_server.engines.base import Samples
from cartesia_server.voices.features import Array, pitch_track

_HALF_FRAME = 400  # of the frames that a pitch is measured in
_MEDIAN = 5  # moments; single ones are off by octaves
_OCTAVE = 0.8  # in octaves: further from the middle of the voice is a mistake
_SMOOTHING = 5


def pitches(samples: Samples) -> Array:
    """The pitch at every `DELIVERY_STEP` in Hz, 0 where there is none.

    Args:
        samples: at 16 kHz.
    """
    track = pitch_track(np.pad(samples, _HALF_FRAME))
    padded = np.lib.stride_tricks.sliding_window_view(
        np.pad(track, _MEDIAN // 2, "edge") if len(track) else np.zeros(_MEDIAN), _MEDIAN
    )
    return np.asarray(np.median(padded, axis=1))[: len(track)]


def melody(track: Array, middle: float, count: int) -> Array:
    """Semitones above the middle of the voice at every moment.

    Args:
        track: by `pitches`.
        middle: of the speaker's voice, in Hz.
        count: moments wanted.

    Returns:
        Between voiced moments the melody goes straight from one to the next; zeros if there are
        none. Shape [count].
    """
    height = np.log2(np.maximum(track, 1e-3) / middle)
    voiced = np.flatnonzero((track > 0) & (np.abs(height) < _OCTAVE))
    if not len(voiced):
        return np.zeros(count)
    line = np.interp(np.arange(count), voiced, 12 * height[voiced])
    smooth = np.hanning(_SMOOTHING + 2)[1:-1]
    return np.convolve(np.pad(line, _SMOOTHING // 2, "edge"), smooth / smooth.sum(), "valid")
