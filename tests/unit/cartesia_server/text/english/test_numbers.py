from __future__ import annotations

import pytest

from cartesia_server.text.english.numbers import cardinal, decade, decimal, ordinal, year


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (19, "nineteen"),
        (20, "twenty"),
        (101, "one hundred one"),
        (1984, "one thousand nine hundred eighty four"),
        (2_000_017, "two million seventeen"),
        (10**15, "one" + " zero" * 15),
    ],
)
def test_cardinal(number, words):
    assert " ".join(cardinal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "first"), (2, "second"), (12, "twelfth"), (20, "twentieth"), (31, "thirty first")],
)
def test_ordinal(number, words):
    assert " ".join(ordinal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1984, "nineteen eighty four"),
        (1905, "nineteen oh five"),
        (1900, "nineteen hundred"),
        (2007, "two thousand seven"),
        (2024, "twenty twenty four"),
    ],
)
def test_year(number, words):
    assert " ".join(year(number)) == words


@pytest.mark.parametrize(
    ("number", "words"), [(1990, "nineteen nineties"), (80, "eighties"), (2000, "two thousands")]
)
def test_decade(number, words):
    assert " ".join(decade(number)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3.14", "three point one four"),
        ("-5", "minus five"),
        ("1,250.5", "one thousand two hundred fifty point five"),
        (".5", "zero point five"),
        ("007", "zero zero seven"),
    ],
)
def test_decimal(text, words):
    assert " ".join(decimal(text)) == words
