"""Who speaks, and how."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel, choose_by
from cartesia.wire.embedding import Embedding
from cartesia.wire.tts.values import Emotion, EmotionDeprecated, Speed


class Controls(WireModel):
    """Experimental controls of a voice.

    Attributes:
        speed: how fast to speak; the voice's own rate when absent.
        emotion: emotions with levels, as ``positivity:high``.
    """

    speed: Speed | None = None
    emotion: list[EmotionDeprecated] | None = None


class ControlsParams(TypedDict):
    """`Controls` as a dictionary."""

    speed: NotRequired[Speed | None]
    emotion: NotRequired[list[EmotionDeprecated] | None]


class GenerationConfig(WireModel):
    """How to speak, for ``sonic-3`` and newer.

    Attributes:
        volume: 0.5 to 2.0; 1.0 when absent.
        speed: 0.6 to 1.5; 1.0 when absent.
        emotion: name of one emotion, in any case.
    """

    volume: float | None = None
    speed: float | None = None
    emotion: Emotion | None = None


class GenerationConfigParams(TypedDict):
    """`GenerationConfig` as a dictionary."""

    volume: NotRequired[float | None]
    speed: NotRequired[float | None]
    emotion: NotRequired[Emotion | None]


class TtsRequestIdSpecifier(WireModel):
    """A voice by its id.

    Attributes:
        mode: always ``id``.
        id: id of the voice.
        experimental_controls: speed and emotion; ``__experimental_controls`` on the wire.
    """

    mode: Literal["id"] = "id"
    id: str
    experimental_controls: Controls | None = None


class TtsRequestIdSpecifierParams(TypedDict):
    """`TtsRequestIdSpecifier` as a dictionary. `mode` may be left out."""

    mode: NotRequired[Literal["id"]]
    id: str
    experimental_controls: NotRequired[ControlsParams | None]


class TtsRequestEmbeddingSpecifier(WireModel):
    """A voice by its point in the voice space.

    Attributes:
        mode: always ``embedding``.
        embedding: 192 numbers.
        experimental_controls: speed and emotion; ``__experimental_controls`` on the wire.
    """

    mode: Literal["embedding"] = "embedding"
    embedding: Embedding
    experimental_controls: Controls | None = None


class TtsRequestEmbeddingSpecifierParams(TypedDict):
    """`TtsRequestEmbeddingSpecifier` as a dictionary. `mode` may be left out."""

    mode: NotRequired[Literal["embedding"]]
    embedding: Embedding
    experimental_controls: NotRequired[ControlsParams | None]


TtsRequestVoiceSpecifier: TypeAlias = TtsRequestIdSpecifier | TtsRequestEmbeddingSpecifier
"""Who speaks."""

TtsRequestVoiceSpecifierParams: TypeAlias = (
    TtsRequestIdSpecifierParams | TtsRequestEmbeddingSpecifierParams
)
"""`TtsRequestVoiceSpecifier` as a dictionary."""

_by_mode = choose_by(
    "mode",
    {"id": TtsRequestIdSpecifier, "embedding": TtsRequestEmbeddingSpecifier},
    otherwise=lambda voice: "embedding" if "embedding" in voice and "id" not in voice else "id",
)


def _specify(voice: Any) -> Any:
    """Accept a bare id, as the newest API version does, and a voice without its mode."""
    return TtsRequestIdSpecifier(id=voice) if isinstance(voice, str) else _by_mode(voice)


VoiceField: TypeAlias = Annotated[TtsRequestVoiceSpecifier, BeforeValidator(_specify)]
"""`TtsRequestVoiceSpecifier` as a field of a request."""
