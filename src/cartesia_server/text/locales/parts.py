"""Fractions, and what they are fractions of, by the tables of a locale."""

from __future__ import annotations

import re

from cartesia_server.text import fractions
from cartesia_server.text.locales.gender import gender
from cartesia_server.text.locales.locale import Locale
from cartesia_server.text.locales.numbers import FEMININE, MASCULINE, Number, Numbers
from cartesia_server.text.punctuation import word_set
from cartesia_server.text.seen import Seen

OF = ("de", "del", "des", "du", "di", "dei", "delle", "degli", "da", "do", "dos", "das")
_SIGN = re.compile(rf"(\d*)([{fractions.SIGNS}])")
_QUOTIENT = re.compile(r"(\d{1,2})/(\d{1,2})")
_NO_NOUNS = word_set(
    "de del des du di dei delle degli da do dos das y e et o ou a à en em in por para con com avec "
    "al el la le il lo un una une um uma más menos plus mais que che und"
)


class Parts:
    """Fractions as one language reads them.

    Args:
        locale: its tables.
        numbers: its numbers.
    """

    def __init__(self, locale: Locale, numbers: Numbers) -> None:
        self._locale = locale
        self._numbers = numbers

    def whole(self, seen: Seen) -> list[str] | None:
        """The ``1`` of ``1 ½ tazas``: *una taza y media*."""
        if not seen.word.isdecimal() or seen.cut_after or len(seen.later) < 2:
            return None
        if self._mixed(seen.after, seen.word) is None:
            return None
        if self._locale.quarters:
            return []
        noun = self._noun(seen.later[1])
        return self._numbers.cardinal(int(seen.word), noun[1]) if noun else None

    def noun(self, seen: Seen) -> list[str] | None:
        """The ``tazas`` of ``1 ½ tazas`` and ``1½ tazas``: *taza y media*."""
        mixed = None if seen.cut_before else self._mixed(seen.before, seen.earlier)
        noun = self._noun(seen.word) if mixed and not self._locale.quarters else None
        if mixed is None or noun is None:
            return None
        whole, parts = mixed
        name, kind = noun
        name = self._singular(name) if whole == 1 else name
        return [*name.split(), *self._behind(parts, kind)]

    def fraction(self, seen: Seen) -> list[str] | None:
        """``3/4`` but after what dates follow, ``½`` and ``1 ½``."""
        mixed = self._mixed(seen.word, seen.before)
        if mixed is not None:
            return self._with_whole(seen, *mixed)
        if found := _SIGN.fullmatch(seen.word):
            parts = fractions.parts(found[2])
        elif found := _QUOTIENT.fullmatch(seen.word):
            parts = int(found[1]), int(found[2])
            dated = seen.before.lower() in self._locale.before_dates or parts[1] > 4
            if parts[0] >= parts[1] or (dated and seen.after not in OF):
                return None
        else:
            return None
        names = self._locale.fractions.get(parts[1])
        if names is None:
            return None
        one = Number("", "1", "")
        half = parts == (1, 2) and gender(self._locale, seen.after, one) == FEMININE
        name = self._locale.half_feminine if half else names[parts[0] > 1]
        halved = parts == (1, 2) and seen.after[:1].isalpha() and seen.after not in OF
        if halved and self._locale.bare_half:
            return [name]
        return [*self._numbers.cardinal(parts[0], FEMININE if half else MASCULINE), name]

    def quarter_past(self, whole: int, parts: tuple[int, int]) -> list[str] | None:
        """Hindi *one and a half*, which is a word, and the like; also of the clock."""
        if parts == (1, 2):
            name = {1: "डेढ़", 2: "ढाई"}.get(whole)
            return [name] if name else ["साढ़े", *self._numbers.cardinal(whole)]
        if parts == (1, 4):
            return ["सवा", *(self._numbers.cardinal(whole) if whole > 1 else [])]
        return ["पौने", *self._numbers.cardinal(whole + 1)] if parts == (3, 4) else None

    def _with_whole(self, seen: Seen, whole: int, parts: tuple[int, int]) -> list[str]:
        apart = seen.word[0] not in "0123456789" or "/" in seen.word
        if self._locale.quarters and (told := self.quarter_past(whole, parts)):
            return told
        noun = None if seen.cut_after else self._noun(seen.after)
        lead = [] if apart else self._numbers.cardinal(whole, noun[1] if noun else "")
        return lead if noun else [*lead, *self._behind(parts, MASCULINE)]

    def _behind(self, parts: tuple[int, int], kind: str) -> list[str]:
        """A fraction behind a whole: *y media*."""
        join = self._locale.and_part.split()
        if parts == (1, 2):
            return [*join, self._locale.half_after[kind == FEMININE]]
        name = self._locale.fractions[parts[1]][parts[0] > 1]
        return [*join, *self._numbers.cardinal(parts[0], MASCULINE), name]

    def _mixed(self, word: str, before: str) -> tuple[int, tuple[int, int]] | None:
        """A whole number and its fraction, in one word or two."""
        if found := _SIGN.fullmatch(word):
            whole, parts = found[1] or before, fractions.parts(found[2])
        elif found := _QUOTIENT.fullmatch(word):
            whole, parts = before, (int(found[1]), int(found[2]))
        else:
            return None
        told = whole.isdecimal() and parts[0] < parts[1] and parts[1] in self._locale.fractions
        return (int(whole), parts) if told else None

    def _noun(self, word: str) -> tuple[str, str] | None:
        """What is counted, by a word or the sign of a unit: its plural and its gender."""
        unit = self._locale.units.get(word.lower())
        if unit is not None:
            return unit.many, unit.gender
        if not word.isalpha() or len(word) < 2 or word in _NO_NOUNS:
            return None
        return word, gender(self._locale, word, Number("", "1", "")) or MASCULINE

    def _singular(self, name: str) -> str:
        head, space, tail = name.partition(" ")
        if self._locale.language == "it":
            endings = {"e": "a", "i": "o"}
            one = head[:-1] + endings.get(head[-1], head[-1])
            return (head[:-2] + "aio" if head.endswith("ai") else one) + space + tail
        return head.removesuffix("s") + space + tail
