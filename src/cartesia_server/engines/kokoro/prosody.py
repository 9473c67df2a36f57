"""What passes between the parts of Kokoro."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

SAMPLE_RATE = 24_000

FRAME = 600
"""Samples of one frame, the unit of durations: 25 ms."""


@dataclass(frozen=True, slots=True)
class Prosody:
    """What is settled before any sound: when each phoneme comes, how high and how loud.

    Attributes:
        text: features of the phonemes at each frame, [1, 512, frames].
        pitch: in Hz at each half frame, near 0 where unvoiced, [1, 2 * frames].
        energy: at each half frame, [1, 2 * frames]; below 0 nothing is heard.
        durations: frames of each token, beginning and end included, [tokens + 2].
        style: the row of the voice's pack that was used, [256].
    """

    text: Array
    pitch: Array
    energy: Array
    durations: npt.NDArray[np.int64]
    style: Array

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.text.shape[2])


@dataclass(frozen=True, slots=True)
class Affine:
    """A scale and a shift for every channel that the decoder normalises, body before generator.

    `gain` is what the audio is multiplied by, where these would make it too loud or too soft.
    """

    scale: Array
    shift: Array
    gain: float = 1.0


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance over time of some channels."""

    mean: Array
    variance: Array
