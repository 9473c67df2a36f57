"""The embedding of a voice."""

from __future__ import annotations

from typing import TypeAlias

Embedding: TypeAlias = list[float]
"""A voice as a point in the voice space: 192 numbers."""
