"""Written words to words as they are said: amounts, dates, times, units, symbols, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from cartesia_server.text import english, telephone
from cartesia_server.text.english.tables import CODE_LINKS, CODES
from cartesia_server.text.locales import LOCALES, POINTS
from cartesia_server.text.locales.rules import Rules
from cartesia_server.text.seen import Seen

AMERICAN = ("en", "en-us")
"""Locales whose numeric dates begin with the month."""


def normalised(words: Sequence[str], locale: str, pauses: Sequence[str] = ()) -> list[list[str]]:
    """How the words of an utterance are said.

    Args:
        words: without surrounding punctuation; may be empty strings.
        locale: BCP 47 tag; its region decides how dates and numbers are read. Words of a language
            that nothing is known of stay as they are.
        pauses: the mark that follows each word, or an empty string; none of them when empty.

    Returns:
        For each word the words that are said for it; none for what is not said. A word that ends
        in a comma is followed by a short pause.
    """
    tag = locale.replace("_", "-").lower()
    language = tag.split("-")[0]
    if language == "en":
        return _said(
            words,
            pauses,
            english.said,
            english.dialled,
            codes=(CODES, CODE_LINKS),
            american=tag in AMERICAN,
        )
    if language not in LOCALES:
        return [[word] if word else [] for word in words]
    rules = _rules(language, LOCALES[language].decimal_point or tag in POINTS)
    return _said(words, pauses, rules.said, rules.dialled, codes=rules.named, join_thousands=True)


@cache
def _rules(language: str, decimal_point: bool) -> Rules:
    return Rules(LOCALES[language], decimal_point=decimal_point)


def _said(
    words: Sequence[str],
    pauses: Sequence[str],
    rule: Callable[[Seen], list[str]],
    group: Callable[[str], list[str]],
    *,
    codes: telephone.Named,
    american: bool = False,
    join_thousands: bool = False,
) -> list[list[str]]:
    dialled = telephone.groups(words, pauses, codes)
    joined = _thousands(words, pauses, dialled) if join_thousands else {}
    # Neighbours are those that are left when numbers are whole.
    places = [index for index in range(len(words)) if joined.get(index) != ""]
    whole = [joined.get(index, words[index]) for index in places]
    marks = [pauses[_last(index, joined)] for index in places] if pauses else ()
    said: list[list[str]] = [[] for _ in words]
    for place, index in enumerate(places):
        if index in dialled:
            said[index] = _dialled(dialled[index], group, last=index + 1 not in dialled)
        elif whole[place]:
            said[index] = rule(Seen.at(whole, place, pauses=marks, american=american))
    return said


def _last(index: int, joined: Mapping[int, str]) -> int:
    """The last of the words that are joined with one."""
    while joined.get(index + 1) == "":
        index += 1
    return index


def _dialled(parts: list[str], group: Callable[[str], list[str]], *, last: bool) -> list[str]:
    words: list[str] = []
    for place, part in enumerate(parts):
        words += group(part)
        if not last or place < len(parts) - 1:
            words[-1] += ","
    return words


def _thousands(
    words: Sequence[str], pauses: Sequence[str], dialled: Mapping[int, object]
) -> dict[int, str]:
    """``1``, ``234``, ``567``, thousands divided by spaces, as one word and empty ones."""
    joined: dict[int, str] = {}
    index = 0
    while index < len(words):
        end = index + 1
        if re.fullmatch(r"[1-9]\d{0,2}", words[index]) and index not in dialled:
            while (
                end < len(words)
                and re.fullmatch(r"\d{3}(?:[,.]\d{1,2})?", words[end])
                and words[end - 1].isdecimal()
                and not (pauses and pauses[end - 1])
            ):
                joined[index] = joined.get(index, words[index]) + words[end]
                joined[end] = ""
                end += 1
        index = end
    return joined
