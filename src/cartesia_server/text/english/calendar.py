"""Times, dates and years in English words."""

from __future__ import annotations

import re

from cartesia_server.text.english.numbers import cardinal, decade, ordinal, year
from cartesia_server.text.english.tables import (
    BEFORE_DATES,
    BEFORE_YEARS,
    MONTHS,
    SHORT_MONTHS,
    UNITS,
    WEEKDAYS,
)
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- signs look alike

_COMMON_FRACTIONS = (2, 3, 4, 5, 6, 8, 10, 16, 32, 64, 100)


def time(seen: Seen) -> list[str] | None:
    """``9:05pm`` as *nine oh five P M*."""
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?([ap]\.?m)?", seen.word, re.IGNORECASE)
    if not found or int(found[1]) > 24:
        return None
    hour, minute = cardinal(int(found[1])), int(found[2])
    half = [letter.upper() for letter in (found[4] or "").replace(".", "")]
    if found[3]:
        return [*hour, *cardinal(minute), *cardinal(int(found[3])), *half]
    if minute:
        return [*hour, *(["oh"] if minute < 10 else []), *cardinal(minute), *half]
    morning = seen.after.lower().replace(".", "") in ("am", "pm")
    if half or morning:
        return [*hour, *half]
    return [*hour, "hundred"] if int(found[1]) > 12 else [*hour, "o'clock"]


def date(seen: Seen) -> list[str] | None:
    """``5/6/2024`` as *May sixth twenty twenty four*, or the fifth of June where days are first."""
    if found := re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", seen.word):
        return _day(int(found[3]), int(found[4]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", seen.word):
        if found[2] != "/" and len(found[4]) == 2:
            return None
        full = int(found[4]) + (0 if len(found[4]) == 4 else 2000 if int(found[4]) < 50 else 1900)
        return _numeric(seen, int(found[1]), int(found[3]), full)
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})", seen.word):
        parts = int(found[1]), int(found[2])
        if seen.word in ("24/7", "9/11"):
            return None
        if seen.before.lower() in BEFORE_DATES or parts[1] not in _COMMON_FRACTIONS:
            return _numeric(seen, *parts, None)
    if seen.word.isdecimal() and len(seen.word) < 3 and 0 < int(seen.word) < 32:
        if is_month(seen.before):
            return ordinal(int(seen.word))
        if is_month(seen.after) and seen.after != "may" and seen.before.lower() != "the":
            return ordinal(int(seen.word))
    return None


def _numeric(seen: Seen, first: int, second: int, of: int | None) -> list[str] | None:
    month, day = (second, first) if seen.day_first else (first, second)
    return _day(month, day, of) or _day(day, month, of)


def _day(month: int, day: int, of: int | None) -> list[str] | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return [MONTHS[month - 1], *ordinal(day), *(year(of) if of else [])]


def named(seen: Seen) -> list[str] | None:
    """Months and weekdays that are cut short, beside a number or within a range."""
    name = seen.word.lower()
    numbered = seen.after[:1].isdecimal() or seen.before[:1].isdecimal()
    if seen.word != name.capitalize():
        return None
    if name in SHORT_MONTHS and name != "may" and numbered:
        return [SHORT_MONTHS[name]]
    if name in WEEKDAYS and (
        numbered
        or is_month(seen.after)
        or seen.before.lower() == "on"
        or name not in ("mon", "wed", "sat", "sun")
    ):
        return [WEEKDAYS[name]]
    return None


def short_name(word: str) -> list[str] | None:
    """A month or weekday as one end of a range: ``Mon`` in ``Mon-Fri``."""
    name = word.lower().rstrip(".")
    full = WEEKDAYS.get(name) or SHORT_MONTHS.get(name)
    return [full] if full and word[:1].isupper() else None


def is_month(word: str) -> bool:
    """Whether a word names a month."""
    return word in MONTHS or word.lower() in SHORT_MONTHS


def year_number(seen: Seen) -> list[str] | None:
    """``1990s``, and numbers that are years rather than amounts."""
    if found := re.fullmatch(r"(1[1-9]|20)(\d)0['’]?s", seen.word):
        return decade(int(found[1] + found[2] + "0"))
    if found := re.fullmatch(r"['’]?([2-9])0['’]?s", seen.word):
        return decade(int(found[1]) * 10)
    if re.fullmatch(r"1\d\d\d|20\d\d|21\d\d", seen.word) and seen.after.lower() not in UNITS:
        number = int(seen.word)
        if 1900 <= number < 2100 or seen.before.lower() in BEFORE_YEARS:
            return year(number)
    return None
