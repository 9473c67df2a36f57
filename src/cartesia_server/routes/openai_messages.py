"""What clients of OpenAI's API send and read, where it differs from our own messages."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from cartesia.wire.base import WireModel


def _voice_name(voice: Any) -> Any:
    """Accept ``{"id": "..."}``, as newer clients name voices of one's own."""
    return voice["id"] if isinstance(voice, Mapping) and "id" in voice else voice


class SpeechBody(WireModel):
    """Body of ``POST /v1/audio/speech``.

    Attributes:
        model: names the model.
        input: what to say.
        voice: who says it: name or id of a voice.
        response_format: the form of the audio.
        speed: factor on the speaking rate.
        stream_format: ``audio``, or ``sse`` for events.
        instructions: how to say it; has no effect here.
        language: language of the text; the voice's own when absent. OpenAI's API lacks it.
    """

    model: str
    input: str
    voice: Annotated[str, BeforeValidator(_voice_name)]
    response_format: str | None = None
    speed: float | None = None
    stream_format: str | None = None
    instructions: str | None = None
    language: str | None = None


class SpeechDelta(WireModel):
    """Event with the next piece of the audio.

    Attributes:
        type: always ``speech.audio.delta``.
        audio: in base64.
    """

    type: Literal["speech.audio.delta"] = "speech.audio.delta"
    audio: str


class TokenUsage(WireModel):
    """What a request cost; here nothing, as nobody counts."""

    input_tokens: int = 0
    output_tokens: int = 0
    total_tokens: int = 0


class SpeechDone(WireModel):
    """Event after the last piece of the audio.

    Attributes:
        type: always ``speech.audio.done``.
        usage: what it cost.
    """

    type: Literal["speech.audio.done"] = "speech.audio.done"
    usage: TokenUsage = TokenUsage()


class ModelCard(WireModel):
    """A model that requests may name.

    Attributes:
        id: its name.
        object: always ``model``.
        created: when it came to be, in seconds since 1970.
        owned_by: who runs it.
    """

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "local"


class ModelList(WireModel):
    """Answer of ``GET /v1/models``.

    Attributes:
        object: always ``list``.
        data: the models.
    """

    object: Literal["list"] = "list"
    data: list[ModelCard]
