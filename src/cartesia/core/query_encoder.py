"""Query parameters and form fields as the API reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def encode_query(query: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Flatten query parameters into pairs of text.

    Values that are None are left out. Booleans become `true` and `false`, a list becomes one
    pair for each of its items, and a mapping in a value adds its keys in brackets:
    `{"a": {"b": 1}}` becomes `a[b]=1`.
    """
    return list(_pairs(query.items())) if query else []


def encode_text(value: Any) -> str:
    """One value as text: booleans in lower case as in JSON, all else as `str` writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _pairs(items: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, str]]:
    for key, value in items:
        if value is None:
            continue
        if isinstance(value, Mapping):
            yield from _pairs((f"{key}[{name}]", item) for name, item in value.items())
        elif isinstance(value, (list, tuple)):
            yield from _pairs((key, item) for item in value)
        else:
            yield key, encode_text(value)
