"""The Kokoro speech engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from cartesia_server.engines.base import (
    Expression,
    PreparedText,
    SpeechCapabilities,
    SpeechControls,
    VoicePoint,
)
from cartesia_server.engines.kokoro.alphabet import MAX_TOKENS, Speller, Spelling
from cartesia_server.engines.kokoro.models import Models
from cartesia_server.engines.kokoro.plan import Pass, Plan, foretold
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE, Array
from cartesia_server.engines.kokoro.timing import TokenTimes
from cartesia_server.settings import Settings
from cartesia_server.text.languages import installed
from cartesia_server.voices.expression import Expressions
from cartesia_server.voices.space import VoiceSpace

LANGUAGES = ("en-US", "en-GB", "es", "fr", "it", "pt", "hi", "ja", "zh")

WHOLE = frozenset({"pt"})
"""Languages whose utterances are made in one piece: foretold from English, their consonants lose
their voice (word error rate 0.29 instead of 0.04 in eight sentences)."""


class KokoroEngine:
    """Text to speech by Kokoro-82M. See `SpeechEngine`.

    Args:
        models: loaded graph.
        style_rows: the style pack of a voice, [510, 256]: row ``n - 1`` is for ``n`` tokens.
        moved: the point of a voice that speaks with an expression.
    """

    def __init__(
        self,
        models: Models,
        style_rows: Callable[[VoicePoint], Array],
        moved: Callable[[VoicePoint, Expression], VoicePoint],
    ) -> None:
        self._models = models
        self._style_rows = style_rows
        self._moved = moved
        self._speller = Speller()
        self._capabilities = SpeechCapabilities(
            "kokoro", installed(LANGUAGES), SAMPLE_RATE, phoneme_times=True
        )

    @property
    def capabilities(self) -> SpeechCapabilities:
        """Its languages, and 24 kHz audio with times of words and phonemes."""
        return self._capabilities

    def plan(self, text: PreparedText, voice: VoicePoint, controls: SpeechControls) -> Plan:
        """Settle durations and prosody of one utterance. See `SpeechEngine.plan`."""
        voice = self._moved(voice, controls.expression)
        spelling = self._speller.spell(text.spoken, text.language)
        rows = self._style_rows(voice)
        heard = (word for word in reversed(text.spoken) if word.phonemes or word.pause)
        pause = next((word.pause for word in heard), "")
        *most, last = _runs(spelling)
        at_once = math.inf if text.language in WHOLE else controls.first_piece
        passes = [self._pass(ids, rows, controls.speed, at_once, "") for ids in most]
        passes.append(self._pass(last, rows, controls.speed, at_once, pause))
        times = TokenTimes(passes)
        return Plan(
            self._models,
            passes,
            times.words(spelling),
            times.phonemes(spelling),
            controls.first_piece,
        )

    def _pass(self, ids: list[int], rows: Array, speed: float, at_once: float, pause: str) -> Pass:
        prosody = self._models.encode(ids, rows[max(len(ids), 1) - 1], speed)
        affine = foretold(self._models, prosody, at_once)
        return Pass.trimmed(prosody, affine, pause)

    def close(self) -> None:
        """Free the models."""
        del self._models


def _runs(spelling: Spelling) -> Iterator[list[int]]:
    """The tokens in runs that fit the model, cut between words where that is possible."""
    borders = sorted({start for start, _ in spelling.words})
    start = 0
    while len(spelling.ids) - start > MAX_TOKENS:
        fitting = [border for border in borders if start < border <= start + MAX_TOKENS]
        stop = fitting[-1] if fitting else start + MAX_TOKENS
        yield spelling.ids[start:stop]
        start = stop
    yield spelling.ids[start:]


def create(settings: Settings) -> KokoroEngine:
    """Make the engine: the entry point ``kokoro`` of ``cartesia_server.speech_engines``.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    models = Models.load(settings.model_dir, settings.cache_dir)
    space = VoiceSpace.load()
    return KokoroEngine(models, space.style_rows, Expressions.load(space).moved)
