"""Audio of any stretch of an utterance, equal to that stretch of the whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.kokoro.models import Excerpt, Models
from cartesia_server.engines.kokoro.prosody import FRAME, Affine, Array, Prosody
from cartesia_server.engines.kokoro.source import Source

# Frames that a result depends on at each side. Beyond them the audio differs by less than 3e-5.
_BODY_REACH = 10
_GENERATOR_REACH = 4
_INNER_REACH = 1  # of the second half of the generator

_BLEND = np.linspace(0, 1, 96, dtype=np.float32)  # 4 ms from one piece to the next


class Decoder:
    """Decodes one utterance from front to back. Not thread-safe.

    Args:
        models: that do it.
        prosody: of the utterance.
        affine: of its normalisations.
        first: frame before which nothing will be asked for.
        cancel: stops it in the middle of a piece.
    """

    def __init__(
        self, models: Models, prosody: Prosody, affine: Affine, first: int, cancel: CancelToken
    ) -> None:
        self._models = models
        self._prosody = prosody
        self._affine = affine
        self._cancel = cancel
        self._done = max(first - _GENERATOR_REACH, 0)
        self._source = Source(prosody.pitch, self._done)
        self._tail = np.empty(0, np.float32)
        self._hidden = np.empty((1, prosody.text.shape[1], 2 * prosody.frames), np.float32)

    def decode(self, first: int, last: int) -> Array:
        """Samples of the frames from `first` up to `last`; the next call goes on from there.

        Raises:
            Cancelled: the token was flipped.
        """
        audio = self._models.generate(self._excerpt(first, last), self._cancel)
        return self._joined(audio, first, last)

    def begin(self, first: int, last: int) -> Callable[[], Array] | None:
        """Begin with the frames after those that are decoded next, if a thread is free for it.

        What is returned stands for their `decode`.
        """
        wait = self._models.generate_beside(self._excerpt(first, last), self._cancel)
        return wait and (lambda: self._joined(wait(), first, last))

    def _excerpt(self, first: int, last: int) -> Excerpt:
        """What the generator needs for some frames."""
        frames = self._prosody.frames
        left, right = max(first - _GENERATOR_REACH, 0), min(last + _GENERATOR_REACH, frames)
        begin, end = max(first - _INNER_REACH, 0), min(last + _INNER_REACH, frames)
        self._extend(right)
        hidden = self._hidden[:, :, 2 * left : 2 * right]
        spectrum = self._source.spectrum(left, right)
        return Excerpt(hidden, spectrum, self._affine, (begin - left, end - left))

    def _joined(self, audio: Array, first: int, last: int) -> Array:
        """What was generated for some frames, without its margins, on from what came before."""
        audio = audio[min(_INNER_REACH, first) * FRAME :]
        # Pieces agree but for the rounding of integers: blend from one to the other.
        size = len(self._tail)
        audio[:size] = self._tail + (audio[:size] - self._tail) * _BLEND[:size]
        audio, rest = np.split(audio, [(last - first) * FRAME])
        self._tail = rest[: len(_BLEND)]
        return audio

    def _extend(self, until: int) -> None:
        """Make the hidden signal up to some frame, each frame once."""
        if until <= self._done:
            return
        left, right = self._done - _BODY_REACH, until + _BODY_REACH
        left, right = max(left, 0), min(right, self._prosody.frames)
        hidden = self._models.body(self._prosody, self._affine, left, right, self._cancel)
        wanted = slice(2 * (self._done - left), 2 * (until - left))
        self._hidden[:, :, 2 * self._done : 2 * until] = hidden[:, :, wanted]
        self._done = until
