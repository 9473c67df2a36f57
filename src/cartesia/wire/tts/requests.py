"""What is asked of text to speech."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, TypeAlias

import pydantic_core
from pydantic import PlainValidator, WithJsonSchema
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel
from cartesia.wire.tts.formats import (
    OutputFormatField,
    OutputFormatParams,
    SseOutputFormat,
    SseOutputFormatParams,
    WebSocketRawOutputFormat,
    WebSocketRawOutputFormatParams,
)
from cartesia.wire.tts.specifiers import (
    GenerationConfig,
    GenerationConfigParams,
    TtsRequestVoiceSpecifierParams,
    VoiceField,
)
from cartesia.wire.tts.values import ContextId, ModelSpeed, SupportedLanguage


def _text_or_iterator(value: Any) -> Any:
    if isinstance(value, (str, Iterator, AsyncIterator)):
        return value
    raise ValueError("a transcript is text, or an iterator of text")


_Transcript: TypeAlias = Annotated[
    str | Iterator[str] | AsyncIterator[str],
    PlainValidator(_text_or_iterator),
    WithJsonSchema({"type": "string"}),
]


class _Speech(WireModel):
    """What every request for speech may say about it.

    Attributes:
        language: language to speak; the voice's own when absent.
        duration: at most this many seconds of audio.
        speed: how fast to speak.
        generation_config: volume, speed and emotion.
        pronunciation_dict_id: names the dictionary of pronunciations to apply.
        locale: BCP 47 tag, in place of `language` (later API versions).
        normalization: ``auto``, ``off`` or a locale (later API versions).
        accent: accent of the voice (later API versions).
    """

    language: SupportedLanguage | None = None
    duration: float | None = None
    speed: ModelSpeed | float | None = None
    generation_config: GenerationConfig | None = None
    pronunciation_dict_id: str | None = None
    locale: str | None = None
    normalization: str | None = None
    accent: str | None = None


class _SpeechParams(TypedDict):
    language: NotRequired[SupportedLanguage | None]
    duration: NotRequired[float | None]
    speed: NotRequired[ModelSpeed | float | None]
    generation_config: NotRequired[GenerationConfigParams | None]
    pronunciation_dict_id: NotRequired[str | None]
    locale: NotRequired[str | None]
    normalization: NotRequired[str | None]
    accent: NotRequired[str | None]


class TtsRequest(_Speech):
    """Body of ``POST /tts/bytes``.

    Further fields are those of its base.

    Attributes:
        model_id: names the model.
        transcript: what to say.
        voice: who says it; a bare id is accepted.
        output_format: the form of the audio.
        save: whether the service keeps the audio (later API versions).
    """

    model_id: str
    transcript: str
    voice: VoiceField
    output_format: OutputFormatField
    save: bool | None = None


class TtsRequestParams(_SpeechParams):
    """`TtsRequest` as a dictionary."""

    model_id: str
    transcript: str
    voice: TtsRequestVoiceSpecifierParams
    output_format: OutputFormatParams
    save: NotRequired[bool | None]


class _Timed(_Speech):
    """What a request for streamed speech may say about times.

    Attributes:
        add_timestamps: whether to send word times.
        add_phoneme_timestamps: whether to send phoneme times.
        use_normalized_timestamps: whether words are as spoken (``nineteen ninety``) instead of
            as written (``1990``).
        context_id: names the stream of speech; comes back in every answer.
    """

    add_timestamps: bool | None = None
    add_phoneme_timestamps: bool | None = None
    use_normalized_timestamps: bool | None = None
    context_id: ContextId | None = None


class _TimedParams(_SpeechParams):
    add_timestamps: NotRequired[bool | None]
    add_phoneme_timestamps: NotRequired[bool | None]
    use_normalized_timestamps: NotRequired[bool | None]
    context_id: NotRequired[ContextId | None]


class TtssseRequest(_Timed):
    """Body of ``POST /tts/sse``.

    Further fields are those of its bases.

    Attributes:
        model_id: names the model.
        transcript: what to say.
        voice: who says it; a bare id is accepted.
        output_format: the form of the audio.
    """

    model_id: str
    transcript: str
    voice: VoiceField
    output_format: SseOutputFormat


class TtssseRequestParams(_TimedParams):
    """`TtssseRequest` as a dictionary."""

    model_id: str
    transcript: str
    voice: TtsRequestVoiceSpecifierParams
    output_format: SseOutputFormatParams


class _Continued(_Timed):
    """What a request on a socket may say about its context.

    Attributes:
        continue_: whether more text for the context may follow; ``continue`` on the wire.
        max_buffer_delay_ms: how long text may wait for the rest of its sentence, 0 to 5000.
        flush: whether to speak what is buffered now.
        use_original_timestamps: the opposite of `use_normalized_timestamps`, sent by 2.0.x.
        stream: sent by 2.0.x; has no meaning to a server.
    """

    continue_: bool | None = None
    max_buffer_delay_ms: int | None = None
    flush: bool | None = None
    use_original_timestamps: bool | None = None
    stream: bool | None = None


class _ContinuedParams(_TimedParams):
    continue_: NotRequired[bool | None]
    max_buffer_delay_ms: NotRequired[int | None]
    flush: NotRequired[bool | None]
    use_original_timestamps: NotRequired[bool | None]
    stream: NotRequired[bool | None]


class GenerationRequest(_Continued):
    """A message to ``/tts/websocket`` that asks for speech.

    Further fields are those of its bases.

    Attributes:
        model_id: names the model.
        voice: who speaks; a bare id is accepted.
        output_format: the form of the audio.
        transcript: what to say, as text or (in a program) an iterator of text; empty to end or
            flush a context.
    """

    model_id: str
    voice: VoiceField
    output_format: WebSocketRawOutputFormat
    transcript: _Transcript | None = None


class GenerationRequestParams(_ContinuedParams):
    """`GenerationRequest` as a dictionary."""

    model_id: str
    voice: TtsRequestVoiceSpecifierParams
    output_format: WebSocketRawOutputFormatParams
    transcript: NotRequired[str | Iterator[str] | AsyncIterator[str] | None]


class WebSocketTtsRequest(_Continued):
    """A message to ``/tts/websocket`` with text only.

    Further fields are those of its bases.

    Attributes:
        model_id: names the model.
        voice: who speaks; a bare id is accepted.
        output_format: the form of the audio.
        transcript: what to say.
    """

    model_id: str
    voice: VoiceField
    output_format: WebSocketRawOutputFormat | None = None
    transcript: str | None = None


class WebSocketTtsRequestParams(_ContinuedParams):
    """`WebSocketTtsRequest` as a dictionary."""

    model_id: str
    voice: TtsRequestVoiceSpecifierParams
    output_format: NotRequired[WebSocketRawOutputFormatParams | None]
    transcript: NotRequired[str | None]


class CancelContextRequest(WireModel):
    """A message to ``/tts/websocket`` that ends a context at once.

    Attributes:
        context_id: names the context.
        cancel: always true.
    """

    context_id: ContextId
    cancel: bool = True


class CancelContextRequestParams(TypedDict):
    """`CancelContextRequest` as a dictionary."""

    context_id: ContextId
    cancel: bool


WebSocketRequest: TypeAlias = GenerationRequest | CancelContextRequest
"""Any message to ``/tts/websocket``."""

WebSocketRequestParams: TypeAlias = GenerationRequestParams | CancelContextRequestParams
"""`WebSocketRequest` as a dictionary."""


def parse_request(message: bytes | str) -> WebSocketRequest:
    """Read a message that a client sent to ``/tts/websocket``.

    Raises:
        ValueError: if the message is no JSON.
        pydantic.ValidationError: (a ValueError too) if a field is missing or of the wrong kind;
            the location of each of its errors is the path of the field as sent.
    """
    payload = pydantic_core.from_json(message)
    if isinstance(payload, dict) and payload.get("cancel"):
        return CancelContextRequest.model_validate(payload)
    return GenerationRequest.model_validate(payload)
