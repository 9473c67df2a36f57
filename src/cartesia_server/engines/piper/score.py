"""How long each phoneme of an utterance lasts, settled for its beginning first."""

from __future__ import annotations

import numpy as np

from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.piper.models import Models, Phonemes
from cartesia_server.engines.piper.spelling import Spelling
from cartesia_server.engines.piper.stream import Latent

HEAD = 50  # ids of a beginning, about 1.2 s
_AHEAD = 24  # ids that are read beyond it, three words or so, for its intonation
_WORTH = 0.6  # share of the whole that both together may be


class Score:
    """The durations and latent frames of an utterance. Not thread-safe.

    The encoder takes as long as the listener waits for the first sound, and most of that is for
    words that come later. So the first words can be settled from the first few alone, and be spoken
    before the utterance is settled as a whole; from the word after on, the whole decides. Audio
    does not jump there: it is made from the latent frames of both as if they had come together.

    Args:
        models: of the voice.
        spelling: what is said.
        speaker: number of the speaker.
        speed: 1.0 is the voice's own rate.

    Attributes:
        edges: frame at which each id that is settled begins, and the end of the last.
        latent: the frames so far.
        whole: whether everything is settled.
    """

    def __init__(self, models: Models, spelling: Spelling, speaker: int, speed: float) -> None:
        self._models = models
        self._spelling = spelling
        self._speaker = speaker
        self._speed = speed
        self.edges = np.zeros(1, np.int64)
        self.latent = Latent(np.zeros((1, models.channels, 0), np.float32))
        self.whole = False

    def begin(self, cancel: CancelToken) -> None:
        """Settle the beginning, or everything where that is hardly more."""
        head = _head(self._spelling)
        if head is None:
            self.settle(cancel)
        else:
            kept, seen = head
            self._add(self._encode(seen, cancel), kept)

    def settle(self, cancel: CancelToken) -> None:
        """Settle what is not yet settled."""
        if not self.whole:
            count = len(self._spelling.ids)
            self._add(self._encode(count, cancel), count)
            self.whole = True

    def _encode(self, count: int, cancel: CancelToken) -> Phonemes:
        return self._models.encode(self._spelling.ids[:count], self._speaker, self._speed, cancel)

    def _add(self, phonemes: Phonemes, until: int) -> None:
        first, before = len(self.edges) - 1, self.latent.frames
        self.latent.add(self._models.latent(phonemes, first, until, before))
        ends = before + np.cumsum(phonemes.durations[first:until])
        self.edges = np.concatenate([self.edges, ends])


def _head(spelling: Spelling) -> tuple[int, int] | None:
    """How many ids make a beginning, whole words, and how many have to be read for it."""
    count = len(spelling.ids)
    starts = [start for start, _ in spelling.words]
    kept = next((start for start in starts if start >= HEAD), count)
    seen = next((start for start in starts if start >= kept + _AHEAD), count)
    return (kept, seen) if seen <= _WORTH * count else None
