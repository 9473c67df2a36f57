"""Times, dates and years in English words."""

from __future__ import annotations

import re

from cartesia_server.text.english.numbers import cardinal, decade, digits, ordinal, year
from cartesia_server.text.english.tables import (
    BEFORE_DATES,
    BEFORE_DECADES,
    BEFORE_YEARS,
    CARDS,
    EXPIRING,
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
    found = re.fullmatch(
        r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?([ap]\.?m)?(?:\.(\d+))?", seen.word, re.IGNORECASE
    )
    if not found or int(found[1]) > 24:
        return None
    hour, minute = cardinal(int(found[1])), int(found[2])
    half = [letter.upper() for letter in (found[4] or "").replace(".", "")]
    part = ["point", *digits(found[5])] if found[5] else []
    if found[3]:
        return [*hour, *_sixtieth(minute), *_sixtieth(int(found[3])), *part, *half]
    if minute or part:
        return [*hour, *_sixtieth(minute), *part, *half]
    if int(found[1]) == 0:
        return ["midnight"]
    morning = seen.after.lower().replace(".", "") in ("am", "pm")
    if half or morning:
        return [*hour, *half]
    return [*hour, "hundred"] if int(found[1]) > 12 else [*hour, "o'clock"]


def _sixtieth(number: int) -> list[str]:
    """Minutes or seconds after something larger: ``05`` as *oh five*."""
    return ["oh", *(cardinal(number) if number else ["oh"])] if number < 10 else cardinal(number)


def moment(seen: Seen) -> list[str] | None:
    """``2024-05-06T14:48:00Z`` as programs write it."""
    found = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|([-+])(\d\d):?(\d\d))?", seen.word
    )
    if not found:
        return None
    on, at = date(seen.part(found[1])), time(seen.part(found[2], after=""))
    if not on or not at:
        return None
    zone = ["U", "T", "C"] if found[3] else []
    if found[4] and int(found[5]):
        minutes = cardinal(int(found[6])) if int(found[6]) else []
        zone += ["plus" if found[4] == "+" else "minus", *cardinal(int(found[5])), *minutes]
    return [*on[:-1], f"{on[-1]},", *at, *zone]


def duration(seen: Seen) -> list[str] | None:
    """``10h30m``, and the ``45m`` of ``2h 45m``."""
    if found := re.fullmatch(r"(\d+)m", seen.word):
        hours = re.fullmatch(r"\d+h", seen.before) or re.fullmatch(r"hrs?|hours?", seen.before)
        timed = hours or re.fullmatch(r"\d+s", seen.after)
        return _counted(found[1], "minute") if timed else None
    found = re.fullmatch(r"(?:(\d+)h)?(\d+)m(?:in)?(?:(\d+)s)?", seen.word)
    if not found or not (found[1] or found[3]):
        return None
    parts = zip(found.groups(), ("hour", "minute", "second"), strict=True)
    return [word for part, name in parts if part for word in _counted(part, name)]


def _counted(number: str, name: str) -> list[str]:
    return [*cardinal(int(number)), name if int(number) == 1 else f"{name}s"]


def date(seen: Seen) -> list[str] | None:
    """``5/6/2024`` as *May sixth twenty twenty four*, or the fifth of June where days are first."""
    if found := re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", seen.word):
        return _day(int(found[3]), int(found[4]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", seen.word):
        if found[2] != "/" and len(found[4]) == 2:
            return None
        full = int(found[4]) + (0 if len(found[4]) == 4 else 2000 if int(found[4]) < 50 else 1900)
        return _numeric(seen, int(found[1]), int(found[3]), full)
    near = [word.lower() for word in seen.former]
    expires = any(word in EXPIRING for word in near[:3]) and any(word in CARDS for word in near)
    if expires and (found := re.fullmatch(r"(0[1-9]|1[0-2])/([1-9]\d)", seen.word)):
        return [MONTHS[int(found[1]) - 1], *year(2000 + int(found[2]))]
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})", seen.word):
        parts = int(found[1]), int(found[2])
        if seen.word in ("24/7", "9/11"):
            return None
        if seen.after == "of":
            return None
        ranged = seen.before == "to" and re.fullmatch(r"\d{1,2}/\d{1,2}", seen.earlier)
        if seen.before.lower() in BEFORE_DATES or ranged or parts[1] not in _COMMON_FRACTIONS:
            return _numeric(seen, *parts, None)
    return None


