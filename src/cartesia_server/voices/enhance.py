"""Takes steady noise out of a clip, so that its speaker is heard and not the room."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import Samples

_FRAME = 512
_HOP = 128
_QUIETEST = 0.1  # share of frames that hold noise alone
_BIAS = 1.5  # how far the mean of the noise lies above its quiet frames
_SMOOTHING = 0.8
_MEMORY = 0.96
_CLEAN, _NOISY = 30.0, 10.0  # dB of speech above noise
_GENTLEST, _STRONGEST = 1.0, 0.1  # least gain at those


def enhance(samples: Samples) -> Samples:
    """Return a clip with its steady noise turned down.

    A Wiener filter with the decision-directed estimate of Ephraim and Malah (1984), against noise
    measured where each band is quietest. The noisier the clip, the further noise is turned down; a
    clean one passes as it is, since every filter costs a little of the speaker.

    Args:
        samples: mono float32 at 16 kHz, shape (n,).

    Returns:
        As many samples.
    """
    if len(samples) < 4 * _FRAME:
        return samples
    window = np.hanning(_FRAME + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, _FRAME)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    spectra = np.fft.rfft(frames * window)
    power = np.abs(spectra) ** 2
    noise = _noise(power)
    gains = _gains(power, noise, _least_gain(power, noise))
    return _overlap_add(np.fft.irfft(spectra * gains, _FRAME) * window, window, len(samples))


def _noise(power: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    smooth = np.empty_like(power)
    level = power[0]
    for index, frame in enumerate(power):
        level = _SMOOTHING * level + (1 - _SMOOTHING) * frame
        smooth[index] = level
    return np.asarray(np.quantile(smooth, _QUIETEST, axis=0) * _BIAS) + 1e-12


def _least_gain(power: npt.NDArray[np.floating], noise: npt.NDArray[np.floating]) -> float:
    energy = power.sum(1)
    speech = energy[energy >= np.median(energy)].mean()
    ratio = 10 * np.log10(max(speech / noise.sum() - 1, 1e-3))
    return float(np.interp(ratio, [_NOISY, _CLEAN], [_STRONGEST, _GENTLEST]))


def _gains(
    power: npt.NDArray[np.floating], noise: npt.NDArray[np.floating], least: float
) -> npt.NDArray[np.floating]:
    gains = np.empty_like(power)
    previous = np.zeros_like(noise)
    for index, frame in enumerate(power):
        above = frame / noise
        ratio = _MEMORY * previous + (1 - _MEMORY) * np.maximum(above - 1, 0)
        gains[index] = gain = np.maximum(ratio / (1 + ratio), least)
        previous = gain**2 * above
    return gains


def _overlap_add(
    frames: npt.NDArray[np.floating], window: npt.NDArray[np.floating], length: int
) -> Samples:
    total = np.zeros(len(frames) * _HOP + _FRAME, np.float32)
    weight = np.zeros_like(total)
    for index, frame in enumerate(frames):
        place = slice(index * _HOP, index * _HOP + _FRAME)
        total[place] += frame
        weight[place] += window**2
    cleaned: Samples = total[_FRAME : _FRAME + length] / weight[_FRAME : _FRAME + length]
    return cleaned
