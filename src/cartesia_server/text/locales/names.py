"""Codes, addresses, Roman numerals and weekdays by the tables of a locale."""

from __future__ import annotations

import re

from cartesia_server.text.locales.locale import Locale
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE, Numbers
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- signs look alike

_ROMAN = re.compile(r"(?=[IVXL])(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})(er|re|ère|e|ème)?")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_DOMAINS = (
    "com|org|net|io|es|fr|it|pt|br|in|mx|ar|co|cl|pe|eu|us|uk|de|ch|ca|be|gov|edu|info|tv|app|dev"
    "|ai|me"
)
_FILES = "py|js|ts|html|css|json|txt|csv|pdf|docx?|xlsx?|zip|md|png|jpe?g|mp[34]|exe|sh"


class Names:
    """What names something and counts nothing, as one language reads it.

    Args:
        locale: its tables.
        numbers: its numbers.
    """

    def __init__(self, locale: Locale, numbers: Numbers) -> None:
        self._locale = locale
        self._numbers = numbers

    def code(self, seen: Seen) -> list[str] | None:
        """Numbers that are typed: after words such as *PIN*, in groups, or too long to count."""
        if seen.word in self._locale.spelled:
            return list(seen.word)
        if seen.word.isdecimal() and len(seen.word) > 3:
            words = (seen.before.lower(), seen.earlier.lower())
            linked = words[0] in self._locale.code_links and words[1] in self._locale.codes
            named = words[0] in self._locale.codes or linked
            return self._numbers.digits(seen.word) if named or len(seen.word) > 9 else None
        if re.fullmatch(r"\d{3}(?:\.\d{3}){2}-\d\d|\d\d(?:\.\d{3}){2}/\d{4}-\d\d", seen.word) or (
            re.fullmatch(r"\d{5}-\d{3}", seen.word)
        ):
            *groups, last = re.findall(r"\d+", seen.word)
            said = [self._numbers.digits(group) for group in groups]
            paused = [word for words in said for word in [*words[:-1], f"{words[-1]},"]]
            return [*paused, *self._numbers.digits(last)]
        return None

    def characters(self, text: str) -> list[str]:
        """Digits in words, and letters by themselves."""
        return [
            name
            for one in text
            for name in (self._numbers.digits(one) if one.isdecimal() else [one])
        ]

    def version(self, seen: Seen) -> list[str] | None:
        """``2.0.1`` and ``192.168.1.1``: number by number."""
        found = re.fullmatch(r"[vV]?(\d+(?:\.\d+){2,})", seen.word)
        if not found:
            return None
        first, *rest = (self._numbers.cardinal(int(part)) for part in found[1].split("."))
        point = self._locale.symbols["."]
        return [*first, *(word for part in rest for word in (point, *part))]

    def roman(self, seen: Seen) -> list[str] | None:
        """``siglo XXI``, ``Felipe VI``, ``capítulo IV``."""
        found = _ROMAN.fullmatch(seen.word)
        if not found or not (found[1] or found[2]) or seen.word == "Le":
            return None
        lone = found.end(2) == 1 and found[3] in (None, "e", "ème")
        century = {seen.before.lower(), seen.after.lower()} & set(self._locale.centuries)
        if lone and not century:
            return None
        number = _roman_value(seen.word[: found.end(2)])
        if found[3]:
            return self._numbers.ordinal(
                number, FEMININE if found[3] in ("re", "ère") else MASCULINE
            )
        section = seen.before.lower() in self._locale.sections
        named = len(seen.word) > 1 and seen.before[1:].islower() and seen.before[0].isupper()
        if not century and not named and not section:
            return None
        most = self._locale.century_ordinals if century else self._locale.ruler_ordinals
        if number > most or (section and not named):
            return self._numbers.cardinal(number)
        queen = not century and self._is_queen(seen.before)
        return self._numbers.ordinal(number, FEMININE if queen else MASCULINE)

    def _is_queen(self, name: str) -> bool:
        if self._locale.language == "fr":
            return False
        return name.endswith("a") or name in ("Isabel", "Beatriz", "Elizabeth", "Inés")

    def weekdays(self, seen: Seen) -> list[str] | None:
        """``lun-vie``: a range of days or months that are cut short."""
        ends = re.split(r"[-–/]", seen.word.lower().replace(".", ""))
        if len(ends) != 2:
            return None
        names = [self._locale.short_days.get(end) or self._month(end) for end in ends]
        return [names[0], self._locale.to, names[1]] if names[0] and names[1] else None

    def _month(self, name: str) -> str:
        if name in self._locale.months:
            return name
        month = self._locale.short_months.get(name)
        return self._locale.months[month - 1] if month else ""

    def address(self, seen: Seen) -> list[str] | None:
        """E-mail addresses, links, files, handles and hashtags."""
        if found := re.fullmatch(r"([#@])(\S*[^\W\d]\S*)", seen.word):
            lead = self._locale.hashtag if found[1] == "#" else self._locale.symbols["@"]
            return [lead, *(self._spoken(found[2]) if found[2].isascii() else [found[2]])]
        mail = re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", seen.word)
        link = re.fullmatch(
            rf"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:{_DOMAINS})(?:/\S*)?"
            rf"|(?:[\w-]+/)*[\w-]+\.(?:{_FILES})",
            seen.word,
            re.IGNORECASE,
        )
        if not mail and not link:
            return None
        bare = re.sub(r"^https?://(?:www\.)?", "", seen.word, flags=re.IGNORECASE)
        return self._spoken(bare.strip("/"))

    def _spoken(self, text: str) -> list[str]:
        said: list[str] = []
        for piece in re.findall(r"\d+|[^\W\d_]+|[^\w\s]|_", text):
            if piece.isdecimal():
                said += self._numbers.digits(piece)
            else:
                said += self._locale.symbols.get(piece, piece).split()
        return said

    def joined(self, seen: Seen) -> list[str] | None:
        """Words divided by a slash, or by a dash that is a pause."""
        if re.fullmatch(r"[^\W\d_]+(?:/[^\W\d_]+)+", seen.word):
            return seen.word.split("/")
        if re.fullmatch(r"[^\W\d_]+(?:–[^\W\d_]+)+", seen.word):
            *rest, last = seen.word.split("–")
            return [*(f"{word}," for word in rest), last]
        return None


def _roman_value(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < max(values[index:]) else value for index, value in enumerate(values)
    )
