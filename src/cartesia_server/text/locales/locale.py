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


def days(names: str) -> dict[str, str]:
    """Weekdays by their names and by the first three letters, with and without accents."""
    plain = str.maketrans("áéìíóç", "aeiioc")
    return {
        short: name.partition("-")[0]
        for name in names.split()
        for short in (name, name[:3], name[:3].translate(plain))
    }


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
        per, per_unit: what is said for each of something, by its name and before a unit.
        magnitudes: what multiplies an amount of money, with `million_of` before its unit.
        plain_magnitudes: those of them without it.
        fractions: one and many of each part, by how many make a whole.
        half_feminine: one half of what is feminine.
        half_after: one half behind a whole, of what is masculine and of what is feminine.
        quarters: whether halves and quarters behind a whole are words of their own, as in Hindi.
        and_part: between a whole and its fraction.
        bare_half: whether half of something has no number.
        rating: so many of so many, with a place for each number.
        one_million: the singular of the magnitude ``M``.
        by: between the numbers of a product, if it is not the sign of one.
        scores: words near ``3x1`` that is a result.
        texted: words before the number of an automatic service: ``STOP al 72345``.
        over: between the numbers of a blood pressure.
        before_dates: words before ``3/4`` that is a date.
        before_numbers: abbreviations before numbers.
        codes, code_links: words before a number that is typed, and those between.
        sections: words before a Roman numeral that counts.
        short_days: weekdays by their names, cut short or not.
        spelled: capitals that espeak-ng reads as a word.
        feminines, masculines: nouns whose gender their ending does not tell.
        hashtag: what ``#`` is called before a word.
        few_ordinals, ordinal_endings: ordinals that are written as a number and an ending.
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
    per: Mapping[str, str] = field(default_factory=dict)
    per_unit: str = ""
    magnitudes: Mapping[str, str] = field(default_factory=dict)
    plain_magnitudes: frozenset[str] = frozenset()
    fractions: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    half_feminine: str = ""
    half_after: tuple[str, str] = ("", "")
    quarters: bool = False
    and_part: str = ""
    bare_half: bool = True
    rating: str = "{} {}"
    one_million: str = ""
    by: str = ""
    scores: frozenset[str] = frozenset()
    texted: frozenset[str] = frozenset()
    over: str = ""
    before_dates: frozenset[str] = frozenset()
    before_numbers: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    code_links: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    short_days: Mapping[str, str] = field(default_factory=dict)
    spelled: frozenset[str] = frozenset()
    feminines: frozenset[str] = frozenset()
    masculines: frozenset[str] = frozenset()
    hashtag: str = "hashtag"
    few_ordinals: Mapping[str, str] = field(default_factory=dict)
    ordinal_endings: frozenset[str] = frozenset()
