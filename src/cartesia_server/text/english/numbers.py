"""Numbers in English words."""

from __future__ import annotations

MINUS = "-\u2212"
"""Signs of negative numbers."""

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_MOST = 10**15


def cardinal(number: int) -> list[str]:
    """``1984`` as *one thousand nine hundred eighty four*; digit by digit from 10^15."""
    if number >= _MOST:
        return digits(str(number))
    for size, name in _LARGE:
        if number >= size:
            rest = cardinal(number % size) if number % size else []
            return [*cardinal(number // size), name, *rest]
    if number >= 100:
        rest = cardinal(number % 100) if number % 100 else []
        return [_SMALL[number // 100], "hundred", *rest]
    if number >= 20:
        return [_TENS[number // 10], *([_SMALL[number % 10]] if number % 10 else [])]
    return [_SMALL[number]]


def ordinal(number: int) -> list[str]:
    """``21`` as *twenty first*."""
    *words, last = cardinal(number)
    if last in _ORDINALS:
        return [*words, _ORDINALS[last]]
    return [*words, last[:-1] + "ieth" if last.endswith("y") else last + "th"]


def year(number: int) -> list[str]:
    """``1984`` as *nineteen eighty four*, ``1905`` as *nineteen oh five*, ``2007`` as a number."""
    century, rest = divmod(number, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(number)
    if rest == 0:
        return [*cardinal(century), "hundred"]
    return [*cardinal(century), *(["oh", _SMALL[rest]] if rest < 10 else cardinal(rest))]


def decade(number: int) -> list[str]:
    """``1990`` as *nineteen nineties*, ``90`` as *nineties*, ``2000`` as *two thousands*."""
    *words, last = cardinal(number) if number < 100 else year(number)
    return [*words, many(last)]


def many(word: str) -> str:
    """``six`` as *sixes*, ``ninety`` as *nineties*."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")


def decimal(text: str) -> list[str]:
    """Digits with an optional sign, thousands commas and decimal point, as they are read."""
    sign = ["minus"] if text[0] in MINUS else []
    whole, _, fraction = text.lstrip("+" + MINUS).replace(",", "").partition(".")
    words = digits(whole) if len(whole) > 1 and whole[0] == "0" else cardinal(int(whole or "0"))
    return [*sign, *words, *(["point", *digits(fraction)] if fraction else [])]


def digits(text: str) -> list[str]:
    """One word for each digit."""
    return [_SMALL[int(digit)] for digit in text]
