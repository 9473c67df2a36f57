"""Numbers in the words of many languages, by the rules of the Unicode consortium (CLDR)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

_MOST = 10**15
"""From here on numbers are read digit by digit."""

MASCULINE, FEMININE = "masculine", "feminine"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written.

    Attributes:
        sign: ``-``, ``+`` or empty.
        whole: its digits before the decimal sign.
        decimals: those after it.
    """

    sign: str
    whole: str
    decimals: str

    @property
    def value(self) -> int:
        """The whole part."""
        return int(self.whole)

    @property
    def count(self) -> int:
        """What decides between one and many."""
        return 2 if self.decimals else self.value


class Numbers:
    """The numbers of one language.

    Args:
        language: its primary subtag, ``es``.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def cardinal(self, number: int, gender: str = "") -> list[str]:
        """``21`` as *veintiuno*; before a masculine noun *veintiún*, a feminine one *veintiuna*."""
        if number >= _MOST:
            return self.digits(str(number))
        return self._words(number, f"spellout-cardinal-{gender}" if gender else "")

    def amount(self, value: int, gender: str = "") -> list[str]:
        """A number that counts, or a year: in Hindi those below 2000 go by hundreds."""
        if self._language == "hi" and 1100 <= value < 2000 and value % 100:
            return [*self.cardinal(value // 100), "सौ", *self.cardinal(value % 100)]
        return self.cardinal(value, gender)

    def ordinal(self, number: int, gender: str = MASCULINE) -> list[str]:
        """``3`` as *tercero*."""
        return self._words(number, f"spellout-ordinal-{gender}")

    def digits(self, text: str) -> list[str]:
        """One word for each digit."""
        return [word for digit in text for word in self.cardinal(int(digit))]

    def _words(self, number: int, ruleset: str) -> list[str]:
        rules = _engine(self._language)
        usual = "spellout-numbering"
        asked = ruleset if ruleset in _names(self._language) else usual
        return str(rules.format_number(number, ruleset_names=[asked]).text).split()


@cache
def _engine(language: str) -> RbnfEngine:
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language(language)


@cache
def _names(language: str) -> frozenset[str]:
    rules: Any = _engine(language)
    return frozenset(rules.rulesets)
