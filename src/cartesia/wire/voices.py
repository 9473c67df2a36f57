"""``/voices``: listing, making and changing voices."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, model_validator
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import AnswerModel, WireModel, invalid
from cartesia.wire.embedding import Embedding
from cartesia.wire.tts.values import SupportedLanguage

VoiceId: TypeAlias = str
"""Names a voice."""

BaseVoiceId: TypeAlias = VoiceId
"""Names the voice that another was made from."""

Weight: TypeAlias = float
"""The share of a voice in a mix."""

CloneMode: TypeAlias = Literal["similarity", "stability"] | str
"""What a clone favours: the speaker's likeness, or steady speech; values unknown here pass."""

Gender: TypeAlias = Literal["male", "female"] | str
"""Of a speaker; values unknown here pass."""

GenderPresentation: TypeAlias = Literal["masculine", "feminine", "gender_neutral"] | str
"""How a voice sounds; values unknown here pass."""

VoiceExpandOptions: TypeAlias = Literal["embedding", "is_starred"] | str
"""What a voice shows only when asked; values unknown here pass."""

LocalizeTargetLanguage: TypeAlias = (
    Literal[
        "en",
        "de",
        "es",
        "fr",
        "ja",
        "pt",
        "zh",
        "hi",
        "it",
        "ko",
        "nl",
        "pl",
        "ru",
        "sv",
        "tr",
    ]
    | str
)
"""A language that a voice can be moved to; values unknown here pass."""

LocalizeEnglishDialect: TypeAlias = Literal["au", "in", "so", "uk", "us"] | str
"""A dialect of English; values unknown here pass."""

LocalizeSpanishDialect: TypeAlias = Literal["mx", "pe"] | str
"""A dialect of Spanish; values unknown here pass."""

LocalizePortugueseDialect: TypeAlias = Literal["br", "eu"] | str
"""A dialect of Portuguese; values unknown here pass."""

LocalizeFrenchDialect: TypeAlias = Literal["eu", "ca"] | str
"""A dialect of French; values unknown here pass."""

LocalizeDialect: TypeAlias = (
    LocalizeEnglishDialect
    | LocalizeSpanishDialect
    | LocalizePortugueseDialect
    | LocalizeFrenchDialect
)
"""A dialect that a voice can be moved to."""

LocalizeDialectParams: TypeAlias = LocalizeDialect
"""`LocalizeDialect`, under the name that 2.x gives its form in dictionaries."""


class VoiceLocale(WireModel):
    """A locale that a voice speaks (later API versions).

    Attributes:
        locale: BCP 47 tag.
        is_native: whether it is the voice's own.
    """

    locale: str
    is_native: bool | None = None


class VoiceLocaleParams(TypedDict):
    """`VoiceLocale` as a dictionary."""

    locale: str
    is_native: NotRequired[bool | None]


class _VoiceDetails(AnswerModel):
    """What later API versions tell about a voice.

    Attributes:
        access: ``private`` or ``public``.
        visibility: ``owner`` or ``all``.
        tagline: a few words about the voice.
        gender: how the voice sounds.
        country: ISO 3166 code of where the voice is from.
        accent: accent of the voice.
        locales: locales that the voice speaks.
        preview_file_url: a sample of the voice.
    """

    access: Literal["private", "public"] | str | None = None
    visibility: Literal["owner", "all"] | str | None = None
    tagline: str | None = None
    gender: GenderPresentation | None = None
    country: str | None = None
    accent: Any = None
    locales: list[VoiceLocale] | None = None
    preview_file_url: str | None = None


class _VoiceDetailsParams(TypedDict):
    access: NotRequired[Literal["private", "public"] | str | None]
    visibility: NotRequired[Literal["owner", "all"] | str | None]
    tagline: NotRequired[str | None]
    gender: NotRequired[GenderPresentation | None]
    country: NotRequired[str | None]
    accent: NotRequired[Any]
    locales: NotRequired[list[VoiceLocaleParams] | None]
    preview_file_url: NotRequired[str | None]


