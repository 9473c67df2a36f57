"""The Kokoro speech engine."""

from __future__ import annotations

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
        spelling = self._speller.spell((*text.lead, *text.spoken), text.language)
        said = spelling.without(len(text.lead))
        heard = (word for word in reversed(text.spoken) if word.phonemes or word.pause)
        pause = next((word.pause for word in heard), "")
        passes: list[Pass] = []
        for run in _runs(spelling):
            ids = spelling.ids[run.start : run.stop]
            prosody = self.models.encode(ids, self._style(voice, len(ids)), controls.speed)
            skipped = min(max(said.begin - run.start, 0), len(ids))
            ending = pause if run.stop == len(spelling.ids) else ""
            affine = foretold(self.models, prosody, controls.first_piece)
            passes.append(Pass.trimmed(prosody, affine, ending, skipped=skipped))
        times = TokenTimes(passes)
        return Plan(
            self.models, passes, times.words(said), times.phonemes(said), controls.first_piece
        )

    def close(self) -> None:
        """Free the models."""
        del self.models


def _runs(spelling: Spelling) -> Iterator[range]:
    """The tokens in runs that fit the model, cut between words where that is possible."""
    borders = sorted({start for start, _ in spelling.words})
    start = 0
    while len(spelling.ids) - start > MAX_TOKENS:
        fitting = [border for border in borders if start < border <= start + MAX_TOKENS]
        stop = fitting[-1] if fitting else start + MAX_TOKENS
        yield range(start, stop)
        start = stop
    yield range(start, len(spelling.ids))


def create(settings: Settings) -> KokoroEngine:
    """Make the engine: the entry point ``kokoro`` of ``cartesia_server.speech_engines``.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    models = Models.load(settings.model_dir, settings.cache_dir)
    space = VoiceSpace.load()
    return KokoroEngine(models, space.style, Expressions.load(space).moved)
