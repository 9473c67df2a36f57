"""A transcript that arrives as tokens do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from cartesia_server.text.markup import Piece
from cartesia_server.text.transcript import TranscriptReader


def read_in_pieces(text: str, sizes: Sequence[int]) -> list[Piece]:
    """What comes of a text that arrives in pieces of these sizes, over and over."""
    reader = TranscriptReader()
    pieces: list[Piece] = []
    start = 0
    for size in cycle(sizes):
        if start >= len(text):
            break
        reader.add(text[start : start + size])
        pieces += reader.cut()
        start += size
    return [*pieces, *reader.flush()]
