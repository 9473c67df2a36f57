"""What it takes to know about a language to read numbers and signs in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cartesia_server.text.locales.numbers import FEMININE, MASCULINE


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted.

    Attributes:
        one: the singular.
        many: the plural.
        gender: `MASCULINE` or `FEMININE`.
    """

    one: str
    many: str
    gender: str = MASCULINE

    def of(self, number: int) -> str:
        """The form after a number."""
        return self.one if number == 1 else self.many


@dataclass(frozen=True, slots=True)
class Currency:
    """A unit of money and its hundredth."""

    unit: Noun
    cent: Noun


def noun(one: str, many: str = "", *, feminine: bool = False) -> Noun:
    """Make a noun; many of it end in ``s`` unless told."""
    return Noun(one, many or one + "s", FEMININE if feminine else MASCULINE)


@dataclass(frozen=True, slots=True)
class Locale:
    """One language.

    Attributes:
        language: its primary subtag.
        comma: how the decimal sign is called.
        months: names of the twelve.
        short_months: their abbreviations.
        date: how a date is said: words for day, month and year (or none) to words.
        time: how a time is said: hour, minutes, and whether the hour's noun was written.
        currencies: by sign and code.
        units: by sign in lower case.
        abbreviations: by their lower case, without the last full stop.
        signs: by sign.
        symbols: names of what stands in addresses.
        minus, to, cents_join, million_of: words between numbers.
        ordinal_marks: by what follows the digits of an ordinal, its gender.
        decimal_point: whether the decimal sign is a point.
        paired_digits: whether telephone numbers are read in pairs.
        read_decimals: whether decimals are read as a number.
        ruler_ordinals: up to which Roman numeral a ruler's is an ordinal.
        century_ordinals: up to which a century's is.
        centuries: what centuries are called.
    """

    language: str
    comma: str
    months: tuple[str, ...]
    short_months: Mapping[str, int]
    date: Callable[[list[str], str, list[str]], list[str]]
    time: Callable[[list[str], list[str]], list[str]]
    currencies: Mapping[str, Currency]
    units: Mapping[str, Noun]
    abbreviations: Mapping[str, str]
    signs: Mapping[str, str]
    symbols: Mapping[str, str]
    minus: str
    to: str
    cents_join: str
    million_of: str = ""
    ordinal_marks: Mapping[str, str] = field(default_factory=dict)
    decimal_point: bool = False
    paired_digits: bool = False
    read_decimals: bool = True
    ruler_ordinals: int = 0
    century_ordinals: int = 0
    centuries: tuple[str, ...] = ()
    hour_gender: str = FEMININE
    first_is_ordinal: bool = True
