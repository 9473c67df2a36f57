"""Which words espeak-ng runs together: a voice has learnt ``of the`` as one, without a space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from cartesia_server.engines.base import SpokenWord
from cartesia_server.text.espeak import espeak


def run_on(words: Sequence[SpokenWord], voice: str) -> frozenset[int]:
    """Find the words of an utterance that run on into the next one, by index.

    Args:
        words: of the utterance, with the phonemes of espeak-ng.
        voice: espeak-ng's name of the voice that they came from.
    """
    found: set[int] = set()
    for first, last in _clauses(words):
        clause = words[first:last]
        sounds = [word.phonemes.replace(" ", "") for word in clause]
        groups = espeak().phonemes(" ".join(word.text for word in clause), voice)
        if "".join(groups) == "".join(sounds):  # else somebody gave phonemes of their own
            ends = set(accumulate(map(len, groups)))
            reached = accumulate(map(len, sounds))
            found.update(first + index for index, end in enumerate(reached) if end not in ends)
    return frozenset(found)


def _clauses(words: Sequence[SpokenWord]) -> Iterator[tuple[int, int]]:
    """First and last of the words between pauses."""
    first = 0
    for index, word in enumerate(words, 1):
        if word.pause or index == len(words):
            yield first, index
            first = index
