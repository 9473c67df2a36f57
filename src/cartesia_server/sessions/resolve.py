"""What a request for speech means: one pure step from any spelling of it to a `SpeechJob`.

Wire models are lenient, because clients of every generation must be understood; here each value
is checked, and the first that cannot be honoured is refused by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from cartesia.wire.tts import (
    Controls,
    GenerationConfig,
    GenerationRequest,
    OutputFormat_Mp3,
    SseOutputFormat,
    TtsRequest,
    TtsRequestIdSpecifier,
    TtssseRequest,
    WebSocketRawOutputFormat,
)
from cartesia_server.audio.formats import BIT_RATES, ENCODINGS, SAMPLE_RATES, AudioFormat
from cartesia_server.engines.base import (
    Expression,
    PointVoice,
    SpeechCapabilities,
    SpeechControls,
    SpeechEngine,
    Voice,
)
from cartesia_server.errors import BadRequest, FieldError, TooLarge
from cartesia_server.settings import Settings
from cartesia_server.text.languages import closest, how_to_add, primary
from cartesia_server.text.lexicon import Lexicon
from cartesia_server.voices.accents import accent_id, accent_locale
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.emotions import CONTROLS_ACCEPTED, EMOTIONS, controlled
from cartesia_server.voices.localize import localize
from cartesia_server.voices.records import VoiceRecord
from cartesia_server.voices.space import EmbeddingError

T = TypeVar("T")

SpeechRequest: TypeAlias = TtsRequest | TtssseRequest | GenerationRequest

FIRST_PIECE: Mapping[str, float] = {
    "sonic-turbo": 0.2,
    "sonic-2": 0.3,
    "sonic": 0.3,
    "sonic-3": 0.3,
    "sonic-3.5": 0.3,
    "sonic-3.6": 0.3,
    "sonic-english": 0.3,
    "sonic-multilingual": 0.3,
    "sonic-lite": 0.3,
    "sonic-preview": 0.3,
}
"""The models that requests may name, presets of one engine: seconds of audio in the first piece.

