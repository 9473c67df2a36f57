"""Whether this machine makes speech as fast as it is heard."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from cartesia_server.engines.base import SpeechChunk
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE

_ENOUGH = 10.0  # seconds of audio to judge by

_log = logging.getLogger(__name__)


class Endurance:
    """Watches streams that are alone, and says once if they cannot keep up. Thread-safe.

    First pieces don't count: they are waited for in any case.

    Args:
        busy: whether other streams are being made.
        clock: tells the time, in seconds.
    """

    def __init__(
        self, busy: Callable[[], bool], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._busy = busy
        self._clock = clock
        self._lock = threading.Lock()
        self._worked = self._lasted = 0.0
        self._told = False

    def watch(self, chunks: Iterator[SpeechChunk]) -> Iterator[SpeechChunk]:
        """Pass on the chunks of a stream."""
        begun = False
        while True:
            alone, began = not self._busy(), self._clock()
            chunk = next(chunks, None)
            if chunk is None:
                return
            # A stream that already makes its next piece is busy, too; it is far from late.
            if begun and alone and not self._busy():
                self._note(self._clock() - began, len(chunk.samples) / SAMPLE_RATE)
            begun = True
            yield chunk

    def _note(self, worked: float, lasted: float) -> None:
        with self._lock:
            self._worked += worked
            self._lasted += lasted
            if self._told or self._lasted < _ENOUGH:
                return
            factor = self._worked / self._lasted
            self._worked = self._lasted = 0.0
            self._told = factor > 1
        if factor > 1:
            _log.warning(
                "Kokoro takes %.1f s for a second of speech on this machine: who listens meanwhile "
                "hears gaps. A voice of Piper is quicker; see docs/operating.md, What machine",
                factor,
                extra={"real_time_factor": round(factor, 2)},
            )