def day_or_month(seen: Seen) -> list[str] | None:
    """``5/2024``, and days beside a month: ``May 3-10``, ``21 April``."""
    if found := re.fullmatch(r"(0?[1-9]|1[0-2])/((?:19|20)\d\d)", seen.word):
        return [MONTHS[int(found[1]) - 1], *year(int(found[2]))]
    if is_month(seen.before) and (found := re.fullmatch(r"(\d{1,2})[-–](\d{1,2})", seen.word)):
        return [*ordinal(int(found[1])), "to", *ordinal(int(found[2]))]
    if seen.word.isdecimal() and len(seen.word) < 3 and 0 < int(seen.word) < 32:
        if is_month(seen.before):
            return ordinal(int(seen.word))
        if is_month(seen.after) and seen.after != "may" and not seen.cut_after:
            lead = [] if seen.before.lower() == "the" else ["the"]
            return [*lead, *ordinal(int(seen.word)), "of"]
    return None


def _numeric(seen: Seen, first: int, second: int, of: int | None) -> list[str] | None:
    month, day = (first, second) if seen.american else (second, first)
    return _day(month, day, of) or _day(day, month, of)


def _day(month: int, day: int, of: int | None) -> list[str] | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return [MONTHS[month - 1], *ordinal(day), *(year(of) if of else [])]


def named(seen: Seen) -> list[str] | None:
    """Months and weekdays that are cut short, beside a number or within a range."""
    name = seen.word.lower()
    numbered = re.match(r"['’]?\d", seen.after) or seen.before[:1].isdecimal()
    if seen.word != name.capitalize():
        return None
    if name in SHORT_MONTHS and name != "may" and numbered:
        return [SHORT_MONTHS[name]]
    if name in WEEKDAYS and (
        numbered
        or is_month(seen.after)
        or seen.before.lower() == "on"
        or _is_listed(seen)
        or name not in ("mon", "wed", "sat", "sun")
    ):
        return [WEEKDAYS[name]]
    return None


def _is_listed(seen: Seen) -> bool:
    """Whether another weekday stands beside a weekday: ``Mon, Wed and Fri``."""
    joined = seen.before.lower() in ("and", "or", "&", "to")
    near = (seen.earlier if joined else seen.before, seen.after, *seen.later[1:2])
    return any(word.istitle() and word.lower() in WEEKDAYS for word in near)


def short_name(word: str) -> list[str] | None:
    """A month or weekday as one end of a range: ``Mon`` in ``Mon-Fri``."""
    name = word.lower().rstrip(".")
    full = WEEKDAYS.get(name) or SHORT_MONTHS.get(name)
    if word in MONTHS or word in WEEKDAYS.values():
        return [word]
    return [full] if full and word[:1].isupper() else None


def is_month(word: str) -> bool:
    """Whether a word names a month."""
    return word in MONTHS or word.lower() in SHORT_MONTHS


def year_number(seen: Seen) -> list[str] | None:
    """``1990s``, and numbers that are years rather than amounts."""
    if found := re.fullmatch(r"(1[1-9]|20)(\d)0['’]?s", seen.word):
        return decade(int(found[1] + found[2] + "0"))
    if found := re.fullmatch(r"(['’]?)([1-9])0(['’]?)s", seen.word):
        decade_before = re.fullmatch(r"\D*\d+0['’]?s", seen.earlier)
        also = decade_before and seen.before in ("and", "to", "or", "&")
        named = seen.before.lower().rpartition("-")[2] in BEFORE_DECADES
        if found[1] or found[3] or named or also:
            return decade(int(found[2]) * 10)
    if found := re.fullmatch(r"['’](\d)(\d)", seen.word):
        return cardinal(int(seen.word[1:])) if found[1] != "0" else ["oh", *cardinal(int(found[2]))]
    if re.fullmatch(r"0\d", seen.word) and seen.before.lower() in BEFORE_YEARS - {"to", "and"}:
        return ["oh", *cardinal(int(seen.word))]
    if re.fullmatch(r"1\d\d\d|20\d\d|21\d\d", seen.word) and seen.after.lower() not in UNITS:
        number = int(seen.word)
        if 1900 <= number < 2100 or seen.before.lower() in BEFORE_YEARS:
            return year(number)
    return None