A smaller one starts sooner; a larger one leaves more slack before the second is due."""

_SNAPSHOT = re.compile(r"-(latest|\d{4}-\d{2}-\d{2})$")

NAMED_SPEEDS: Mapping[str, float] = {
    "slowest": 0.6,
    "slow": 0.8,
    "normal": 1.0,
    "fast": 1.25,
    "fastest": 1.5,
}
_NAMED = 5  # voices in an error text
SPEEDS = (0.6, 1.5)
VOLUMES = (0.5, 2.0)


@dataclass(frozen=True, eq=False)
class SpeechJob:
    """How to speak; the settings that a context keeps from its first message to its end.

    Attributes:
        voice: who speaks.
        language: BCP 47 tag to read the text in, one of the voice's.
        form: in what form the audio leaves.
        controls: speed, expression and size of the first piece.
        volume: factor on the samples.
        max_seconds: where the audio is cut off, or None.
        word_times: whether the times of words are wanted.
        phoneme_times: whether the times of phonemes are wanted.
        normalised: whether words are wanted as spoken instead of as written.
        lexicon: words that are read otherwise than they are written, or None.
        normalise_for: BCP 47 tag by whose rules numbers and dates are put in words; None for none,
            empty for the language.
    """

    voice: Voice
    language: str
    form: AudioFormat
    controls: SpeechControls
    volume: float = 1.0
    max_seconds: float | None = None
    word_times: bool = False
    phoneme_times: bool = False
    normalised: bool = False
    lexicon: Lexicon | None = None
    normalise_for: str | None = ""


def resolve(
    request: SpeechRequest,
    record: VoiceRecord | None,
    catalogue: Catalogue,
    engine: SpeechEngine,
    settings: Settings,
    lexicon: Lexicon | None = None,
) -> SpeechJob:
    """Check a request for speech against what this server can do.

    The transcript is looked at by `check_length` alone: whether it can be spoken shows when it is
    prepared.

    Args:
        request: as it came.
        record: the voice that it names, looked up before; None when there is no such voice, and
            for an embedding.
        catalogue: the built-in voices.
        engine: speaks all voices but those that other engines bring along.
        settings: of the server.
        lexicon: the dictionary that it names, looked up before.

    Raises:
        BadRequest: a field has a value that cannot be honoured, mostly a `FieldError`.
    """
    _refuse_saving(request)
    voice = _voice(request, record, catalogue, engine)
    accent = _accent(request, record, catalogue)
    if accent and record:
        voice = PointVoice(engine, localize(catalogue, record, accent))
    config = request.generation_config or GenerationConfig()
    speed = (
        _model_speed(request.speed)
        * _controls_speed(request.voice.experimental_controls)
        * _within("generation_config.speed", config.speed, SPEEDS)
    )
    language = _language(request, record, accent, voice.capabilities, catalogue, settings)
    timed = None if isinstance(request, TtsRequest) else request
    return SpeechJob(
        voice=voice,
        language=language,
        form=_form(request),
        controls=SpeechControls(
            speed=speed,
            first_piece=_first_piece(request.model_id),
            expression=_expression(config, request.voice.experimental_controls),
        ),
        volume=_within("generation_config.volume", config.volume, VOLUMES),
        max_seconds=_max_seconds(request.duration),
        word_times=timed is not None and bool(timed.add_timestamps),
        phoneme_times=timed is not None and bool(timed.add_phoneme_timestamps),
        normalised=timed is not None and _normalised(timed),
        lexicon=lexicon,
        normalise_for=_normalise_for(request, language),
    )


def _refuse_saving(request: SpeechRequest) -> None:
    if isinstance(request, TtsRequest) and request.save:
        raise FieldError("save", request.save, "false: this server keeps nothing of what is said")


def check_length(transcript: str, settings: Settings, *, field: str = "transcript") -> None:
    """Refuse a transcript that is longer than this server allows.

    Args:
        transcript: the text.
        settings: of the server.
        field: of the request that holds it.

    Raises:
        TooLarge: it is.
    """
    most = settings.max_text_chars
    if len(transcript) > most:
        raise TooLarge(f"{field}: got {len(transcript)} characters, accepted: at most {most}")


def _first_piece(model_id: str) -> float:
    name = model_id if model_id in FIRST_PIECE else _SNAPSHOT.sub("", model_id)
    if name not in FIRST_PIECE:
        accepted = f"{', '.join(FIRST_PIECE)}, and their dated and -latest variants"
        raise FieldError("model_id", model_id, accepted, code="model_not_found")
    return FIRST_PIECE[name]


def _voice(
    request: SpeechRequest, record: VoiceRecord | None, catalogue: Catalogue, engine: SpeechEngine
) -> Voice:
    voice = request.voice
    if isinstance(voice, TtsRequestIdSpecifier):
        if record is None:
            close = ", ".join(catalogue.suggest(voice.id))
            accepted = f"an id that GET /voices lists, or a name, such as {close}"
            raise FieldError("voice.id", voice.id, accepted, code="voice_not_found")
        return record.spoken_by(engine)
    try:
        return PointVoice(engine, catalogue.space.project(voice.embedding))
    except EmbeddingError as error:
        raise BadRequest(f"voice.{error}") from None  # it begins with "embedding: got"


def _accent(request: SpeechRequest, record: VoiceRecord | None, catalogue: Catalogue) -> str | None:
    """The locale of the accent asked for; None for a voice's own."""
    if not request.accent:
        return None
    if record is None or record.own is None:
        return accent_locale(catalogue, request.accent)
    own = accent_id(record.locale)
    if request.accent.replace("_", "-").lower() not in (own, record.locale.lower()):
        raise FieldError("accent", request.accent, f"{own} ({record.locale}) with this voice")
    return None


def _language(
    request: SpeechRequest,
    voice: VoiceRecord | None,
    accent: str | None,
    capabilities: SpeechCapabilities,
    catalogue: Catalogue,
    settings: Settings,
) -> str:
    """The voice's tag for the language asked for.

    Without a region, it is spoken in the accent asked for, or else in the voice's own.
    """
    if request.language and request.locale:
        raise FieldError("locale", request.locale, "either locale or language, not both")
    default = capabilities.languages[0]
    home = accent or (voice.locale if voice else default)
    native = closest(home, capabilities.languages)
    asked = request.language or request.locale or home
    tag = closest(asked, capabilities.languages)
    if native and asked.lower() == primary(native):
        return native
    if tag is None and settings.fallback_language:
        return native or default
    if tag is None:
        field = "locale" if request.locale else "language"
        raise FieldError(field, asked, _accepted(asked, capabilities, catalogue))
    return tag


