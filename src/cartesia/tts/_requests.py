"""The messages that ask for speech over a WebSocket, made from arguments. No I/O."""

from __future__ import annotations

import reprlib
from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError
from typing_extensions import TypeVar

from cartesia.core.api_error import InvalidArgumentError
from cartesia.core.arguments import check_numbers
from cartesia.core.channel_events import WebSocketTtsAudio
from cartesia.wire.base import to_wire
from cartesia.wire.tts import (
    GenerationRequest,
    OutputFormat_Raw,
    OutputFormat_RawParams,
    PhonemeTimestamps,
    WebSocketRawOutputFormat,
    WebSocketRawOutputFormatParams,
    WebSocketTtsOutput,
    WordTimestamps,
)

PATH = "tts/websocket"

_TRANSCRIPTS = "accepted is text, or an iterator of texts"

RawFormatInput: TypeAlias = (
    WebSocketRawOutputFormat
    | WebSocketRawOutputFormatParams
    | OutputFormat_Raw
    | OutputFormat_RawParams
)
"""Headerless samples, as a message or as a dictionary."""

Output = TypeVar("Output", bound=WebSocketTtsOutput, default=WebSocketTtsOutput)
"""What a request has as outputs: `WebSocketTtsAudio` where it asks for nothing but audio."""


def check_context_id(own: str, given: str | None) -> None:
    """Refuse a name that is another context's.

    Raises:
        InvalidArgumentError: It is.
    """
    if given is not None and given != own:
        raise InvalidArgumentError(
            f"context_id: got {given!r}; accepted is None or this context's own, {own!r}"
        )


def check_text(transcript: object) -> str:
    """Refuse what is no text.

    Raises:
        InvalidArgumentError: It is none.
    """
    if isinstance(transcript, str):
        return transcript
    raise InvalidArgumentError(f"transcript: got {transcript!r}; {_TRANSCRIPTS}")


Texts = TypeVar("Texts", bound=Iterable[str] | AsyncIterable[str])


def check_texts(transcript: Texts) -> Texts:
    """Refuse a transcript that is no iterable; what it gives is checked piece by piece.

    Raises:
        InvalidArgumentError: It is none.
    """
    if isinstance(transcript, (Iterable, AsyncIterable)):
        return transcript
    raise InvalidArgumentError(f"transcript: got {transcript!r}; {_TRANSCRIPTS}")


def compose(
    context_id: str, transcript: object, settings: Mapping[str, Any], **more: Any
) -> GenerationRequest:
    """Make a request for speech.

    Args:
        context_id: Of the context that speaks.
        transcript: A piece of text.
        settings: Arguments of the caller; those that are None or False are left out.
        more: The same, about this piece.

    Raises:
        InvalidArgumentError: An argument is missing or cannot be right.
    """
    transcript = check_text(transcript)
    if more.get("continue_") and not transcript and not more.get("flush"):
        raise InvalidArgumentError(
            "transcript: got an empty text with continue_=True; accepted is text to continue "
            "with. no_more_inputs() ends a context, flush() has it speak what it has"
        )
    chosen = {
        name: value
        for name, value in {**settings, **more}.items()
        if value is not None and value is not False
    }
    fields = to_wire({"context_id": context_id, "transcript": transcript, **chosen})
    check_numbers(fields)
    try:
        return GenerationRequest.model_validate(fields)
    except ValidationError as error:
        raise InvalidArgumentError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "missing":
        return f"{field}: is missing"
    return f"{field}: got {reprlib.repr(problem['input'])}; {problem['msg']}"


def merge(
    outputs: Iterable[WebSocketTtsOutput], context_id: str, *, words: bool, phonemes: bool
) -> WebSocketTtsAudio:
    """Join all outputs of a context into one.

    Args:
        outputs: In order.
        context_id: Of the context.
        words: Whether word times were asked for.
        phonemes: Whether phoneme times were asked for.
    """
    audio: list[bytes] = []
    said = WordTimestamps(words=[], start=[], end=[])
    sounded = PhonemeTimestamps(phonemes=[], start=[], end=[])
    for output in outputs:
        if output.audio is not None:
            audio.append(output.audio)
        if output.word_timestamps is not None:
            said.words.extend(output.word_timestamps.words)
            said.start.extend(output.word_timestamps.start)
            said.end.extend(output.word_timestamps.end)
        if output.phoneme_timestamps is not None:
            sounded.phonemes.extend(output.phoneme_timestamps.phonemes)
            sounded.start.extend(output.phoneme_timestamps.start)
            sounded.end.extend(output.phoneme_timestamps.end)
    return WebSocketTtsAudio(
        audio=b"".join(audio),
        context_id=context_id,
        word_timestamps=said if words else None,
        phoneme_timestamps=sounded if phonemes else None,
    )