class Voice(_VoiceDetails):
    """A voice.

    Further fields are those of its base.

    Attributes:
        id: names it in requests.
        is_owner: whether it belongs to the caller.
        name: name as shown to people.
        description: description as shown to people.
        created_at: when it was made.
        language: language that it speaks by itself.
        embedding: its point in the voice space, where asked for.
        is_starred: whether the caller starred it, where asked for.
        is_public: whether everybody may use it.
        user_id: id of its owner.
    """

    id: VoiceId
    is_owner: bool
    name: str
    description: str
    created_at: datetime
    language: SupportedLanguage
    embedding: Embedding | None = None
    is_starred: bool | None = None
    is_public: bool | None = None
    user_id: str | None = None


class VoiceParams(_VoiceDetailsParams):
    """`Voice` as a dictionary."""

    id: VoiceId
    is_owner: bool
    name: str
    description: str
    created_at: datetime
    language: SupportedLanguage
    embedding: NotRequired[Embedding | None]
    is_starred: NotRequired[bool | None]
    is_public: NotRequired[bool | None]
    user_id: NotRequired[str | None]


class VoiceMetadata(_VoiceDetails):
    """A voice just made by cloning or localizing.

    Further fields are those of its base.

    Attributes:
        id: names it in requests.
        user_id: id of its owner.
        is_public: whether everybody may use it; taken from `access` where only that is sent.
        name: name as shown to people.
        description: description as shown to people.
        created_at: when it was made.
        language: language that it speaks by itself.
        is_owner: whether it belongs to the caller.
    """

    id: VoiceId
    user_id: str
    is_public: bool
    name: str
    description: str
    created_at: datetime
    language: SupportedLanguage
    is_owner: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _tell_is_public(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and "is_public" not in value and "access" in value:
            return {**value, "is_public": value["access"] == "public"}
        return value


class VoiceMetadataParams(_VoiceDetailsParams):
    """`VoiceMetadata` as a dictionary."""

    id: VoiceId
    user_id: str
    is_public: bool
    name: str
    description: str
    created_at: datetime
    language: SupportedLanguage
    is_owner: NotRequired[bool | None]


class GetVoicesResponse(AnswerModel):
    """One page of voices.

    Attributes:
        data: the voices of this page.
        has_more: whether another page follows.
        next_page: the `starting_after` of the next page; None at the end.
    """

    data: list[Voice]
    has_more: bool = False
    next_page: VoiceId | None = None


class GetVoicesResponseParams(TypedDict):
    """`GetVoicesResponse` as a dictionary."""

    data: list[VoiceParams]
    has_more: NotRequired[bool]
    next_page: NotRequired[VoiceId | None]


class CreateVoiceRequest(WireModel):
    """Body of ``POST /voices``.

    Attributes:
        name: name as shown to people.
        description: description as shown to people.
        embedding: a point in the voice space, 192 numbers.
        language: language that it speaks by itself.
        base_voice_id: the voice that it was made from.
    """

    name: str
    description: str
    embedding: Embedding
    language: SupportedLanguage | None = None
    base_voice_id: BaseVoiceId | None = None


class CreateVoiceRequestParams(TypedDict):
    """`CreateVoiceRequest` as a dictionary."""

    name: str
    description: str
    embedding: Embedding
    language: NotRequired[SupportedLanguage | None]
    base_voice_id: NotRequired[BaseVoiceId | None]


class UpdateVoiceRequest(WireModel):
    """Body of ``PATCH /voices/{id}``; what is absent stays as it is.

    Attributes:
        name: name as shown to people.
        description: description as shown to people.
        gender: how the voice sounds (later API versions).
        accent: accent of the voice (later API versions).
    """

    name: str | None = None
    description: str | None = None
    gender: GenderPresentation | None = None
    accent: str | None = None


class UpdateVoiceRequestParams(TypedDict):
    """`UpdateVoiceRequest` as a dictionary."""

    name: NotRequired[str | None]
    description: NotRequired[str | None]
    gender: NotRequired[GenderPresentation | None]
    accent: NotRequired[str | None]


class Accent(WireModel):
    """How a language sounds in some place (later API versions).

    Attributes:
        id: names it in requests: ``british``.
        name: name as shown to people.
        locale: BCP 47 tag of the place: ``en-GB``.
        language: language that is spoken there.
        is_locale_default: whether it is the usual accent of its locale.
        is_localizable: whether voices can be moved to it.
    """

    id: str
    name: str
    locale: str
    language: str
    is_locale_default: bool
    is_localizable: bool


class AccentParams(TypedDict):
    """`Accent` as a dictionary."""

    id: str
    name: str
    locale: str
    language: str
    is_locale_default: bool
    is_localizable: bool


class ListAccentsResponse(WireModel):
    """Answer of ``GET /accents`` (later API versions).

    Attributes:
        accents: all accents that there are.
    """

    accents: list[Accent]


class ListAccentsResponseParams(TypedDict):
    """`ListAccentsResponse` as a dictionary."""

    accents: list[AccentParams]


class VoiceAccentsRequest(WireModel):
    """Body of ``PATCH /voices/{id}/accents`` (later API versions).

    Attributes:
        accents: ids of accents that the voice gets beside those it has.
    """

    accents: list[str]


class VoiceAccentsRequestParams(TypedDict):
    """`VoiceAccentsRequest` as a dictionary."""

    accents: list[str]


class LocalizeVoiceRequest(WireModel):
    """Body of ``POST /voices/localize``.

    Attributes:
        voice_id: the voice to move.
        name: name of the new voice.
        description: description of the new voice.
        language: language to move to.
        original_speaker_gender: gender of the speaker.
        dialect: dialect of the language.
        accent: accent to move to, in place of `language` (later API versions).
        tagline: tagline of the new voice (later API versions).
    """

    voice_id: VoiceId
    name: str
    description: str | None = None
    language: LocalizeTargetLanguage | None = None
    original_speaker_gender: Gender | None = None
    dialect: LocalizeDialect | None = None
    accent: str | None = None
    tagline: str | None = None


class LocalizeVoiceRequestParams(TypedDict):
    """`LocalizeVoiceRequest` as a dictionary."""

    voice_id: VoiceId
    name: str
    description: NotRequired[str | None]
    language: NotRequired[LocalizeTargetLanguage | None]
    original_speaker_gender: NotRequired[Gender | None]
    dialect: NotRequired[LocalizeDialect | None]
    accent: NotRequired[str | None]
    tagline: NotRequired[str | None]


class IdSpecifier(WireModel):
    """A voice of a mix, by its id.

    Attributes:
        id: id of the voice.
        weight: its share of the mix.
    """

    id: VoiceId
    weight: Weight


class IdSpecifierParams(TypedDict):
    """`IdSpecifier` as a dictionary."""

    id: VoiceId
    weight: Weight


class EmbeddingSpecifier(WireModel):
    """A voice of a mix, by its point in the voice space.

    Attributes:
        embedding: 192 numbers.
        weight: its share of the mix.
    """

    embedding: Embedding
    weight: Weight


class EmbeddingSpecifierParams(TypedDict):
    """`EmbeddingSpecifier` as a dictionary."""

    embedding: Embedding
    weight: Weight


MixVoiceSpecifier: TypeAlias = IdSpecifier | EmbeddingSpecifier
"""A voice of a mix."""

MixVoiceSpecifierParams: TypeAlias = IdSpecifierParams | EmbeddingSpecifierParams
"""`MixVoiceSpecifier` as a dictionary."""


def _specify(voice: Any) -> Any:
    """Parse a voice of a mix as what it is, so that errors name the fields as they were sent."""
    if isinstance(voice, WireModel):
        return voice
    if not isinstance(voice, Mapping):
        raise invalid({"type": "dict_type", "input": voice})
    return (EmbeddingSpecifier if "embedding" in voice else IdSpecifier).model_validate(voice)


class MixVoicesRequest(WireModel):
    """Body of ``POST /voices/mix``.

    Attributes:
        voices: the voices to mix.
    """

    voices: list[Annotated[MixVoiceSpecifier, BeforeValidator(_specify)]]


class MixVoicesRequestParams(TypedDict):
    """`MixVoicesRequest` as a dictionary."""

    voices: list[MixVoiceSpecifierParams]


class EmbeddingResponse(AnswerModel):
    """Answer of ``POST /voices/mix``.

    Attributes:
        embedding: the point of the mix in the voice space.
    """

    embedding: Embedding


class EmbeddingResponseParams(TypedDict):
    """`EmbeddingResponse` as a dictionary."""

    embedding: Embedding
