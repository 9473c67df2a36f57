"""The harmonic source: what the vocal folds would do, computed once per utterance from the pitch.

A neural source-filter model shapes an excitation of nine harmonics, which it sees as a short-time
spectrum. Phases add up over time, so that a piece must take over where the last one ended:
columns are computed in order, each once, and kept. (Wang, Takaki, Yamagishi: "Neural source-filter
waveform models for statistical parametric speech synthesis", 2019.)
"""

from __future__ import annotations

import numpy as np

from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE, Array

_STEP = FRAME // 2  # samples of one pitch value
_VOICED = 10.0  # Hz
_AMPLITUDE = 0.1

# Weights by which the trained model sums the nine harmonics (l_linear), and its bias.
_HARMONICS = np.array(
    [
        -0.08154187,
        -0.18519667,
        -0.18263398,
        -0.17837206,
        -0.09873895,
        0.08264039,
        0.08743999,
        -0.39068547,
        -0.54774433,
    ],
    np.float32,
)
_BIAS = np.float32(-0.02945026)

_WINDOW, _HOP = 20, 5
COLUMNS = FRAME // _HOP
"""Columns of the spectrum in one frame."""

_BINS = _WINDOW // 2 + 1
_HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)
_DFT = np.exp(-2j * np.pi * np.outer(np.arange(_WINDOW), np.arange(_BINS)) / _WINDOW)
_BASIS = (np.concatenate([_DFT.real, _DFT.imag], axis=1) * _HANN[:, None]).astype(np.float32)


class Source:
    """The spectrum of one utterance's excitation, made from the front as it is needed.

    Args:
        pitch: in Hz at each half frame, [1, 2 * frames].
        first: frame before which nothing will be asked for.
    """

    def __init__(self, pitch: Array, first: int = 0) -> None:
        self._pitch = pitch.reshape(-1).astype(np.float64)
        # In turns; float64, because float32 loses the phase within seconds.
        self._turns = np.cumsum(self._pitch * (_STEP / SAMPLE_RATE))
        self._size = len(self._pitch) * _STEP
        self._columns = np.empty((2 * _BINS, self._size // _HOP + 1), np.float32)
        self._done = first * COLUMNS

    def spectrum(self, first: int, last: int) -> Array:
        """Magnitudes and phases around the frames from `first` up to `last`.

        Returns:
            float32 [1, 22, 120 * (last - first) + 1].
        """
        stop = last * COLUMNS + 1
        if stop > self._done:
            self._columns[:, self._done : stop] = self._make(self._done, stop)
            self._done = stop
        return self._columns[None, :, first * COLUMNS : stop]

    def _make(self, first: int, stop: int) -> Array:
        half = _WINDOW // 2
        start, end = first * _HOP - half, (stop - 1) * _HOP + half
        wave = self._wave(max(start, 0), min(end, self._size))
        wave = np.pad(wave, (max(-start, 0), max(end - self._size, 0)), mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(wave, _WINDOW)[::_HOP]
        parts = frames @ _BASIS
        # The generator hears the difference between phases of pi and -pi: a negative zero, which
        # turns one into the other in the bin without imaginary part, must become positive.
        real, imaginary = parts[:, :_BINS], parts[:, _BINS:] + np.float32(0)
        phase = np.arctan2(imaginary, real)
        spectrum = np.concatenate([np.hypot(real, imaginary), phase], axis=1)
        return np.ascontiguousarray(spectrum.T, np.float32)

    def _wave(self, start: int, end: int) -> Array:
        """Samples of the excitation."""
        time = np.arange(start, end)
        position = np.clip((time + 0.5) / _STEP - 0.5, 0, len(self._pitch) - 1)
        left = position.astype(np.int64)
        right = np.minimum(left + 1, len(self._pitch) - 1)
        share = position - left
        turns = self._turns[left] * (1 - share) + self._turns[right] * share
        angle = (2 * np.pi * (turns - np.floor(turns))).astype(np.float32)
        voiced = self._pitch[time // _STEP] > _VOICED
        return np.asarray(np.tanh(_harmonics(angle) * voiced + _BIAS), np.float32)


def _harmonics(angle: Array) -> Array:
    """The weighted sum of sin(n * angle), by the recurrence of Chebyshev."""
    before, sine, double = np.zeros_like(angle), np.sin(angle), 2 * np.cos(angle)
    total = _HARMONICS[0] * sine
    for weight in _HARMONICS[1:]:
        before, sine = sine, double * sine - before
        total += weight * sine
    return np.asarray(_AMPLITUDE * total, np.float32)
