"""The value sets of text to speech. All are open: a value unknown here passes."""

from __future__ import annotations

from typing import Literal, TypeAlias

ContextId: TypeAlias = str
"""Names one stream of speech among those that share a socket."""

FlushId: TypeAlias = int
"""Counts the flushes of a context."""

RawEncoding: TypeAlias = Literal["pcm_f32le", "pcm_s16le", "pcm_mulaw", "pcm_alaw"] | str
"""How samples are encoded in raw and wav audio."""

ModelSpeed: TypeAlias = Literal["slow", "normal", "fast"] | str
"""How fast to speak, of a request."""

NaturalSpecifier: TypeAlias = Literal["slowest", "slow", "normal", "fast", "fastest"] | str
"""How fast to speak, in words, of a voice's controls."""

NumericalSpecifier: TypeAlias = float
"""How fast to speak, of a voice's controls: -1 slowest, 0 normal, 1 fastest."""

Speed: TypeAlias = NumericalSpecifier | NaturalSpecifier
"""How fast to speak, of a voice's controls."""

SpeedParams: TypeAlias = Speed
"""`Speed`, under the name that 2.x gives its form in dictionaries."""

Emotion: TypeAlias = str
"""An emotion of `GenerationConfig`: ``neutral``, ``happy``, ``excited`` and so on, in any case."""

EmotionDeprecated: TypeAlias = (
    Literal[
        "anger:lowest",
        "anger:low",
        "anger",
        "anger:high",
        "anger:highest",
        "positivity:lowest",
        "positivity:low",
        "positivity",
        "positivity:high",
        "positivity:highest",
        "surprise:lowest",
        "surprise:low",
        "surprise",
        "surprise:high",
        "surprise:highest",
        "sadness:lowest",
        "sadness:low",
        "sadness",
        "sadness:high",
        "sadness:highest",
        "curiosity:lowest",
        "curiosity:low",
        "curiosity",
        "curiosity:high",
        "curiosity:highest",
    ]
    | str
)
"""An emotion of a voice's controls: a name, and a level after a colon."""

SupportedLanguage: TypeAlias = (
    Literal[
        "en",
        "fr",
        "de",
        "es",
        "pt",
        "zh",
        "ja",
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
"""A language to speak, as ISO 639-1 code or BCP 47 tag."""
