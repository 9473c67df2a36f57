"""Feet and inches: quotation marks that are units, told from those that quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

# ruff: noqa: RUF001, RUF002 -- primes look like quotation marks

_FEET = re.compile(r"(?:(?<![\w'’+.,])|(?<=['’][x×]))(\d{1,3})['’](?=\d{0,2}[\s,.;:)″x×]|$)")


def primed(text: str) -> str:
    """An English text with ``5'`` and ``12"`` as ``5′`` and ``12″``, of the same length.

    A mark after a number is a unit unless it closes a quotation that is open.
    """
    return _FEET.sub(r"\1′", "".join(_with_inches(text)))


def _with_inches(text: str) -> Iterator[str]:
    quoting = False
    for before, letter in pairwise(" " + text):
        if letter in '"”' and before.isdecimal() and not quoting:
            yield "″"
            continue
        if letter in '"“”':
            quoting = letter == "“" or (letter == '"' and not quoting)
        yield letter
