"""The embedding of a voice."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

Embedding: TypeAlias = list[float]
"""A voice as a point in the voice space: 192 numbers."""


class NumberArray(Protocol):
    """An array of numpy or of another library; it is sent as a list."""

    def tolist(self) -> Any:
        """The numbers as a list."""
        ...
