"""What text to speech answers, over server-sent events and WebSockets alike."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel
from cartesia.wire.events import (
    AudioEvent,
    AudioEventParams,
    ErrorEvent,
    ErrorEventParams,
    EventParser,
    StreamEvent,
    StreamEventParams,
)
from cartesia.wire.tts.values import FlushId


class WordTimestamps(WireModel):
    """When words are heard; three lists of equal length.

    Attributes:
        words: the words.
        start: start of each, in seconds from the start of the context's audio.
        end: end of each, in seconds from the start of the context's audio.
    """

    words: list[str]
    start: list[float]
    end: list[float]


class WordTimestampsParams(TypedDict):
    """`WordTimestamps` as a dictionary."""

    words: list[str]
    start: list[float]
    end: list[float]


class PhonemeTimestamps(WireModel):
    """When phonemes are heard; three lists of equal length.

    Attributes:
        phonemes: the phonemes, in IPA.
        start: start of each, in seconds from the start of the context's audio.
        end: end of each, in seconds from the start of the context's audio.
    """

    phonemes: list[str]
    start: list[float]
    end: list[float]


class PhonemeTimestampsParams(TypedDict):
    """`PhonemeTimestamps` as a dictionary."""

    phonemes: list[str]
    start: list[float]
    end: list[float]


class WebSocketBaseResponse(StreamEvent):
    """What every answer carries.

    Further fields are those of its base.

    Attributes:
        flush_id: which flush is done, or which segment between two flushes this belongs to.
    """

    flush_id: FlushId | None = None


class WebSocketBaseResponseParams(StreamEventParams):
    """`WebSocketBaseResponse` as a dictionary."""

    flush_id: NotRequired[FlushId | None]


class WebSocketChunkResponse(WebSocketBaseResponse, AudioEvent):
    """A piece of audio.

    Its fields are those of its bases.
    """


class WebSocketChunkResponseParams(WebSocketBaseResponseParams, AudioEventParams):
    """`WebSocketChunkResponse` as a dictionary."""


class WebSocketFlushDoneResponse(WebSocketBaseResponse):
    """All audio of the text before a flush has been sent.

    Further fields are those of its base.

    Attributes:
        flush_done: always true.
    """

    flush_done: bool


class WebSocketFlushDoneResponseParams(WebSocketBaseResponseParams):
    """`WebSocketFlushDoneResponse` as a dictionary."""

    flush_done: bool


class WebSocketDoneResponse(WebSocketBaseResponse):
    """The end of a context.

    Its fields are those of its base.
    """


class WebSocketDoneResponseParams(WebSocketBaseResponseParams):
    """`WebSocketDoneResponse` as a dictionary."""


class WebSocketTimestampsResponse(WebSocketBaseResponse):
    """Word times.

    Further fields are those of its base.

    Attributes:
        word_timestamps: the times.
    """

    word_timestamps: WordTimestamps | None = None


class WebSocketTimestampsResponseParams(WebSocketBaseResponseParams):
    """`WebSocketTimestampsResponse` as a dictionary."""

    word_timestamps: NotRequired[WordTimestampsParams | None]


class WebSocketPhonemeTimestampsResponse(WebSocketBaseResponse):
    """Phoneme times.

    Further fields are those of its base.

    Attributes:
        phoneme_timestamps: the times.
    """

    phoneme_timestamps: PhonemeTimestamps | None = None


class WebSocketPhonemeTimestampsResponseParams(WebSocketBaseResponseParams):
    """`WebSocketPhonemeTimestampsResponse` as a dictionary."""

    phoneme_timestamps: NotRequired[PhonemeTimestampsParams | None]


class WebSocketErrorResponse(WebSocketBaseResponse, ErrorEvent):
    """Something went wrong, and the context ends.

    Its fields are those of its bases.
    """


class WebSocketErrorResponseParams(WebSocketBaseResponseParams, ErrorEventParams):
    """`WebSocketErrorResponse` as a dictionary."""


class WebSocketResponse_Chunk(WebSocketChunkResponse):
    """`WebSocketChunkResponse` as it travels.

    Attributes:
        type: always ``chunk``.
    """

    type: Literal["chunk"] = "chunk"


class WebSocketResponse_ChunkParams(WebSocketChunkResponseParams):
    """`WebSocketResponse_Chunk` as a dictionary."""

    type: Literal["chunk"]


class WebSocketResponse_FlushDone(WebSocketFlushDoneResponse):
    """`WebSocketFlushDoneResponse` as it travels.

    Attributes:
        type: always ``flush_done``.
    """

    type: Literal["flush_done"] = "flush_done"


class WebSocketResponse_FlushDoneParams(WebSocketFlushDoneResponseParams):
    """`WebSocketResponse_FlushDone` as a dictionary."""

    type: Literal["flush_done"]


class WebSocketResponse_Done(WebSocketDoneResponse):
    """`WebSocketDoneResponse` as it travels.

    Attributes:
        type: always ``done``.
    """

    type: Literal["done"] = "done"


class WebSocketResponse_DoneParams(WebSocketDoneResponseParams):
    """`WebSocketResponse_Done` as a dictionary."""

    type: Literal["done"]


class WebSocketResponse_Timestamps(WebSocketTimestampsResponse):
    """`WebSocketTimestampsResponse` as it travels.

    Attributes:
        type: always ``timestamps``.
    """

    type: Literal["timestamps"] = "timestamps"


class WebSocketResponse_TimestampsParams(WebSocketTimestampsResponseParams):
    """`WebSocketResponse_Timestamps` as a dictionary."""

    type: Literal["timestamps"]


class WebSocketResponse_PhonemeTimestamps(WebSocketPhonemeTimestampsResponse):
    """`WebSocketPhonemeTimestampsResponse` as it travels.

    Attributes:
        type: always ``phoneme_timestamps``.
    """

    type: Literal["phoneme_timestamps"] = "phoneme_timestamps"


class WebSocketResponse_PhonemeTimestampsParams(WebSocketPhonemeTimestampsResponseParams):
    """`WebSocketResponse_PhonemeTimestamps` as a dictionary."""

    type: Literal["phoneme_timestamps"]


class WebSocketResponse_Error(WebSocketErrorResponse):
    """`WebSocketErrorResponse` as it travels.

    Attributes:
        type: always ``error``.
    """

    type: Literal["error"] = "error"


class WebSocketResponse_ErrorParams(WebSocketErrorResponseParams):
    """`WebSocketResponse_Error` as a dictionary."""

    type: Literal["error"]


WebSocketResponse: TypeAlias = (
    WebSocketResponse_Chunk
    | WebSocketResponse_FlushDone
    | WebSocketResponse_Done
    | WebSocketResponse_Timestamps
    | WebSocketResponse_Error
    | WebSocketResponse_PhonemeTimestamps
)
"""Any answer, told apart by `type`."""

WebSocketResponseParams: TypeAlias = (
    WebSocketResponse_ChunkParams
    | WebSocketResponse_FlushDoneParams
    | WebSocketResponse_DoneParams
    | WebSocketResponse_TimestampsParams
    | WebSocketResponse_ErrorParams
    | WebSocketResponse_PhonemeTimestampsParams
)
"""`WebSocketResponse` as a dictionary."""


def infer_response_type(event: Mapping[str, Any]) -> str | None:
    """Tell what an event without `type` is from what it carries."""
    for field, kind in (
        ("error", "error"),
        ("flush_done", "flush_done"),
        ("word_timestamps", "timestamps"),
        ("phoneme_timestamps", "phoneme_timestamps"),
        ("data", "chunk"),
    ):
        if event.get(field) is not None:
            return kind
    return "done" if event.get("done") else None


parse_response: EventParser[WebSocketResponse] = EventParser(WebSocketResponse, infer_response_type)
"""Reads one answer of ``/tts/sse`` or ``/tts/websocket``; see `EventParser`."""
