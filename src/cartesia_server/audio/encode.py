"""Samples to bytes: the encodings of raw and wav audio."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import Samples

SampleEncoder = Callable[[Samples], bytes]


def sample_encoder(encoding: str) -> SampleEncoder:
    """The function that encodes samples as `encoding`; samples beyond [-1, 1] are clipped.

    Args:
        encoding: ``pcm_f32le``, ``pcm_s16le``, ``pcm_mulaw`` or ``pcm_alaw``.

    Raises:
        KeyError: there is no such encoding.
    """
    return _ENCODERS[encoding]


def bytes_per_sample(encoding: str) -> int:
    """How many bytes one sample takes in `encoding`."""
    return len(sample_encoder(encoding)(np.zeros(1, np.float32)))


def _f32(samples: Samples) -> bytes:
    return np.clip(samples, -1, 1).astype("<f4").tobytes()


def _s16(samples: Samples) -> bytes:
    return _quantised(samples).astype("<i2").tobytes()


def _mulaw(samples: Samples) -> bytes:
    return _mulaw_table()[_quantised(samples).view(np.uint16)].tobytes()


def _alaw(samples: Samples) -> bytes:
    return _alaw_table()[_quantised(samples).view(np.uint16)].tobytes()


def _quantised(samples: Samples) -> npt.NDArray[np.int16]:
    return np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16)


@cache
def _mulaw_table() -> npt.NDArray[np.uint8]:
    """ITU-T G.711 mu-law codes of all 16-bit samples, indexed by their unsigned pattern."""
    samples = _all_samples()
    magnitude = np.minimum(np.abs(samples), 32635) + 132  # the bias that aligns the segments
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    codes: npt.NDArray[np.int32] = ~(sign | exponent << 4 | mantissa) & 0xFF
    return codes.astype(np.uint8)


@cache
def _alaw_table() -> npt.NDArray[np.uint8]:
    """ITU-T G.711 A-law codes of all 16-bit samples, indexed by their unsigned pattern."""
    samples = _all_samples()
    magnitude = np.where(samples < 0, ~samples, samples) >> 3  # 13 bits, as the standard counts
    exponent = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    mantissa = (magnitude >> np.maximum(exponent, 1)) & 0x0F
    sign = np.where(samples < 0, 0, 0x80)
    codes: npt.NDArray[np.int32] = (sign | exponent << 4 | mantissa) ^ 0x55
    return codes.astype(np.uint8)


def _all_samples() -> npt.NDArray[np.int32]:
    return np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)


_ENCODERS: dict[str, SampleEncoder] = {
    "pcm_f32le": _f32,
    "pcm_s16le": _s16,
    "pcm_mulaw": _mulaw,
    "pcm_alaw": _alaw,
}
