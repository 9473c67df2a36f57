"""Audio of any stretch of an utterance, equal to that stretch of the whole."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.piper.models import Array, Models, Stage


class Source(Protocol):
    """A signal over the frames of an utterance that is asked for from front to back."""

    @property
    def frames(self) -> int:
        """How many frames there are."""

    def take(self, first: int, last: int, cancel: CancelToken) -> Array:
        """The signal of the frames from `first` up to `last`, [1, channels, steps].

        Neither may ever be smaller than it was.
        """


class Latent:
    """Latent frames, which can be added to. See `Source`.

    Frames may be taken before all are there, as long as no stage looks beyond those there are.
    """

    def __init__(self, frames: Array) -> None:
        self._frames = frames

    @property
    def frames(self) -> int:
        """How many frames there are so far."""
        return int(self._frames.shape[2])

    def add(self, frames: Array) -> None:
        """Add frames at the end."""
        self._frames = np.concatenate([self._frames, frames], axis=2)

    def take(self, first: int, last: int, cancel: CancelToken) -> Array:  # noqa: ARG002
        """See `Source.take`."""
        return self._frames[:, :, first:last]


class Staged:
    """What a stage makes of a source, each frame once. See `Source`. Not thread-safe.

    Args:
        stage: of the voice.
        source: what the stage reads.
        speaker: number of the speaker.
    """

    def __init__(self, stage: Stage, source: Source, speaker: int) -> None:
        self._stage = stage
        self._source = source
        self._rate = stage.rate
        self._speaker = speaker
        self._held: Array | None = None  # steps of the frames from `_first` up to `_last`
        self._first = self._last = 0

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return self._source.frames

    def take(self, first: int, last: int, cancel: CancelToken) -> Array:
        """See `Source.take`."""
        held = self._held
        if held is None:
            held = self._make(first, last, cancel)
            self._first, self._last = first, last
        elif last > self._last:
            old = held[:, :, self._rate * (first - self._first) :]
            held = np.concatenate([old, self._make(self._last, last, cancel)], axis=2)
            self._first, self._last = first, last
        self._held = held
        return held[:, :, self._rate * (first - self._first) : self._rate * (last - self._first)]

    def _make(self, first: int, last: int, cancel: CancelToken) -> Array:
        left = max(first - self._stage.reach, 0)
        right = min(last + self._stage.reach, self.frames)
        made = self._stage.run(self._source.take(left, right, cancel), self._speaker, cancel)
        return made[:, :, self._rate * (first - left) : self._rate * (last - left)]


class Stream:
    """The audio of latent frames, from front to back. Not thread-safe.

    Args:
        models: of the voice.
        latent: the frames.
        speaker: number of the speaker.
    """

    def __init__(self, models: Models, latent: Latent, speaker: int) -> None:
        source: Source = latent
        for stage in models.stages:
            source = Staged(stage, source, speaker)
        self._audio = source
        self.reach = sum(stage.reach for stage in models.stages)
        """Latent frames that any audio depends on to each side."""

    def take(self, first: int, last: int, cancel: CancelToken) -> Array:
        """Samples of the frames from `first` up to `last`; the next call goes on from there."""
        samples: Array = self._audio.take(first, last, cancel)[0, 0]
        return samples
