"""When words and phonemes are heard, from the durations that the model gave its tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import PhonemeTime, WordTime
from cartesia_server.engines.kokoro.alphabet import Spelling
from cartesia_server.engines.kokoro.plan import AUDIBLE, HALF, Pass
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE

_Samples = npt.NDArray[np.int64]


class TokenTimes:
    """Where each token of an utterance is heard, in samples of the audio that is kept.

    Args:
        passes: of the utterance, in order; together they hold all its tokens.
    """

    def __init__(self, passes: Sequence[Pass]) -> None:
        starts: list[_Samples] = []
        ends: list[_Samples] = []
        heard: list[_Samples] = []
        before = 0
        for part in passes:
            start, end, until = _of_pass(part)
            starts.append(start + before)
            ends.append(end + before)
            heard.append(until + before)
            before += part.length
        self._starts = np.concatenate(starts)
        self._ends = np.concatenate(ends)
        self._heard = np.concatenate(heard)

    def words(self, spelling: Spelling) -> list[WordTime]:
        """Times of the spoken words; a silent one sits at the end of the word before it."""
        times: list[WordTime] = []
        last = 0.0
        for index, (first, stop) in enumerate(spelling.words):
            start, end = self._span(first, stop) if stop > first else (last, last)
            times.append(WordTime(index, start, end))
            last = end
        return times

    def phonemes(self, spelling: Spelling) -> list[PhonemeTime]:
        """Times of the phonemes; those that the model has no letter for are left out."""
        return [
            PhonemeTime(span.label, *self._span(span.start, span.end))
            for span in spelling.phonemes
            if span.end > span.start
        ]

    def _span(self, first: int, stop: int) -> tuple[float, float]:
        # The model gives the silence before a pause to the phoneme in front of it.
        start = int(self._starts[first])
        end = max(start, min(int(self._ends[stop - 1]), int(self._heard[stop - 1])))
        return start / SAMPLE_RATE, end / SAMPLE_RATE


def _of_pass(part: Pass) -> tuple[_Samples, _Samples, _Samples]:
    """Start and end of each token, and the end of the last sound up to there."""
    halves = 2 * np.concatenate([[0], np.cumsum(part.prosody.durations)])
    # Sound begins a little before the first token does, so the first takes all of it.
    starts, ends = np.concatenate([[0], halves[2:-2]]), halves[2:-1]
    audible = part.prosody.energy[0] > AUDIBLE
    last_audible = np.maximum.accumulate(np.where(audible, np.arange(1, len(audible) + 1), 0))
    heard = last_audible[ends - 1]

    def kept(positions: _Samples) -> _Samples:
        return np.clip(positions * HALF - part.begin, 0, part.length)

    return kept(starts), kept(ends), kept(heard)
