"""What one stream of speech was like, for the metrics and for the log."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from cartesia_server.errors import as_server_error
from cartesia_server.metrics import Metrics
from cartesia_server.sessions.speech import SpeechPiece

Outcome: TypeAlias = Literal["done", "cancelled", "disconnected", "refused", "failed"]
"""Why a stream ended: all was said; its caller cancelled it; the connection ended before; what was
asked cannot be spoken; the server failed."""


class SpeechMeter:
    """Measures one stream of speech: a file, an event stream, or a context of a socket.

    Times are seconds of any one clock.

    Args:
        metrics: of the server.
        route: that it was asked of, as a template.
        engine: name of the one that speaks.

    Attributes:
        outcome: why it ended; None while it goes on.
        audio_seconds: of speech so far.
    """

    def __init__(self, metrics: Metrics, route: str, engine: str) -> None:
        self._streams = metrics.streams
        self._labels = route, engine
        self._first = metrics.first_audio.labels(route, engine)
        self._audio = metrics.audio.labels(engine)
        self._compute = metrics.compute.labels(engine)
        self._characters = metrics.characters.labels(engine)
        self._asked_at: float | None = None
        self._first_audio: float | None = None
        self._given = 0
        self.outcome: Outcome | None = None
        self.audio_seconds = 0.0

    @property
    def notes(self) -> dict[str, Any]:
        """What the log says of it."""
        return {
            "characters": self._given,
            "first_audio": self._first_audio and round(self._first_audio, 4),
            "audio_seconds": round(self.audio_seconds, 3),
            "ended": self.outcome,
        }

    def asked(self, characters: int, at: float) -> None:
        """Note a text.

        Args:
            characters: of it.
            at: when it could be spoken.
        """
        if self._asked_at is None:
            self._asked_at = at
        self._given += characters
        self._characters.inc(characters)

    def made(self, piece: SpeechPiece, now: float) -> None:
        """Note a piece that is about to be sent."""
        self._compute.inc(piece.step_time / 1000)
        self._audio.inc(piece.seconds)
        self.audio_seconds += piece.seconds
        # A header alone is no audio, and encoders hold some back at first.
        is_audio = piece.audio and self.audio_seconds
        if is_audio and self._first_audio is None and self._asked_at is not None:
            self._first_audio = now - self._asked_at
            self._first.observe(self._first_audio)

    def end(self, outcome: Outcome) -> None:
        """Note why it ended; the first reason counts."""
        if self.outcome is None:
            self.outcome = outcome
            self._streams.labels(*self._labels, outcome).inc()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Be in progress for the length of a ``with`` block; the way out of it tells the reason."""
        try:
            yield
        except BaseException as error:
            self.end(outcome_of(error))
            raise
        self.end("done")


def outcome_of(error: BaseException) -> Outcome:
    """Why a stream ended that an exception ended."""
    if isinstance(error, asyncio.CancelledError):
        return "disconnected"
    return "refused" if as_server_error(error).status < 500 else "failed"
