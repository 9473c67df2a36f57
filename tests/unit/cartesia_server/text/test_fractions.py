from __future__ import annotations

from cartesia_server.text import fractions


def test_each_sign_is_some_of_ten_or_less():
    assert [fractions.parts(sign) for sign in "½⅔¾⅖⅚⅐⅞⅒"] == [
        (1, 2),
        (2, 3),
        (3, 4),
        (2, 5),
        (5, 6),
        (1, 7),
        (7, 8),
        (1, 10),
    ]
    assert all(part < whole <= 10 for part, whole in map(fractions.parts, fractions.SIGNS))
