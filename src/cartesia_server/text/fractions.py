"""Fractions of one character, as all languages share them."""

from __future__ import annotations

from fractions import Fraction
from unicodedata import numeric

SIGNS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
"""For a class of a regular expression."""


def parts(sign: str) -> tuple[int, int]:
    """How many of how many: ``¾`` as 3 and 4."""
    return Fraction(numeric(sign)).limit_denominator(10).as_integer_ratio()