def _normalise_for(request: SpeechRequest, language: str) -> str | None:
    """The locale whose numbers and dates the text has: that of the request, the voice's else."""
    asked = (request.normalization or "auto").replace("_", "-")
    if asked.lower() == "off":
        return None
    if asked.lower() == "auto":
        locale = (request.language or request.locale or language).replace("_", "-")
        return locale if "-" in locale and primary(locale) == primary(language) else language
    if primary(asked) != primary(language):
        accepted = f"auto, off, or a locale of the language spoken, such as {language}"
        raise FieldError("normalization", request.normalization, accepted)
    return asked


def _accepted(asked: str, capabilities: SpeechCapabilities, catalogue: Catalogue) -> str:
    """The languages of a voice, and other voices where they speak the one asked for."""
    languages = ", ".join(capabilities.languages) + how_to_add(asked)
    others = [voice.name for voice in catalogue.list() if voice.speaks(primary(asked))]
    if not others:
        return languages
    return f"{languages} with this voice; {asked} is spoken by {', '.join(others[:_NAMED])}"


def _form(request: SpeechRequest) -> AudioFormat:
    form = request.output_format
    rate = _one_of("output_format.sample_rate", form.sample_rate, SAMPLE_RATES)
    if isinstance(form, OutputFormat_Mp3):
        bit_rate = _one_of("output_format.bit_rate", form.bit_rate, BIT_RATES)
        return AudioFormat("mp3", rate, bit_rate=bit_rate)
    encoding = _one_of("output_format.encoding", form.encoding, ENCODINGS)
    if isinstance(form, (SseOutputFormat, WebSocketRawOutputFormat)):
        return AudioFormat("raw", rate, encoding)
    return AudioFormat(form.container, rate, encoding)


def _model_speed(speed: str | float | None) -> float:
    if not isinstance(speed, str):
        return _within("speed", speed, SPEEDS)
    return NAMED_SPEEDS[_one_of("speed", speed.lower(), ("slow", "normal", "fast"))]


def _controls_speed(controls: Controls | None) -> float:
    """Factor for -1 (slowest) to 1 (fastest), or for a name, as 2024-11-13 has it."""
    speed = controls.speed if controls else None
    field = "voice.__experimental_controls.speed"
    if isinstance(speed, str):
        return NAMED_SPEEDS[_one_of(field, speed.lower(), tuple(NAMED_SPEEDS))]
    if speed is None:
        return 1.0
    if not -1 <= speed <= 1:
        raise FieldError(field, speed, f"-1 to 1, or {', '.join(NAMED_SPEEDS)}")
    slowest, fastest = SPEEDS
    return 1 + speed * (fastest - 1 if speed > 0 else 1 - slowest)


def _expression(config: GenerationConfig, controls: Controls | None) -> Expression:
    """What the emotions ask for, those of a voice's controls, as 2024-11-13 has them, included."""
    name = (config.emotion or "neutral").lower()
    if name not in EMOTIONS:
        raise FieldError("generation_config.emotion", config.emotion, tuple(EMOTIONS))
    tags = controls.emotion if controls else None
    try:
        return EMOTIONS[name].joined(controlled(tags or ()))
    except KeyError as error:
        field = "voice.__experimental_controls.emotion"
        raise FieldError(field, error.args[0], CONTROLS_ACCEPTED) from None


def _max_seconds(duration: float | None) -> float | None:
    if duration is not None and not (duration > 0 and math.isfinite(duration)):
        raise FieldError("duration", duration, "seconds, more than 0")
    return duration


def _normalised(request: TtssseRequest | GenerationRequest) -> bool:
    if request.use_normalized_timestamps is not None:
        return request.use_normalized_timestamps
    if isinstance(request, GenerationRequest) and request.use_original_timestamps is not None:
        return not request.use_original_timestamps
    return False


def _within(field: str, value: float | None, bounds: tuple[float, float]) -> float:
    least, most = bounds
    if value is None:
        return 1.0
    if not least <= value <= most:
        raise FieldError(field, value, f"{least} to {most}")
    return value


def _one_of(field: str, value: T, accepted: tuple[T, ...]) -> T:
    if value not in accepted:
        raise FieldError(field, value, accepted)
    return value
