"""Leaving out what was not given."""

from __future__ import annotations

from cartesia.core import remove_none_from_dict


def test_only_none_at_the_top_is_left_out() -> None:
    given = {"a": None, "b": 0, "c": "", "d": {"e": None}}
    assert remove_none_from_dict(given) == {"b": 0, "c": "", "d": {"e": None}}
    assert given["a"] is None
