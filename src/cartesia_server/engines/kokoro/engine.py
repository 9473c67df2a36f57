"""The Kokoro speech engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cartesia_server.engines.base import (
    HURRY,
    Expression,
    PreparedText,
    SpeechCapabilities,
    SpeechControls,
    VoicePoint,
)
from cartesia_server.engines.kokoro.alphabet import Speller, Spelling
from cartesia_server.engines.kokoro.models import Models
from cartesia_server.engines.kokoro.plan import Part, Pass, Plan, foretold
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE, Array
from cartesia_server.engines.kokoro.statistics import TIMBRE
from cartesia_server.engines.kokoro.stretches import Stretch, stretches
from cartesia_server.engines.kokoro.timing import TokenTimes
from cartesia_server.settings import Settings
from cartesia_server.text.languages import installed
from cartesia_server.voices.expression import Expressions
from cartesia_server.voices.space import VoiceSpace

LANGUAGES = ("en-US", "en-GB", "es", "es-419", "fr", "it", "pt", "hi", "ja", "zh")


class KokoroEngine:
    """Text to speech by Kokoro-82M. See `SpeechEngine`.

    Args:
        models: loaded graph.
        style: the style of a voice, [256], for a number of tokens.
        moved: the point of a voice that speaks with an expression.
    """

    def __init__(
        self,
        models: Models,
        style: Callable[[VoicePoint, int], Array],
        moved: Callable[[VoicePoint, Expression], VoicePoint],
    ) -> None:
        self.models = models
        self._style = style
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
        words, lead = (*text.lead, *text.spoken), len(text.lead)
        heard = (word for word in reversed(text.spoken) if word.phonemes or word.pause)
        pause = next((word.pause for word in heard), "")
        spelling = self._speller.spell(words, text.language)
        said = spelling.without(lead)
        hurried = controls.first_piece < HURRY
        parts = (
            self._part(said, stretch, pause, voice, controls)
            for stretch in stretches(spelling, words, lead, hurried=hurried)
        )
        return Plan(self.models, parts, controls.first_piece)

    def _part(
        self,
        spelling: Spelling,
        stretch: Stretch,
        pause: str,
        voice: VoicePoint,
        controls: SpeechControls,
    ) -> Part:
        """Run the model on a stretch of the utterance."""
        ids = spelling.ids[stretch.seen.start : stretch.seen.stop]
        style = self._style_of(voice, stretch, len(spelling.ids))
        prosody = self.models.encode(ids, style, controls.speed)
        affine = (
            self.models.affine(prosody, len(ids) / len(spelling.ids))
            if stretch.to_seam
            else foretold(self.models, prosody, controls.first_piece)
        )
        ends = stretch.said.stop == len(spelling.ids)
        run = Pass.trimmed(prosody, affine, pause if ends else "", stretch)
        times = TokenTimes(run, stretch.seen.start, spelling.spaces)
        words = spelling.words[stretch.words.start : stretch.words.stop]
        return Part(
            run,
            times.words(words, stretch.words.start),
            times.phonemes(span for span in spelling.phonemes if span.start in stretch.said),
        )

    def _style_of(self, voice: VoicePoint, stretch: Stretch, size: int) -> Array:
        """The style for a stretch of an utterance of so many tokens.

        Styles depend on the length. An opening has the timbre of the whole, so that it goes on as
        it began, and the prosody of what is between: by that of the whole it would be too slow,
        by its own too fast.
        """
        seen = len(stretch.seen)
        if stretch.to_seam is None:
            return self._style(voice, seen)
        timbre = self._style(voice, size)[:TIMBRE]
        return np.append(timbre, self._style(voice, round((seen * size) ** 0.5))[TIMBRE:])

    def close(self) -> None:
        """Free the models."""
        self.models.close()
        del self.models


def create(settings: Settings) -> KokoroEngine:
    """Make the engine: the entry point ``kokoro`` of ``cartesia_server.speech_engines``.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    models = Models.load(settings.model_dir, settings.cache_dir)
    space = VoiceSpace.load()
    return KokoroEngine(models, space.style, Expressions.load(space).moved)
