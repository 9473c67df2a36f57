"""What one utterance hands on to the next."""

from __future__ import annotations

from cartesia_server.engines.base import PreparedText, SpokenWord
from cartesia_server.text.punctuation import SENTENCE_MARKS

_MOST_LEAD = 12


def carried(text: PreparedText) -> tuple[SpokenWord, ...]:
    """The words of an utterance that lead to the next one: none where a sentence has ended."""
    words = [word for word in text.spoken if word.phonemes]
    ended = not words or (words[-1].pause and words[-1].pause in SENTENCE_MARKS)
    return () if ended else tuple(words[-_MOST_LEAD:])
