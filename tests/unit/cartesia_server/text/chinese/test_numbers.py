from __future__ import annotations

import pytest

from cartesia_server.text.chinese.numbers import cardinal, decimal, digits


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "零"),
        ("007", "七"),
        ("10", "十"),
        ("15", "十五"),
        ("20", "二十"),
        ("101", "一百零一"),
        ("111", "一百一十一"),
        ("1010", "一千零一十"),
        ("1205", "一千二百零五"),
        ("10000", "一万"),
        ("10010", "一万零一十"),
        ("100000", "十万"),
        ("100001000", "一亿零一千"),
        ("2000000000", "二十亿"),
        ("1000000000000", "一万亿"),
        ("12345678901234567", "一二三四五六七八九零一二三四五六七"),
    ],
)
def test_cardinal(number, said):
    assert cardinal(number) == said


def test_decimal():
    assert decimal("-1,205.50") == "负一千二百零五点五零"
    assert decimal("3.14") == "三点一四"


def test_digits():
    assert digits("010-24") == "零一零二四"
