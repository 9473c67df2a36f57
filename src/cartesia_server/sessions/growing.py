"""A transcript that only grows while somebody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from cartesia_server.engines.base import RecognizedWord

_HELD_BACK = 2  # words: how a word is heard depends on those after it


class GrowingText:
    """The transcript of a turn, of which nothing that was shown is taken back.

    Drafts of unfinished speech change from one to the next, mostly at their end. What two drafts in
    a row agree on, but for its last words, is shown (local agreement, as in Liu, Spanakis and
    Niehues 2020, "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial
    Hypothesis Selection") and stays; what is recognised in full goes on from there.

    Args:
        space: what is put between words; where it is nothing, every character is a word.
    """

    def __init__(self, space: str) -> None:
        self._space = space
        self._settled: list[RecognizedWord] = []
        self._shown: list[RecognizedWord] = []  # of the stretch that is not settled yet
        self._draft: list[RecognizedWord] = []  # the last one of that stretch

    @property
    def text(self) -> str:
        """What may be shown."""
        return self._space.join(_texts(self.words))

    @property
    def words(self) -> Sequence[RecognizedWord]:
        """The same, word by word, with the times that each had when it was first shown."""
        return (*self._settled, *self._shown)

    def hear(self, draft: Iterable[RecognizedWord]) -> None:
        """Take another draft of the stretch that is not settled."""
        words = self._split(draft)
        agreed = _common(_texts(words), _texts(self._draft))
        self._grow(words[: max(0, agreed - _HELD_BACK)])
        self._draft = words

    def settle(self, heard: Iterable[RecognizedWord], *, is_last: bool = True) -> None:
        """Take the transcript of the stretch.

        Args:
            heard: what was recognised in full.
            is_last: whether it covers all that was in the drafts; if not, it is their beginning.
        """
        words = self._split(heard)
        shown = _texts(self._shown)
        count = len(shown) if is_last else _counterpart(_texts(words), shown)
        if count == len(shown):
            self._grow(words)
            count = len(self._shown)
        self._settled += self._shown[:count]
        self._shown = self._shown[count:]
        self._draft = []

    def _grow(self, words: Sequence[RecognizedWord]) -> None:
        """Show what of `words` comes after those that are shown, and later than they do."""
        for word in words[_counterpart(_texts(self._shown), _texts(words)) :]:
            after = self.words[-1].end if self.words else 0.0
            start = max(word.start, after)
            later = RecognizedWord(word.text, start, max(word.end, start), word.probability)
            self._shown.append(later)

    def _split(self, words: Iterable[RecognizedWord]) -> list[RecognizedWord]:
        """The words one by one; several that came as one share its time."""
        found = []
        for word in words:
            parts = word.text.split() if self._space else list("".join(word.text.split()))
            step = (word.end - word.start) / max(1, len(parts))
            for index, part in enumerate(parts):
                start = word.start + index * step
                found.append(RecognizedWord(part, start, start + step, word.probability))
        return found


def _texts(words: Iterable[RecognizedWord]) -> list[str]:
    return [word.text for word in words]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _counterpart(known: Sequence[str], heard: Sequence[str]) -> int:
    """How many of the words heard say what the known ones say: with the least edits.

    Where several counts do, one with the same last word, or the nearest to the number of known
    words.
    """
    if _common(known, heard) == len(known):
        return len(known)
    ours, theirs = [_bare(word) for word in known], np.array([_bare(word) for word in heard])
    places = np.arange(len(heard) + 1)
    edits = places.copy()  # from the known words so far to each beginning of those heard
    for word in ours:
        replaced = edits[:-1] + (theirs != word)
        edits = np.concatenate((edits[:1] + 1, np.minimum(edits[1:] + 1, replaced)))
        edits = np.minimum.accumulate(edits - places) + places  # words put in between
    other_end = np.concatenate(([True], theirs != ours[-1]))
    return min(
        range(len(edits)),
        key=lambda count: (edits[count], other_end[count], abs(count - len(known))),
    )


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold())) or word
