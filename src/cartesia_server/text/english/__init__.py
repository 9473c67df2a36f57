"""English in words as they are said.

A rule looks at one word among its neighbours and says what is said for it, or None; the first that
knows it is followed. A word that ends in a comma is followed by a short pause.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cartesia_server.text.english import calendar, names, quantities
from cartesia_server.text.english.numbers import cardinal
from cartesia_server.text.english.tables import NUMBER, PER
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001, RUF002 -- signs look alike


def said(seen: Seen) -> list[str]:
    """What is said for a word among its neighbours."""
    for rule in _RULES:
        found = rule(seen)
        if found is not None:
            return found
    return [seen.word]


def _range(seen: Seen) -> list[str] | None:
    """``$10-$20``, ``8:00–17:00``, ``Mon-Fri``, scores and ratios."""
    if found := re.fullmatch(r"(\d+):(\d+)", seen.word):
        return [*cardinal(int(found[1])), "to", *cardinal(int(found[2]))]
    parts = re.split(r"(?<=[\w%.)])[-–—](?=[\w$€£.])", seen.word)
    if len(parts) != 2:
        return None
    first, second = parts
    ends = [calendar.short_name(part) for part in parts]
    if all(ends):
        return [*(ends[0] or []), "to", *(ends[1] or [])]
    if not all(re.match(rf"[$€£]?(?:{NUMBER})", part) for part in parts):
        return None
    if first[-1].isdecimal() and (unit := re.fullmatch(rf"([$€£])?(?:{NUMBER})(\D*)", second)):
        # A sign of one end holds for both, and is said once.
        if first[0] in "$€£" and not unit[1] and not unit[2]:
            second, first = first[0] + second, first[1:]
        elif unit[1] and first[0] == unit[1]:
            first = first[1:]
    before, after = seen.part(first, after=""), seen.part(second, before="to")
    left, right = said(before), said(after)
    if [first] == left or [second] == right:
        return None
    return [*left, "to", *right]


def _rate(seen: Seen) -> list[str] | None:
    """``$9.99/mo`` and ``2x/day``: so much for each."""
    amount, slash, name = seen.word.rpartition("/")
    if not slash or name.lower() not in PER or not re.search(r"\d", amount):
        return None
    return [*said(seen.part(amount, after="")), "per", PER[name.lower()]]


def _compound(seen: Seen) -> list[str] | None:
    """``3-year-old``, ``mid-1990s``, ``2nd-gen``: part by part, where one is a number."""
    parts = seen.word.split("-")
    if len(parts) < 2 or not all(parts) or not any(part[0].isdecimal() for part in parts):
        return None
    if not any(re.fullmatch(r"[^\W\d_]{2,}", part) for part in parts):
        return None
    spoken: list[str] = []
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else ""
        spoken += said(Seen(part, before=before, day_first=seen.day_first))
    return spoken


def _mixed(seen: Seen) -> list[str] | None:
    """Hashtags, and words divided by slashes."""
    if seen.word.startswith("#") and len(seen.word) > 1:
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", seen.word[1:])
        whole = len(parts) > 1 and "".join(parts) == seen.word[1:]
        return ["hashtag", *(parts if whole else said(seen.part(seen.word[1:])))]
    if "/" in seen.word and re.fullmatch(r"[^\W\d]+(?:/[^\W\d]+)+", seen.word):
        return seen.word.split("/")
    return None


_Rule = Callable[[Seen], "list[str] | None"]

_RULES: tuple[_Rule, ...] = (
    names.sign,
    quantities.unit_after_number,
    calendar.named,
    names.abbreviation,
    names.acronym,
    names.roman,
    quantities.money,
    calendar.time,
    _rate,
    names.numbered_address,
    calendar.date,
    names.code,
    calendar.year_number,
    quantities.fraction,
    quantities.ordinal_number,
    quantities.height,
    quantities.power,
    quantities.quantity,
    names.version,
    _range,
    names.address,
    _compound,
    _mixed,
)
