"""Leaving out what was not given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def remove_none_from_dict(original: Mapping[str, Any | None]) -> dict[str, Any]:
    """A copy without the keys whose value is None; values inside values stay."""
    return {key: value for key, value in original.items() if value is not None}
