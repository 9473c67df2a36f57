"""Speech in a whole recording, listened for in steps, on a thread that others wait for."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
import numpy.typing as npt

from cartesia_server.audio.raw import SAMPLE_RATE
from cartesia_server.engines.base import VOICE_FRAME, CancelToken, Samples, VoiceDetector

_VOICE = 0.5  # probability
_STEP = 300 * VOICE_FRAME  # samples at a time, about 10 s
_MINUTE = 60 * SAMPLE_RATE


def first_speech(
    detector: VoiceDetector, samples: Samples, cancel: CancelToken
) -> Generator[None, None, Samples | None]:
    """Find where speech begins.

    Args:
        detector: fresh.
        samples: the recording at 16 kHz.
        cancel: looked at before each step.

    Yields:
        Before every 10 s of audio that are listened to.

    Returns:
        A minute of the recording, whose first 10 s hold the first voice; None if none does.

    Raises:
        Cancelled: `cancel` was flipped.
    """
    for at, voiced in enumerate(_voiced(detector, samples, cancel)):
        yield
        if voiced.any():
            return samples[at * _STEP : at * _STEP + _MINUTE]
    return None


def speech_seconds(
    detector: VoiceDetector, samples: Samples, cancel: CancelToken
) -> Generator[None, None, float]:
    """Measure how many seconds of a recording hold a voice; for the rest see `first_speech`."""
    frames = 0
    for voiced in _voiced(detector, samples, cancel):
        yield
        frames += int(voiced.sum())
    return frames * VOICE_FRAME / SAMPLE_RATE


def _voiced(
    detector: VoiceDetector, samples: Samples, cancel: CancelToken
) -> Iterator[npt.NDArray[np.bool_]]:
    for start in range(0, len(samples), _STEP):
        cancel.raise_if_cancelled()
        yield np.asarray(detector.feed(samples[start : start + _STEP]) > _VOICE)
