from __future__ import annotations

import re

from cartesia_server.text.rewrite import NARROW, Rewritten


def test_letters_know_where_they_came_from():
    rules = [(re.compile(r"\d"), lambda found: "xyz"[int(found[0])] * 2)]
    rewritten = Rewritten.of("a1b2").by(rules)
    assert rewritten.text == "ayybzz"
    assert rewritten.origins == (0, 1, 1, 2, 3, 3)


def test_what_is_said_is_spread_over_what_it_stands_for():
    rewritten = Rewritten.of("50%").by([(re.compile("50%"), lambda _: "百分之五十")])
    assert rewritten.origins == (0, 0, 1, 1, 2)


def test_a_rule_sees_what_those_before_it_made():
    rules = [
        (re.compile("ab"), lambda _: "c"),
        (re.compile("c"), lambda _: ""),
    ]
    assert Rewritten.of("xaby").by(rules) == Rewritten("xy", (0, 3))


def test_wide_letters_are_made_narrow():
    wide = Rewritten.of("ＡＢ１２：３０，好：１，２３４，５")  # noqa: RUF001
    assert wide.by([NARROW]).text == "AB12:30，好：1,234，5"  # noqa: RUF001
