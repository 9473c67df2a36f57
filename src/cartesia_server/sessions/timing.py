"""When words are heard, on the time line of a context's audio."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cartesia_server.engines.base import PreparedText, WordTime


@dataclass(frozen=True, slots=True)
class TimedText:
    """A word or phoneme, and when it is heard, in seconds from the start of the context's audio."""

    text: str
    start: float
    end: float


class Timeline:
    """Keeps times in order: no start before the end of the word before.

    Args:
        limit: second at which the audio is cut off, or None.
    """

    def __init__(self, limit: float | None = None) -> None:
        self._limit = math.inf if limit is None else limit
        self._end = 0.0

    def place(self, text: str, start: float, end: float) -> TimedText:
        """Put the next word on the time line, moved where it would overlap the one before it."""
        start = max(round(min(start, self._limit), 4), self._end)
        self._end = max(round(min(end, self._limit), 4), start)
        return TimedText(text, start, self._end)

    def here(self, text: str) -> TimedText:
        """Put a word that makes no sound at the end of the one before it."""
        return TimedText(text, self._end, self._end)


class SpokenWords:
    """The words of one utterance as they are spoken: ``nineteen``, ``ninety``.

    Args:
        text: the utterance.
        offset: when it begins, in seconds of the context's audio.
        timeline: of the context.
    """

    def __init__(self, text: PreparedText, offset: float, timeline: Timeline) -> None:
        self._text = text
        self._offset = offset
        self._timeline = timeline

    def heard(self, times: Iterable[WordTime]) -> list[TimedText]:
        """Place the words that begin in a chunk."""
        return [self._place(self._shown(time.index), time.start, time.end) for time in times]

    def rest(self) -> list[TimedText]:
        """Place what is left once the utterance is over: nothing, all that is spoken is heard."""
        return []

    def _place(self, word: str, start: float, end: float) -> TimedText:
        return self._timeline.place(word, self._offset + start, self._offset + end)

    def _shown(self, index: int) -> str:
        word = self._text.spoken[index]
        alone = not word.phonemes or word.text.endswith(word.pause)
        return word.text if alone else word.text + word.pause


class WrittenWords(SpokenWords):
    """The words of one utterance as they are written: ``1990``.

    A written word lasts from the first to the last of the spoken words that render it. Words are
    given out in the order of writing, each once all its sounds are timed.

    Args:
        text: the utterance.
        offset: when it begins, in seconds of the context's audio.
        timeline: of the context.
    """

    def __init__(self, text: PreparedText, offset: float, timeline: Timeline) -> None:
        super().__init__(text, offset, timeline)
        self._missing = [0] * len(text.written)
        for word in text.spoken:
            self._missing[word.written] += 1
        self._spans: dict[int, tuple[float, float]] = {}
        self._next = 0

    def heard(self, times: Iterable[WordTime]) -> list[TimedText]:
        """Take the spoken words that begin in a chunk; place the written words they complete."""
        for time in times:
            index = self._text.spoken[time.index].written
            start, end = self._spans.get(index, (time.start, time.end))
            self._spans[index] = (min(start, time.start), max(end, time.end))
            self._missing[index] -= 1
        complete = self._next
        while complete < len(self._missing) and not self._missing[complete]:
            complete += 1
        return self._placed(complete)

    def rest(self) -> list[TimedText]:
        """Place what is left once the utterance is over, such as words without a sound."""
        return self._placed(len(self._missing))

    def _placed(self, until: int) -> list[TimedText]:
        words = [(index, self._text.written[index]) for index in range(self._next, until)]
        self._next = until
        return [
            self._place(word, *self._spans[index])
            if index in self._spans
            else self._timeline.here(word)
            for index, word in words
        ]
