"""The beginning of an utterance, cut off so that sound starts before the rest is looked at."""

from __future__ import annotations

from dataclasses import replace

from cartesia_server.engines.base import PreparedText, SpokenWord
from cartesia_server.text.punctuation import CLAUSE_MARKS, SENTENCE_MARKS

_LEAST_OPENING = 3  # words: shorter ones sound chopped off
_LEAST_REST = 4
_MOST_LEAD = 12


def opened(text: PreparedText) -> tuple[PreparedText, ...]:
    """An utterance as its first clause and the rest, or in one where it has no such clause.

    A model settles the prosody of all that it is given before the first sound, at a cost that
    grows with it; after a comma a speaker takes breath anyway.
    """
    for index, word in enumerate(text.spoken[:-_LEAST_REST], start=1):
        following = text.spoken[index]
        if (
            word.pause
            and word.pause in CLAUSE_MARKS
            and _sounding(text.spoken[:index]) >= _LEAST_OPENING
            and _sounding(text.spoken[index:]) >= _LEAST_REST
            and following.written > word.written
        ):
            return _divided(text, index)
    return (text,)


def carried(text: PreparedText) -> tuple[SpokenWord, ...]:
    """The words of an utterance that lead to the next one: none where a sentence has ended."""
    words = [word for word in text.spoken if word.phonemes]
    ended = not words or (words[-1].pause and words[-1].pause in SENTENCE_MARKS)
    return () if ended else tuple(words[-_MOST_LEAD:])


def _sounding(words: tuple[SpokenWord, ...]) -> int:
    return sum(bool(word.phonemes) for word in words)


def _divided(text: PreparedText, index: int) -> tuple[PreparedText, PreparedText]:
    border = text.spoken[index].written
    moved = (replace(word, written=word.written - border) for word in text.spoken[index:])
    return (
        replace(text, written=text.written[:border], spoken=text.spoken[:index]),
        replace(text, written=text.written[border:], spoken=tuple(moved)),
    )
