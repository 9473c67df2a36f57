"""What a request for transcription means; the first unusable value is refused by name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from cartesia_server.audio.raw import ENCODINGS, check_format
from cartesia_server.engines.base import TranscriptionCapabilities
from cartesia_server.errors import FieldError
from cartesia_server.sessions.turn_taking import TURN_RANGES, TurnSettings

MODELS: tuple[str, ...] = ("ink-whisper", "ink-2", "ink-preview")
"""Models that requests may name, dated or ``-latest`` too; all mean the local engine."""

TURN_LANGUAGES: tuple[str, ...] = ("en", "es", "fr", "hi", "ja")
"""Languages that are told apart where turns are heard and no language is named."""

LONGEST_SILENCE = 60.0

_WITHOUT_WORD_TIMES = ("ink-2",)

_SNAPSHOT = re.compile(r"-(latest|\d{4}-\d{2}-\d{2})$")
_MOST_TERMS, _LONGEST_TERMS = 100, 1200


@dataclass(frozen=True)
class ListeningOptions:
    """What the query of any socket that audio comes in on asks for.

    Attributes:
        encoding: of the frames, one of `audio.raw.ENCODINGS`.
        sample_rate: of the frames, in Hz.
        language: code of the language that is spoken.
        keyterms: words to expect.
        word_times: whether transcripts tell when each word was said while they may still change,
            and turns do so at all. Models of the second generation do without.
    """

    encoding: str
    sample_rate: int
    language: str
    keyterms: tuple[str, ...]
    word_times: bool

    @property
    def context(self) -> str:
        """The words to expect, as a recogniser is told of them.

        Closed by a full stop: a list that is left open tempts Whisper to go on with it, and then
        what was said is lost.
        """
        return f"{', '.join(self.keyterms)}." if self.keyterms else ""

    @classmethod
    def read(cls, query: QueryParams, capabilities: TranscriptionCapabilities) -> ListeningOptions:
        """Check what all sockets have in common against what the engine can do.

        Raises:
            FieldError: a value is missing or cannot be used.
            AudioError: encoding or sample rate cannot be used.
        """
        model = check_model(query.get("model"))
        encoding = query.get("encoding")
        if not encoding:
            raise FieldError("encoding", None, ENCODINGS)
        sample_rate = parse_sample_rate(query.get("sample_rate"))
        if sample_rate is None:
            raise FieldError("sample_rate", None, "the sample rate of the audio, in Hz")
        check_format(encoding, sample_rate)
        return cls(
            encoding=encoding,
            sample_rate=sample_rate,
            language=resolve_language(query.get("language"), capabilities),
            keyterms=_keyterms(query.getlist("keyterm")),
            word_times=model not in _WITHOUT_WORD_TIMES,
        )


@dataclass(frozen=True)
class StreamOptions:
    """What the query of ``/stt/websocket`` asks for.

    Attributes:
        listening: to what.
        max_silence: seconds without a voice that end an utterance, or None.
        min_volume: peak, 0 to 1, below which a frame is silence.
    """

    listening: ListeningOptions
    max_silence: float | None
    min_volume: float

    @classmethod
    def read(cls, query: QueryParams, capabilities: TranscriptionCapabilities) -> StreamOptions:
        """Check a query. Errors: see `ListeningOptions.read`."""
        listening = ListeningOptions.read(query, capabilities)
        silence = _number(query, "max_silence_duration_secs", LONGEST_SILENCE)
        volume = _number(query, "min_volume", 1.0)
        return cls(
            listening,
            max_silence=silence,
            min_volume=volume or 0.0,
        )


@dataclass(frozen=True)
class TurnOptions:
    """What the query of ``/stt/turns/websocket`` asks for.

    Attributes:
        listening: to what.
        turn: values of `TurnSettings` by name, as far as they were given.
        languages: that are told apart; none if the query names one.
    """

    listening: ListeningOptions
    turn: Mapping[str, float]
    languages: tuple[str, ...]

    @classmethod
    def read(cls, query: QueryParams, capabilities: TranscriptionCapabilities) -> TurnOptions:
        """Check a query. Errors: see `ListeningOptions.read`."""
        listening = ListeningOptions.read(query, capabilities)
        turn = {}
        for name, (lowest, highest) in TURN_RANGES.items():
            value = _number(query, f"turn_{name}", highest, lowest=lowest)
            if value is not None:
                turn[name] = value
        TurnSettings.read(turn, "turn_")
        known = tuple(code for code in TURN_LANGUAGES if code in capabilities.languages)
        return cls(listening, turn, languages=() if query.get("language") else known)


def check_model(model: str | None, *, others: Sequence[str] = ()) -> str:
    """The name, without a date, of a transcription model, or of one of `others`.

    Raises:
        FieldError: it is none of them.
    """
    accepted = (*MODELS, *others)
    name = _SNAPSHOT.sub("", model or "")
    if name not in accepted:
        raise FieldError("model", model or None, accepted)
    return name


def resolve_language(language: str | None, capabilities: TranscriptionCapabilities) -> str:
    """The engine's code for a language; English where none is named, regions are dropped.

    Raises:
        FieldError: the engine does not hear it.
    """
    if not language:
        return "en"
    code = re.split("[-_]", language.strip().lower())[0]
    if code not in capabilities.languages:
        raise FieldError("language", language, sorted(capabilities.languages))
    return code


def parse_sample_rate(text: str | None) -> int | None:
    """Read a sample rate from a query; None where there is none.

    Raises:
        FieldError: it is no whole number.
    """
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise FieldError("sample_rate", text, "a whole number of Hz, such as 16000") from None


def _number(query: QueryParams, field: str, highest: float, *, lowest: float = 0.0) -> float | None:
    text = query.get(field)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not lowest <= value <= highest:
        raise FieldError(field, text, f"a number from {lowest:g} to {highest:g}")
    return value


def _keyterms(terms: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(term.strip() for term in terms if term.strip())
    if len(kept) > _MOST_TERMS or sum(map(len, kept)) > _LONGEST_TERMS:
        got = f"{len(kept)} terms of {sum(map(len, kept))} characters"
        accepted = f"at most {_MOST_TERMS} terms of {_LONGEST_TERMS} characters in all"
        raise FieldError("keyterm", got, accepted)
    return kept
