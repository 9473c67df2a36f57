"""The prosody of an utterance, moved to the times and the melody of somebody else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import DELIVERY_STEP, Delivery
from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE, Array, Prosody

_Positions = npt.NDArray[np.float64]

_HALF = FRAME // 2
_LOWEST = 50.0  # Hz: below it, the model says that there is no voice
_VOICED = 0.7  # of the middle of a voice; between, the model's curve fades
_WIDEST = 9.0  # semitones from the middle of the voice, beyond which it would sound forced


def delivered(
    prosody: Prosody, delivery: Delivery, *, first: int, count: int, offset: int
) -> tuple[Prosody, int]:
    """Let an utterance be spoken as somebody else said it.

    What the model put before and after its words stays there: the decoder expects silence around
    speech, and normalises by it.

    Args:
        prosody: as the model settled it.
        delivery: the times and the melody that are wanted.
        first: sample of the audio wanted at which this utterance begins in it.
        count: samples of the audio wanted.
        offset: sample of the prosody's own audio that is second 0 of the delivery's moments.

    Returns:
        The prosody, and the frame of it at which the audio wanted begins.
    """
    halves = 2 * -(-count // FRAME)
    seconds = (first + (np.arange(halves) + 0.5) * _HALF) / SAMPLE_RATE
    grid = np.arange(len(delivery.moments)) * DELIVERY_STEP
    own = np.interp(seconds, grid, delivery.moments) * SAMPLE_RATE + offset
    wanted = np.clip(own / _HALF - 0.5, 0, 2 * prosody.frames - 1)
    before, after = int(wanted[0]) // 2, (2 * prosody.frames - 1 - int(wanted[-1])) // 2
    positions = np.concatenate(
        [
            np.arange(2 * before, dtype=np.float64),
            wanted,
            np.arange(2 * (prosody.frames - after), 2 * prosody.frames, dtype=np.float64),
        ]
    )
    melody = np.interp(seconds, grid, delivery.melody)
    melody = np.pad(melody, (2 * before, 2 * after), "edge")
    return _followed(prosody, positions, melody), before


def _followed(prosody: Prosody, positions: _Positions, melody: _Positions) -> Prosody:
    """The prosody at other half frames, in the order given, and with another melody."""
    nearest = np.rint(positions).astype(np.int64)
    frames = nearest[::2] // 2
    tokens = np.repeat(np.arange(len(prosody.durations)), prosody.durations)[frames]
    energy = np.interp(positions, np.arange(2 * prosody.frames), prosody.energy[0])
    return replace(
        prosody,
        text=np.ascontiguousarray(prosody.text[:, :, frames]),
        pitch=_sung(prosody.pitch[0], nearest, melody)[None],
        energy=energy.astype(np.float32)[None],
        durations=np.bincount(tokens, minlength=len(prosody.durations)),
    )


def _sung(pitch: Array, positions: npt.NDArray[np.int64], melody: _Positions) -> Array:
    """The pitch at other half frames, moved from the model's melody to another."""
    clear = pitch[pitch > _LOWEST]
    if not len(clear):
        return pitch[positions]
    middle = float(np.median(clear))
    voiced = np.flatnonzero(pitch > _VOICED * middle)
    # Where there is no voice, the curve fades to almost nothing, and is to do so at any height.
    height = np.interp(np.arange(len(pitch)), voiced, np.log2(pitch[voiced] / middle))
    target = np.clip(melody, -_WIDEST, _WIDEST) / 12
    moved: Array = (pitch[positions] * 2.0 ** (target - height[positions])).astype(np.float32)
    return moved
