"""Speech as the events of ``/tts/sse`` and ``/tts/websocket``."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from cartesia.wire.base import WireModel
from cartesia.wire.tts import (
    PhonemeTimestamps,
    WebSocketResponse_Chunk,
    WebSocketResponse_Done,
    WebSocketResponse_FlushDone,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
    WordTimestamps,
)
from cartesia_server.sessions.speech import SpeechPiece
from cartesia_server.sessions.timing import TimedText

_MORE_FOLLOWS, _ALL_SENT = 206, 200

_CHUNK_BYTES = 1 << 16
"""Audio in one event. Clients refuse messages over 1 MiB; a multiple of every sample's width."""


def speech_events(
    piece: SpeechPiece, *, context_id: str | None, flush_id: int | None = None
) -> Iterator[WireModel]:
    """The events that carry one piece of speech, its audio first."""
    common: dict[str, Any] = {
        "status_code": _MORE_FOLLOWS,
        "done": False,
        "context_id": context_id,
        "flush_id": flush_id,
    }
    for start in range(0, len(piece.audio), _CHUNK_BYTES):
        yield WebSocketResponse_Chunk(
            **common,
            data=base64.b64encode(piece.audio[start : start + _CHUNK_BYTES]).decode("ascii"),
            step_time=0.0 if start else piece.step_time,
        )
    if piece.words:
        words, starts, ends = _columns(piece.words)
        yield WebSocketResponse_Timestamps(
            **common,
            word_timestamps=WordTimestamps(words=words, start=starts, end=ends),
        )
    if piece.phonemes:
        phonemes, starts, ends = _columns(piece.phonemes)
        yield WebSocketResponse_PhonemeTimestamps(
            **common,
            phoneme_timestamps=PhonemeTimestamps(phonemes=phonemes, start=starts, end=ends),
        )


def flush_done_event(context_id: str, flush_id: int) -> WireModel:
    """The event after the last audio of a flushed segment."""
    return WebSocketResponse_FlushDone(
        status_code=_MORE_FOLLOWS,
        done=False,
        context_id=context_id,
        flush_id=flush_id,
        flush_done=True,
    )


def done_event(context_id: str | None) -> WireModel:
    """The last event of a context or stream that went well."""
    return WebSocketResponse_Done(status_code=_ALL_SENT, done=True, context_id=context_id)


def _columns(timed: Sequence[TimedText]) -> tuple[list[str], list[float], list[float]]:
    return [one.text for one in timed], [one.start for one in timed], [one.end for one in timed]
