"""Times and dates by the tables of a locale."""

from __future__ import annotations

import re

from cartesia_server.text.locales.locale import Locale
from cartesia_server.text.locales.numbers import Numbers
from cartesia_server.text.locales.parts import Parts
from cartesia_server.text.punctuation import word_set
from cartesia_server.text.seen import Seen

_PRESSURE = word_set("tension presión arterial pressione pressão bp")
_HOURS = ("ore", "alle", "dalle", "le")
_EARLIEST = 24
"""Years of the century that a card may still carry."""
_MONTHS = tuple(f"{month:02}" for month in range(1, 13))


class Clock:
    """Times and dates as one language reads them.

    Args:
        locale: its tables.
        numbers: its numbers.
        parts: its fractions, some of which tell the time.
    """

    def __init__(self, locale: Locale, numbers: Numbers, parts: Parts) -> None:
        self._locale = locale
        self._numbers = numbers
        self._parts = parts

    def time(self, seen: Seen) -> list[str] | None:
        """``9:30`` and ``9h30``."""
        word = seen.word
        if self._locale.language == "it" and seen.before.lower() in _HOURS:
            word = re.sub(r"^(\d{1,2})\.(\d\d)$", r"\1:\2", word)
        found = re.fullmatch(r"(\d{1,2})(?::|h)([0-5]\d)h?|(\d{1,2})h", word)
        if not found or int(found[1] or found[3]) > 24:
            return None
        if found[3] and "h" not in self._locale.units:
            return None
        hour = self._numbers.cardinal(int(found[1] or found[3]), self._locale.hour_gender)
        minute = int(found[2] or 0)
        if self._locale.quarters and (told := self._quarter(int(found[1] or 0), minute)):
            return told if seen.after == "बजे" else [*told, "बजे"]
        if found[3] or (not minute and seen.after == "h" and "h" in self._locale.units):
            return hour if seen.after == "h" else [*hour, *self._locale.units["h"].of(2).split()]
        minutes = self._numbers.cardinal(minute) if minute else []
        if seen.after == "बजे" and not minute:
            return hour
        if 0 < minute < 10 and self._locale.language in ("it", "fr"):
            minutes = [*self._numbers.cardinal(0), *minutes]
        return self._locale.time(hour, minutes)

    def _quarter(self, hour: int, minute: int) -> list[str] | None:
        """*Half past five* and the like in Hindi."""
        if minute not in (15, 30, 45) or not 1 <= hour <= 12:
            return None
        parts = {15: (1, 4), 30: (1, 2), 45: (3, 4)}[minute]
        return self._parts.quarter_past(hour % 12 if minute == 45 else hour, parts)

    def date(self, seen: Seen) -> list[str] | None:
        """``3/4/2025``, ``2025-04-03``, and the days and months beside each other."""
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", seen.word):
            return self._day(int(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", seen.word):
            year = int(found[4]) + (0 if len(found[4]) == 4 else 2000)
            return self._day(int(found[1]), int(found[3]), year)
        if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})", seen.word):
            before = seen.before.lower()
            dated = bool(before) and before not in _PRESSURE and seen.word != "24/7"
            day = self._day(int(found[1]), int(found[2]), None) if dated else None
            return day or self._month_of_card(found, before) or self._pair(found)
        if found := re.fullmatch(r"(\d{2,3})/(\d{2,3})", seen.word):
            return self._pair(found)
        if seen.word.isdecimal() and 0 < int(seen.word) < 32 and self._names_month(seen):
            return self._day_number(int(seen.word))
        numbered = seen.before.isdecimal() or (seen.before == "de" and seen.earlier.isdecimal())
        if numbered and seen.word.lower() in self._locale.short_months:
            return [self._locale.months[self._locale.short_months[seen.word.lower()] - 1]]
        return None

    def _month_of_card(self, found: re.Match[str], before: str) -> list[str] | None:
        """``08/27``, which cannot be a day: the month and the year that a card carries."""
        if found[1] not in _MONTHS or int(found[2]) < _EARLIEST:
            return None
        if before in ("el", "le", "il"):
            return [*self._numbers.digits(found[1]), *self._numbers.cardinal(int(found[2]))]
        month = self._locale.months[int(found[1]) - 1]
        said = self._locale.date([], month, self._numbers.amount(2000 + int(found[2]), ""))
        return said[said.index(month) :]

    def _pair(self, found: re.Match[str]) -> list[str]:
        over = [self._locale.over] if found[0] != "24/7" and int(found[1]) > int(found[2]) else []
        first, second = (self._numbers.cardinal(int(found[index])) for index in (1, 2))
        return [*first, *over, *second]

    def _names_month(self, seen: Seen) -> bool:
        following = [word.lower() for word in seen.later if word.lower() not in ("de", "di")][:1]
        return any(
            word in self._locale.months or word in self._locale.short_months for word in following
        )

    def _day(self, day: int, month: int, year: int | None) -> list[str] | None:
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        spoken_year = self._numbers.amount(year, "") if year else []
        return self._locale.date(self._day_number(day), self._locale.months[month - 1], spoken_year)

    def _day_number(self, day: int) -> list[str]:
        if day == 1 and self._locale.first_is_ordinal:
            return self._numbers.ordinal(1)
        return self._numbers.cardinal(day)
