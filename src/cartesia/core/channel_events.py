"""The events of speech on a WebSocket: what a program gets for each, and how they go wrong."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypeGuard

from pydantic import AliasChoices, ConfigDict, Field

from cartesia.wire.events import EventParser
from cartesia.wire.tts import (
    FlushId,
    WebSocketResponse_Done,
    WebSocketResponse_Error,
    WebSocketResponse_FlushDone,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
    WebSocketTtsOutput,
    infer_response_type,
)

from .api_error import WebSocketError, hint_for_status


class WebSocketTtsAudio(WebSocketTtsOutput):
    """An output that has audio, as all do where neither times nor a flush are asked for.

    A chunk of the server becomes one in a single native pass, which also decodes the audio.

    Further fields are those of its base.

    Attributes:
        audio: audio in the format that was asked for.
    """

    model_config = ConfigDict(extra="ignore", populate_by_name=False, val_json_bytes="base64")

    type: Literal["chunk"] = Field(default="chunk", exclude=True, repr=False)
    audio: bytes = Field(validation_alias=AliasChoices("data", "audio"))
    # As in 2.x, only the mark of a flush tells which one; that of a chunk has a name nothing has.
    flush_id: FlushId | None = Field(default=None, validation_alias="")


Event: TypeAlias = (
    WebSocketTtsAudio
    | WebSocketResponse_Timestamps
    | WebSocketResponse_PhonemeTimestamps
    | WebSocketResponse_FlushDone
)
"""What a reader may get; other events end the stream."""

SpeechMessage: TypeAlias = Event | WebSocketResponse_Done | WebSocketResponse_Error
"""Any message of the server."""

parse_message: EventParser[SpeechMessage] = EventParser(SpeechMessage, infer_response_type)
"""Reads a message of the server; see `EventParser`."""


def output_of(event: Event, context_id: str) -> WebSocketTtsOutput:
    """What a program gets for an event: one kind of content, or the mark of a flush."""
    if isinstance(event, WebSocketTtsAudio):
        # Some servers leave the name out where there is but one context.
        return event if event.context_id else event.model_copy(update={"context_id": context_id})
    if isinstance(event, WebSocketResponse_Timestamps):
        return WebSocketTtsOutput(word_timestamps=event.word_timestamps, context_id=context_id)
    if isinstance(event, WebSocketResponse_PhonemeTimestamps):
        return WebSocketTtsOutput(
            phoneme_timestamps=event.phoneme_timestamps, context_id=context_id
        )
    return WebSocketTtsOutput(flush_done=True, flush_id=event.flush_id, context_id=context_id)


def has_content(event: SpeechMessage) -> TypeGuard[Event]:
    """Whether there is anything in an event to hand out."""
    if isinstance(event, WebSocketTtsAudio):
        return bool(event.audio)
    if isinstance(event, WebSocketResponse_Timestamps):
        return event.word_timestamps is not None
    if isinstance(event, WebSocketResponse_PhonemeTimestamps):
        return event.phoneme_timestamps is not None
    return True


# The texts below begin as those of 2.x do, which programs look for.


def reported_error(event: WebSocketResponse_Error) -> WebSocketError:
    """The error that the server reports."""
    return WebSocketError(
        f"Failed to generate audio. Error generating audio: {event.error}",
        status_code=event.status_code,
        body=event.dict(),
        request_id=event.request_id,
        hint=hint_for_status(event.status_code),
    )


def unreadable_error(problem: str) -> WebSocketError:
    """The error for a message that makes no sense."""
    return WebSocketError(
        f"Failed to generate audio. Error generating audio: {problem}",
        hint="Check that base_url leads to a Cartesia API, and not to another service.",
    )
