"""What a program gets from a WebSocket for text to speech."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel
from cartesia.wire.tts.responses import (
    PhonemeTimestamps,
    PhonemeTimestampsParams,
    WordTimestamps,
    WordTimestampsParams,
)
from cartesia.wire.tts.values import ContextId, FlushId


class WebSocketTtsOutput(WireModel):
    """Something heard or timed; in a stream, each output carries one kind of content.

    Attributes:
        audio: audio in the format that was asked for.
        word_timestamps: when words are heard.
        phoneme_timestamps: when phonemes are heard.
        context_id: context of the request.
        flush_id: which flush is done, or which segment between two flushes this belongs to.
        flush_done: true where a flush is done.
    """

    audio: bytes | None = None
    word_timestamps: WordTimestamps | None = None
    phoneme_timestamps: PhonemeTimestamps | None = None
    context_id: ContextId | None = None
    flush_id: FlushId | None = None
    flush_done: bool | None = None


class WebSocketTtsOutputParams(TypedDict):
    """`WebSocketTtsOutput` as a dictionary."""

    audio: NotRequired[bytes | None]
    word_timestamps: NotRequired[WordTimestampsParams | None]
    phoneme_timestamps: NotRequired[PhonemeTimestampsParams | None]
    context_id: NotRequired[ContextId | None]
    flush_id: NotRequired[FlushId | None]
    flush_done: NotRequired[bool | None]


class WebSocketStreamOptions(WireModel):
    """Options of a stream over a WebSocket.

    Attributes:
        timeout: seconds to wait for the next message.
    """

    timeout: float | None = None


class WebSocketStreamOptionsParams(TypedDict):
    """`WebSocketStreamOptions` as a dictionary."""

    timeout: NotRequired[float | None]
