"""What tells a pause from the end of a turn by its sound.

A detector is found by entry point, in the group ``cartesia_server.turn_detectors``: each names a
function ``find(settings)`` that returns one, or None where it has none. A server can do without.
"""

from __future__ import annotations

from typing import Protocol

from cartesia_server.engines.base import Samples

LISTEN_AFTER = 0.192
"""Seconds of silence after which a `TurnDetector` is asked."""


class TurnDetector(Protocol):
    """Tells from how somebody sounds who falls silent whether they have finished. Thread-safe."""

    def finished(self, samples: Samples) -> float:
        """The probability, 0 to 1, that they have.

        Args:
            samples: the turn so far, mono float32 at 16 kHz, with the first `LISTEN_AFTER` seconds
                of the silence.
        """
