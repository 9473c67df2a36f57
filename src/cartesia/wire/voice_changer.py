"""``/voice-changer``: a recording spoken again by another voice."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from typing_extensions import NotRequired

from cartesia.wire.events import (
    AudioEvent,
    AudioEventParams,
    ErrorEvent,
    ErrorEventParams,
    EventParser,
    StreamEvent,
    StreamEventParams,
)

OutputFormatContainer: TypeAlias = Literal["raw", "wav", "mp3"] | str
"""The container of the audio; values unknown here pass."""


class StreamingResponse_Chunk(AudioEvent):
    """A piece of audio.

    Further fields are those of its bases.

    Attributes:
        type: always ``chunk``.
        sample_rate: samples a second (later API versions).
    """

    type: Literal["chunk"] = "chunk"
    sample_rate: int | None = None


class StreamingResponse_ChunkParams(AudioEventParams):
    """`StreamingResponse_Chunk` as a dictionary."""

    type: Literal["chunk"]
    sample_rate: NotRequired[int | None]


class StreamingResponse_Done(StreamEvent):
    """The end of the stream.

    Further fields are those of its base.

    Attributes:
        type: always ``done``.
    """

    type: Literal["done"] = "done"


class StreamingResponse_DoneParams(StreamEventParams):
    """`StreamingResponse_Done` as a dictionary."""

    type: Literal["done"]


class StreamingResponse_Error(ErrorEvent):
    """Something went wrong, and the stream ends.

    Further fields are those of its bases.

    Attributes:
        type: always ``error``.
    """

    type: Literal["error"] = "error"


class StreamingResponse_ErrorParams(ErrorEventParams):
    """`StreamingResponse_Error` as a dictionary."""

    type: Literal["error"]


StreamingResponse: TypeAlias = (
    StreamingResponse_Chunk | StreamingResponse_Done | StreamingResponse_Error
)
"""Any event of ``/voice-changer/sse``, told apart by `type`."""

StreamingResponseParams: TypeAlias = (
    StreamingResponse_ChunkParams | StreamingResponse_DoneParams | StreamingResponse_ErrorParams
)
"""`StreamingResponse` as a dictionary."""


def _infer_type(event: Mapping[str, Any]) -> str | None:
    """Tell what an event without `type` is; the newest service sends chunks without one."""
    if event.get("data") is not None:
        return "chunk"
    if event.get("error") is not None:
        return "error"
    return "done" if event.get("done") else None


parse_response: EventParser[StreamingResponse] = EventParser(StreamingResponse, _infer_type)
"""Reads one event of ``/voice-changer/sse``; see `EventParser`."""
