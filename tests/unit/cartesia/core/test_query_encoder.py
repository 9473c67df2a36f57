from __future__ import annotations

from cartesia.core.query_encoder import encode_query, encode_text


def test_values_become_text_as_the_api_reads_it() -> None:
    assert encode_query({"a": 1, "b": True, "c": None, "d": "x y"}) == [
        ("a", "1"),
        ("b", "true"),
        ("d", "x y"),
    ]
    assert encode_query(None) == encode_query({}) == []


def test_lists_repeat_and_mappings_nest() -> None:
    query = {"expand[]": ["embedding", "is_starred"], "voice": {"id": "v", "tags": [1, {"k": 2}]}}
    assert encode_query(query) == [
        ("expand[]", "embedding"),
        ("expand[]", "is_starred"),
        ("voice[id]", "v"),
        ("voice[tags]", "1"),
        ("voice[tags][k]", "2"),
    ]


def test_booleans_are_lower_case() -> None:
    assert [encode_text(value) for value in (True, False, 0, "True")] == [
        "true",
        "false",
        "0",
        "True",
    ]
