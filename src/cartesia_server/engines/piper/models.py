"""A Piper voice, loaded."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.split import (
    ENCODER,
    FACTOR,
    IDS,
    LENGTHS,
    REACH,
    SCALES,
    SPEAKER,
    STAGE,
)
from cartesia_server.engines.session import Session

Array: TypeAlias = npt.NDArray[np.float32]

_SEED = 0
_ROOMY = 8
"""Margins in a signal, from which on two rows of it are worth one margin more in each."""
_THREADS = 2
"""Of one call, as in Kokoro."""


@dataclass(frozen=True, slots=True)
class Phonemes:
    """What the encoder makes of an utterance: all by phonemes, pads included.

    Attributes:
        means: of the latent frames, [1, channels, ids].
        spreads: logarithms of their deviations, [1, channels, ids].
        durations: frames of each, [ids].
    """

    means: Array
    spreads: Array
    durations: npt.NDArray[np.int64]


class Stage:
    """A part of the graph that sees only some frames to each side. Thread-safe.

    Args:
        model: as `split.split` makes it.
        rate: steps of its input for each frame.
        narrow: whether its signals have few channels, as the last of a voice has.

    Attributes:
        reach: frames that it sees to each side.
        rate: steps of its output for each frame.
    """

    def __init__(self, model: bytes, rate: int, *, narrow: bool) -> None:
        self._session = Session(model, threads=_THREADS)
        properties = self._session.notes
        self.reach = int(properties[REACH])
        self._factor = int(properties[FACTOR])
        self.rate = rate * self._factor
        self._margin = rate * self.reach
        self._narrow = narrow
        ranks = {name: len(shape) for name, shape in self._session.inputs.items()}
        self._speaks = ranks.pop(SPEAKER, None) is not None
        ((self._input, rank),) = ranks.items()
        self._wide = rank == 4  # see `widen`

    def run(self, signal: Array, speaker: int, cancel: CancelToken) -> Array:
        """The output for some frames, [1, channels, steps]; wrong near its edges."""
        steps = signal.shape[2]
        if not self._wide:
            return self._run(signal, speaker, cancel)
        if not self._narrow or steps < _ROOMY * self._margin:
            return self._run(signal[:, :, None], speaker, cancel)[:, :, 0]
        # The runtime shares rows between threads and blocks of 64 channels, and here are no more.
        half = -(-steps // 2)
        wide = half + self._margin
        rows = np.stack([signal[:, :, :wide], signal[:, :, steps - wide :]], axis=2)
        first, second = np.moveaxis(self._run(rows, speaker, cancel), 2, 0)
        rest = (steps - half) * self._factor
        return np.concatenate([first[:, :, : half * self._factor], second[:, :, -rest:]], axis=2)

    def _run(self, signal: Array, speaker: int, cancel: CancelToken) -> Array:
        feeds: dict[str, Any] = {self._input: np.ascontiguousarray(signal)}
        if self._speaks:
            feeds[SPEAKER] = np.array([speaker], np.int64)
        (output,) = self._session.run(feeds, cancel=cancel)
        *rows, steps = signal.shape[2:]
        return np.asarray(output).reshape(1, -1, *rows, steps * self._factor)


class Models:
    """The parts of one voice. Thread-safe.

    Args:
        archive: as `split.split` makes it.
        config: of the voice.

    Attributes:
        stages: from latent frames to audio, in order.
        channels: of a latent frame.
        hop: samples of one frame.
    """

    def __init__(self, archive: bytes, config: VoiceConfig) -> None:
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            names = file.namelist()
            self._encoder = Session(file.read(ENCODER), threads=_THREADS)
            self.stages: list[Stage] = []
            rate = 1
            last = len(names) - 2
            for number in range(last + 1):
                model = file.read(STAGE.format(number))
                self.stages.append(Stage(model, rate, narrow=number == last))
                rate = self.stages[-1].rate
        self.channels = int(next(iter(self._encoder.outputs.values()))[1])
        self.hop = rate
        self._config = config
        inputs = set(self._encoder.inputs)
        self._speaks = SPEAKER in inputs
        self._whims = next(iter(inputs - {IDS, LENGTHS, SCALES, SPEAKER}), None)

    def encode(self, ids: list[int], speaker: int, speed: float, cancel: CancelToken) -> Phonemes:
        """Settle the durations of an utterance, or of its beginning.

        The same numbers always come out the same; noise does not depend on what follows.

        Args:
            ids: as `spelling.spell` makes them.
            speaker: number of the speaker.
            speed: 1.0 is the voice's own rate.
            cancel: stops the work.
        """
        count, config = len(ids), self._config
        scales = [config.noise, config.length / speed, config.whims]
        feeds: dict[str, Any] = {
            IDS: np.array([ids], np.int64),
            LENGTHS: np.array([count], np.int64),
            SCALES: np.array(scales, np.float32),
        }
        if self._speaks:
            feeds[SPEAKER] = np.array([speaker], np.int64)
        if self._whims is not None:
            feeds[self._whims] = noise(count, 2)
        means, spreads, durations = self._encoder.run(feeds, cancel=cancel)
        return Phonemes(means, spreads, durations.reshape(-1).astype(np.int64))

    def latent(self, phonemes: Phonemes, first: int, last: int, before: int) -> Array:
        """Latent frames of the phonemes from `first` up to `last`, [1, channels, frames].

        Args:
            phonemes: of an utterance.
            first: index of the first phoneme.
            last: one past the index of the last.
            before: frames that lie before them, whose noise is not repeated.
        """
        durations = phonemes.durations[first:last]
        means = np.repeat(phonemes.means[:, :, first:last], durations, axis=2)
        spreads = np.repeat(np.exp(phonemes.spreads[:, :, first:last]), durations, axis=2)
        drawn = noise(before + means.shape[2], means.shape[1])[:, :, before:]
        frames: Array = means + drawn * spreads * np.float32(self._config.noise)
        return frames


def noise(steps: int, channels: int) -> Array:
    """Normal noise, [1, channels, steps]; its beginning is the same however long it is."""
    drawn = np.random.default_rng(_SEED).standard_normal((steps, channels), np.float32)
    turned: Array = drawn.T[None]
    return turned
