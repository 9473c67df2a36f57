"""How much of an utterance is made at a time, so that each piece is there before it is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE

# Frames that a piece may have: a few sizes, as the graphs keep a plan of their memory for each.
_ALONE = (8, 12, 16, 24, 32, 48, 64)
_AMONG_OTHERS = _ALONE[1:5]  # they wait for each piece, and small ones cost more
_MARGIN = 6  # frames that a piece costs beside its own
_SHARE = 0.5  # of the time there is, that a piece may take: the processor is not ours alone
_FRAME_SECONDS = FRAME / SAMPLE_RATE
_LARGEST_LATE = 32  # frames of a piece that is late in any case
_LEAST_COST = 1e-5  # seconds a frame


class Pace:
    """Chooses how many frames the next piece of a stream has.

    Large pieces cost less, but are there later. A piece is up to twice the one before, as can be
    made, by how long those before it took, in half the time until it is due. Where the machine is
    so slow that small pieces take longer than they last, each would be late and the next one later:
    there a piece is as large as it must be to keep up.

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
        self._first = round(first * SAMPLE_RATE / FRAME)
        self._busy = busy
        self._clock = clock
        self._size = 0
        self._began = self._due = 0.0
        self._cost = _LEAST_COST  # seconds a frame

    def begin(self) -> int:
        """Frames of the piece that is made now."""
        self._began = self._clock()
        sizes = _AMONG_OTHERS if self._busy() else _ALONE
        wanted: float = self._first
        if self._size:
            fitting = _SHARE * (self._due - self._began) / self._cost - _MARGIN
            wanted = min(2 * self._size, max(fitting, self._keeping_up(sizes)))
        self._size = max((size for size in sizes if size <= wanted), default=sizes[0])
        return self._size

    def made(self, frames: int, samples: int) -> None:
        """Say that the piece begun last is there: how long it is, and how much of it is heard."""
        now = self._clock()
        self._cost = max((now - self._began) / (frames + _MARGIN), _LEAST_COST)
        self._due = max(self._due, now) + samples / SAMPLE_RATE

    def _keeping_up(self, sizes: Sequence[int]) -> int:
        """The least frames that are made in the time that they last."""
        enough = (size for size in sizes if self._cost * (size + _MARGIN) < size * _FRAME_SECONDS)
        # Larger ones cost hardly less, and their beginning is there no sooner than their end.
        return min(next(enough, _LARGEST_LATE), _LARGEST_LATE)
