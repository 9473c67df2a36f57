"""When words and phonemes are heard, from the durations that the model gave its tokens.

The sound is ahead of the durations. A forced alignment (bench/timestamps.py) hears phonemes some
30 to 40 ms before their tokens begin, and the first of a word as much before the space in front of
the word: that lasts for two frames, mostly, and what is heard in them is the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import PhonemeTime, WordTime
from cartesia_server.engines.kokoro.alphabet import TokenSpan
from cartesia_server.engines.kokoro.plan import AUDIBLE, HALF, Pass
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE

_Samples = npt.NDArray[np.int64]

_AHEAD = SAMPLE_RATE // 30  # samples by which the sound is ahead of its tokens


class TokenTimes:
    """Where each token of a run is heard, in samples of the audio that is kept of it.

    Args:
        run: of the model.
        first: number of its first token in the utterance.
        spaces: tokens of the utterance that stand between words.
    """

    def __init__(self, run: Pass, first: int = 0, spaces: Iterable[int] = ()) -> None:
        self._starts, self._ends, self._heard = _of_pass(run)
        self._first = first
        for space in spaces:
            if 0 <= space - first < len(self._starts) - 1:
                self._starts[space - first + 1] = self._starts[space - first]

    def words(self, words: Sequence[tuple[int, int]], index: int = 0) -> list[WordTime]:
        """Times of the spoken words; a silent one sits at the end of the word before it.

        Args:
            words: the tokens of each, in order.
            index: of the first of them in the utterance.
        """
        times: list[WordTime] = []
        last = 0.0
        for number, (first, stop) in enumerate(words, start=index):
            start, end = self._span(first, stop) if stop > first else (last, last)
            times.append(WordTime(number, start, end))
            last = end
        return times

    def phonemes(self, spans: Iterable[TokenSpan]) -> list[PhonemeTime]:
        """Times of the phonemes; those that the model has no letter for are left out."""
        return [
            PhonemeTime(span.label, *self._span(span.start, span.end))
            for span in spans
            if span.end > span.start
        ]

    def _span(self, first: int, stop: int) -> tuple[float, float]:
        # What does not fit one run of the model goes on in the next: its end is that of the run.
        first, last = first - self._first, min(stop - self._first, len(self._ends)) - 1
        start = int(self._starts[first])
        # The model gives the silence before a pause to the phoneme in front of it.
        end = max(start, min(int(self._ends[last]), int(self._heard[last])))
        return start / SAMPLE_RATE, end / SAMPLE_RATE


def _of_pass(part: Pass) -> tuple[_Samples, _Samples, _Samples]:
    """Start and end of each token, and the end of the last sound up to there."""
    halves = 2 * np.concatenate([[0], np.cumsum(part.prosody.durations)])
    # Sound begins a little before the first token does, so the first takes all of it.
    starts, ends = np.concatenate([[0], halves[2:-2]]), halves[2:-1]
    audible = part.prosody.energy[0] > AUDIBLE
    last_audible = np.maximum.accumulate(np.where(audible, np.arange(1, len(audible) + 1), 0))
    heard = last_audible[ends - 1]

    def kept(positions: _Samples, ahead: int = 0) -> _Samples:
        return np.clip(positions * HALF - ahead - part.begin, 0, part.length)

    return kept(starts, _AHEAD), kept(ends, _AHEAD), kept(heard)
