from __future__ import annotations

import pytest

from cartesia_server.text.english.primes import primed

# ruff: noqa: RUF001 -- primes look like quotation marks


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('a 55" screen', "a 55″ screen"),
        ('12" x 8" x 4"', "12″ x 8″ x 4″"),
        ("a 5' x 7' rug", "a 5′ x 7′ rug"),
        ("she is 5'10\" tall", "she is 5′10″ tall"),
        ('"I have 5" and "6"', '"I have 5" and "6"'),
        ("“I have 5”", "“I have 5”"),
        ("the '90s and 5's", "the '90s and 5's"),
    ],
)
def test_marks_after_numbers(text, wanted):
    assert primed(text) == wanted
