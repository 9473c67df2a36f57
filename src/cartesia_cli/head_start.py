"""When speech that is still being made is played, so that it does not stop in the middle."""

from __future__ import annotations

import math

_TELLING = 0.3  # seconds of audio, after the first piece, that tell how fast it comes
_EASY = 0.6  # real-time factor up to which nothing is held back
_PIECE = 1.0  # seconds that may pass until the next piece is there
_AHEAD = 30.0  # seconds of audio that follow without a gap; after each gap, twice as much


class HeadStart:
    """Holds back the beginning of speech that comes slower than it is heard.

    Else each piece would be late, and the listener hear a gap before it. So there is one wait, at
    the beginning, and few others in speech of minutes.

    Attributes:
        factor: seconds in which a second of audio arrives; 0 until that can be told.
    """

    def __init__(self) -> None:
        self.factor = 0.0
        self._began: float | None = None
        self._since = 0.0  # seconds of audio that arrived since it began
        self._held = 0.0
        self._heard_until = -math.inf
        self._ahead = _AHEAD

    def arrived(self, seconds: float, now: float) -> bool:
        """Take note of so much audio; whether it should be played, with what was held back."""
        self._held += seconds
        if self._began is None:  # what the first piece took says little about the others
            self._began = now
            return False
        self._since += seconds
        if self._since < _TELLING:
            return False
        self.factor = (now - self._began) / self._since
        if now >= self._heard_until:  # nothing is to be heard now
            if self._held < self._needed():
                return False
            self._ahead *= 2
        self._heard_until = max(self._heard_until, now) + self._held
        self._held = 0.0
        return True

    def _needed(self) -> float:
        """Seconds of audio with which to begin."""
        if self.factor <= _EASY:
            return 0.0
        return _PIECE + max(self.factor - 1, 0.0) * self._ahead
