"""How loud speech is, and audio that is to be as loud as other audio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import DELIVERY_STEP, VOICE_FRAME, Samples, VoiceDetector

Curve = npt.NDArray[np.float64]

_VOICE = 0.5  # probability
_GATE = 15.0  # dB below the mean of the voice: gaps between its sounds
_KNEE = 0.8  # of full scale; louder samples are bent so that nothing clips
_QUIET = 1e-10  # power
_SPREAD = 41  # moments that a gain is an average over, 0.4 s
_MOST = 8.0  # dB that a gain may differ from that of the whole
_PAUSE = 30.0  # dB below the voice, where it says nothing
_LEAST_PAUSE = 8  # moments


def speech_power(samples: Samples, detector: VoiceDetector) -> float | None:
    """The mean power of the speech in a recording, silence and other sounds left out.

    Args:
        samples: at 16 kHz.
        detector: fresh.

    Returns:
        A mean of squares; None if there is no voice.
    """
    count = len(samples) // VOICE_FRAME
    voiced = detector.feed(samples[: count * VOICE_FRAME]) > _VOICE
    power = np.square(samples[: count * VOICE_FRAME], dtype=np.float64)
    frames = power.reshape(count, VOICE_FRAME).mean(1)[voiced]
    return gated(frames) if len(frames) else None


def gated(power: Curve) -> float:
    """The mean of some power, without the moments that are far below it.

    As ITU-R BS.1770 gates what it measures, so that a slower speaker is no softer one.
    """
    loud = power[power >= power.mean() * 10 ** (-_GATE / 10)]
    return float(loud.mean())


def limited(samples: Samples) -> Samples:
    """Bend what is close to full scale, or beyond it, below it."""
    excess = np.maximum(np.abs(samples) - _KNEE, 0) / (1 - _KNEE)
    bent = np.sign(samples) * (_KNEE + (1 - _KNEE) * np.tanh(excess))
    within: Samples = np.where(excess > 0, bent, samples).astype(np.float32)
    return within


def moments_power(samples: Samples, sample_rate: int, count: int) -> Curve:
    """Mean power around every `DELIVERY_STEP`, [count]."""
    total = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    centres = np.arange(count) * DELIVERY_STEP * sample_rate
    half = DELIVERY_STEP * sample_rate
    low = np.clip(np.rint(centres - half), 0, len(samples)).astype(np.int64)
    high = np.clip(np.rint(centres + half), 0, len(samples)).astype(np.int64)
    return np.asarray((total[high] - total[low]) / np.maximum(high - low, 1))


def matched(samples: Samples, sample_rate: int, wanted: Curve) -> Samples:
    """Give audio the rise and fall in level of other audio, and its pauses.

    Args:
        samples: speech.
        sample_rate: of it, in Hz.
        wanted: power of the other at every `DELIVERY_STEP`, by `moments_power`.
    """
    own = moments_power(samples, sample_rate, len(wanted))
    gain = _gain(own, wanted)
    places = np.arange(len(samples)) / (DELIVERY_STEP * sample_rate)
    factors = np.interp(places, np.arange(len(gain)), gain)
    return limited(samples * factors.astype(np.float32))


def as_loud(samples: Samples, sample_rate: int, wanted: Curve) -> Samples:
    """Give audio the level of other audio as a whole. See `matched`."""
    own = moments_power(samples, sample_rate, max(len(wanted), 1))
    gain = np.sqrt((gated(wanted) + _QUIET) / (gated(own) + _QUIET))
    return limited(samples * np.float32(gain))


def _gain(own: Curve, wanted: Curve) -> Curve:
    spread = np.hanning(_SPREAD + 2)[1:-1]
    smooth = [np.convolve(power, spread / spread.sum(), "same") + _QUIET for power in (own, wanted)]
    whole = 10 * np.log10((gated(wanted) + _QUIET) / (gated(own) + _QUIET))
    decibels = 10 * np.log10(smooth[1] / smooth[0])
    gain = 10 ** (np.clip(decibels, whole - _MOST, whole + _MOST) / 20)
    return np.asarray(gain * _open(wanted))


def _open(power: Curve) -> Curve:
    """1 where the other speaks and 0 in its pauses, with soft edges."""
    silent = power < gated(power) * 10 ** (-_PAUSE / 10)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(np.int8), [0]])))
    open_ = np.ones(len(power))
    for start, stop in edges.reshape(-1, 2):
        if stop - start >= _LEAST_PAUSE:
            open_[start:stop] = 0.0
    soft = np.hanning(7)[1:-1]
    return np.convolve(np.pad(open_, 2, "edge"), soft / soft.sum(), "valid")


def mean_power(powers: Sequence[float]) -> float:
    """The middle of some powers, as ears judge them: the mean of their decibels."""
    return float(np.exp(np.mean(np.log(powers))))
