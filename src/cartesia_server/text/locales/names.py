"""Codes, addresses, Roman numerals and weekdays by the tables of a locale."""

from __future__ import annotations

import re

from cartesia_server.text.locales.locale import Locale
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE, Numbers
from cartesia_server.text.seen import Seen

# ruff: noqa: RUF001 -- signs look alike

_ROMAN = re.compile(r"(?=[IVXL])(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})(er|re|ère|e|ème)?")
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z\d]+(?:-[A-Z\d]+)*(?<!\d[KMGTLVWB]B)(?<!\d[KMGTLVW])")
_UNTIL = ("a", "al", "à", "au", "से")
_LONG = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
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
        if self._is_texted(seen):
            return self._numbers.digits(seen.word)
        if seen.word.isdecimal() and len(seen.word) > 3:
            words = (seen.before.lower(), seen.earlier.lower())
            linked = words[0] in self._locale.code_links and words[1] in self._locale.codes
            named = words[0] in self._locale.codes or linked
            if not named and (model := self._model(seen)):
                return model
            pin = self._locale.language == "hi" and len(seen.word) == 6 and words[0] == "-"
            if not named and not pin and len(seen.word) < 10:
                return None
            if self._locale.paired_digits and len(seen.word) == 4:
                return self._pairs(seen.word)
            return self._numbers.digits(seen.word)
        if re.fullmatch(r"\d{3}(?:\.\d{3}){2}-\d\d|\d\d(?:\.\d{3}){2}/\d{4}-\d\d", seen.word) or (
            re.fullmatch(r"\d{5}-\d{3}", seen.word)
        ):
            *groups, last = re.findall(r"\d+", seen.word)
            said = [self._numbers.digits(group) for group in groups]
            paused = [word for words in said for word in [*words[:-1], f"{words[-1]},"]]
            return [*paused, *self._numbers.digits(last)]
        return self._lettered(seen.word)

    def _is_texted(self, seen: Seen) -> bool:
        """The number of an automatic service: ``envíe STOP al 72345``."""
        if not re.fullmatch(r"\d{4,6}", seen.word) or seen.word.endswith("000"):
            return False
        if not {seen.before.lower(), seen.after} & self._locale.texted:
            return False
        return "SMS" in seen.former or any(re.fullmatch("[A-Z]{2,}", w) for w in seen.former[:4])

    def _model(self, seen: Seen) -> list[str] | None:
        """``RTX 4090``: pairs of digits behind capitals, but for years."""
        year = 1900 <= int(seen.word) < 2100
        paired = re.fullmatch(r"([1-9]\d)([1-9]\d)", seen.word)
        maker = re.fullmatch("[A-Z]{2,4}", seen.before) and not seen.cut_before
        if year or not paired or not maker or seen.before in self._locale.currencies:
            return None
        if not seen.cut_after and self._is_counted(seen.after):
            return None
        return [word for pair in paired.groups() for word in self._numbers.cardinal(int(pair))]

    def _is_counted(self, following: str) -> bool:
        """Whether the word behind a number is what it counts: money, a unit, many of something."""
        measures = {*self._locale.currencies, *self._locale.units, *self._locale.magnitudes}
        return following in measures or re.fullmatch(r"[^\W\d]{3,}s", following) is not None

    def _pairs(self, digits: str) -> list[str]:
        *first, last = self._pair(digits[:2])
        return [*first, f"{last},", *self._pair(digits[2:])]

    def _pair(self, digits: str) -> list[str]:
        zero = digits[0] == "0"
        return self._numbers.digits(digits) if zero else self._numbers.cardinal(int(digits))

    def _lettered(self, word: str) -> list[str] | None:
        """``ORD-2024-00815`` and ``IB3142``: groups with pauses between them."""
        if not _CODE.fullmatch(word) or not re.search(r"\d{3}|-.*-|-\d+[A-Z]", word):
            return None
        groups = [re.findall(r"\d+|[A-Z]", group) for group in word.split("-")]
        told = [[name for piece in group for name in self._piece(piece)] for group in groups]
        paused = [word for words in told[:-1] for word in [*words[:-1], f"{words[-1]},"]]
        return [*paused, *told[-1]]

    def _piece(self, piece: str) -> list[str]:
        if piece.isdecimal() and len(piece) == 2:
            return self._pair(piece)
        if piece.isdecimal() and len(piece) == 4 and self._locale.paired_digits:
            return self._pairs(piece)
        return self.characters(piece)

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

    def day(self, seen: Seen) -> list[str] | None:
        """``lun`` before a number, and one end of ``lun. a vie.``."""
        days = self._locale.short_days
        name = days.get(seen.word.lower())
        if name is None or name == seen.word.lower():
            return None
        until = (seen.before in _UNTIL and seen.earlier.lower() in days) or (
            seen.after in _UNTIL and seen.later[1:2] and seen.later[1].lower() in days
        )
        return [name] if until or re.match(r"\d", seen.after) else None

    def drawn_out(self, seen: Seen) -> list[str] | None:
        """``Nooo`` and ``siiiii``."""
        if not _LONG.search(seen.word) or not seen.word.isalpha() or seen.word.isupper():
            return None
        one = _LONG.sub(r"\1", seen.word)
        return [one] if len(one) > 1 else ["um"] if one in "mM" else None

    def _month(self, name: str) -> str:
        if name in self._locale.months:
            return name
        month = self._locale.short_months.get(name)
        return self._locale.months[month - 1] if month else ""

    def address(self, seen: Seen) -> list[str] | None:
        """E-mail addresses, links, files, handles and hashtags."""
        if found := re.fullmatch(r"([#@])(\S*[^\W\d]\S*)", seen.word):
            lead = self._locale.hashtag if found[1] == "#" else self._locale.symbols["@"]
            return [lead, *self._tagged(found[2])]
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

    def _tagged(self, text: str) -> list[str]:
        """What follows ``#`` or ``@``, with the year that it may end in."""
        if found := re.fullmatch(r"(\D+)((?:19|20)\d\d)", text):
            return [*self._tagged(found[1]), *self._numbers.cardinal(int(found[2]))]
        return self._spoken(text) if text.isascii() else [text]

    def _spoken(self, text: str) -> list[str]:
        said: list[str] = []
        for piece in re.findall(r"\d+|[^\W\d_]+|[^\w\s]|_", text):
            if piece.isdecimal():
                said += self._numbers.digits(piece)
            else:
                signs = self._locale.signs
                said += self._locale.symbols.get(piece, signs.get(piece, piece)).split()
        return said

    def joined(self, seen: Seen) -> list[str] | None:
        """Words divided by a slash, or by a dash that is a pause."""
        if re.fullmatch(r"[^\W\d_]+(?:/[^\W\d_]+)+", seen.word):
            return seen.word.split("/")
        if found := re.fullmatch(r"(\d{1,4})/([A-Z])", seen.word):
            return [*self._numbers.cardinal(int(found[1])), found[2]]
        if found := re.fullmatch(r"(\d{1,6})/((?:19|20)\d\d)", seen.word):
            first, second = (self._numbers.cardinal(int(number)) for number in found.groups())
            return [*first, self._locale.symbols["/"], *second]
        if re.fullmatch(r"[^\W\d_]+(?:–[^\W\d_]+)+", seen.word):
            *rest, last = seen.word.split("–")
            return [*(f"{word}," for word in rest), last]
        return None


def _roman_value(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < max(values[index:]) else value for index, value in enumerate(values)
    )
