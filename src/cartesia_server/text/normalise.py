"""Written words to words as they are said: amounts, dates, times, units, symbols, addresses."""

from __future__ import annotations

from collections.abc import Sequence

from cartesia_server.text import english, telephone
from cartesia_server.text.english.numbers import digits

AMERICAN = ("en", "en-us")
"""Locales whose numeric dates begin with the month."""


def normalised(words: Sequence[str], locale: str, pauses: Sequence[str] = ()) -> list[list[str]]:
    """How the words of an utterance are said.

    Args:
        words: without surrounding punctuation; may be empty strings.
        locale: BCP 47 tag; its region decides how dates and numbers are read.
        pauses: the mark that follows each word, or an empty string; none of them when empty.

    Returns:
        For each word the words that are said for it; none for what is not said. A word that ends
        in a comma is followed by a short pause.
    """
    if not locale.startswith("en"):
        return [[word] if word else [] for word in words]
    dialled = telephone.groups(words, pauses)
    day_first = locale.lower() not in AMERICAN
    said: list[list[str]] = []
    for index, word in enumerate(words):
        if index in dialled:
            said.append(_dialled(dialled[index], last=index + 1 not in dialled))
        else:
            said.append(english.said(words, index, day_first=day_first) if word else [])
    return said


def _dialled(parts: list[str], *, last: bool) -> list[str]:
    words: list[str] = []
    for place, part in enumerate(parts):
        words += ["plus"] if part.startswith("+") else []
        words += digits(part.lstrip("+"))
        if not last or place < len(parts) - 1:
            words[-1] += ","
    return words
