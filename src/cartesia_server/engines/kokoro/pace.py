"""How much of an utterance is made at a time, so that each piece is there before it is due."""

from __future__ import annotations

import time
from collections.abc import Callable

from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE

SMALLEST = 4
"""Frames of the shortest piece."""

_LARGEST, _SHARED = 64, 32  # frames of any piece, and while others wait for theirs
_LEAST = 12  # frames that are worth a piece, but for a first one that nobody else waits behind
_MARGIN = 6  # frames that a piece costs beside its own
_SHARE = 0.5  # of the time there is, that a piece may take: the processor is not ours alone
_LEAST_COST = 1e-5  # seconds a frame


class Pace:
    """Chooses how many frames the next piece of a stream has.

    Large pieces cost less, but are there later. A piece is twice the one before, if that can be
    made, by how long those before it took, in half the time until it is due.

    Args:
        first: seconds of audio wanted in the first piece.
        busy: whether other streams are being made.
        clock: tells the time, in seconds.
    """

    def __init__(
        self,
        first: float,
        busy: Callable[[], bool],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first = max(round(first * SAMPLE_RATE / FRAME), SMALLEST)
        self._busy = busy
        self._clock = clock
        self._size = 0
        self._began = self._due = 0.0
        self._cost = _LEAST_COST  # seconds a frame

    def begin(self) -> int:
        """Frames of the piece that is made now."""
        self._began = self._clock()
        busy = self._busy()
        if self._size:
            fitting = _SHARE * (self._due - self._began) / self._cost - _MARGIN
            size = max(min(2 * self._size, fitting), _LEAST)
        else:
            size = max(self._first, _LEAST) if busy else self._first
        self._size = min(int(size), _SHARED if busy else _LARGEST)
        return self._size

    def made(self, frames: int, samples: int) -> None:
        """Say that the piece begun last is there: how long it is, and how much of it is heard."""
        now = self._clock()
        self._cost = max((now - self._began) / (frames + _MARGIN), _LEAST_COST)
        self._due = max(self._due, now) + samples / SAMPLE_RATE
