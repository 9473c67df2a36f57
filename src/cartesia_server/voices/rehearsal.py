"""Has voices speak sentences for the speaker encoder to hear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr

from cartesia_server.engines.base import (
    CancelToken,
    PreparedText,
    Samples,
    SpeechControls,
    SpeechEngine,
    VoicePoint,
)
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.features import SAMPLE_RATE

SENTENCES = (
    "The boy threw his old shoes across the wooden bridge, and nobody saw it.",
    "Several large ships waited outside the busy harbour for the morning tide.",
    "A gentle voice on the radio announced the winner of this year's prize.",
    "Thirty children measured the height of the huge yellow flowers in my garden.",
)
"""What voices rehearse: 4 to 5 s each, with most sounds of English in every one."""

UNREHEARSED = (-1, -2)
"""Numbers of sentences that no voice rehearses: on these a refined voice is tried."""

_TRIALS = (
    "Every morning the old baker opens his shop before the first bus goes by.",
    "We shall measure the temperature of the water once more on Thursday.",
)


AT_ONCE = SpeechControls(first_piece=60.0)
"""Nobody waits for the first sound: a sentence made in one piece is cheapest, and truest."""


class Rehearsal:
    """Speaks a numbered sentence in any voice. Thread-safe; see `clone.Rehearse`.

    Args:
        engine: speaks.
        sentences: what is spoken; their phonemes are looked up once, here.
        language: tag they are read in.
        controls: how it is spoken.
    """

    def __init__(
        self,
        engine: SpeechEngine,
        sentences: Sequence[str] = SENTENCES,
        language: str = "en-US",
        controls: SpeechControls = AT_ONCE,
    ) -> None:
        self._engine = engine
        self._controls = controls
        self._prepared = [prepare(sentence, language) for sentence in sentences]
        self._trials = [prepare(sentence, language) for sentence in _TRIALS]

    def __call__(self, voice: VoicePoint, number: int, cancel: CancelToken) -> Samples:
        """Speak a sentence; mono float32 at 16 kHz.

        Args:
            voice: who speaks.
            number: of the sentence, modulo their count; negative for those of `UNREHEARSED`.
            cancel: looked at while it speaks.

        Raises:
            Cancelled: `cancel` was flipped meanwhile.
        """
        sentences = self._prepared if number >= 0 else self._trials
        utterances = sentences[number % len(sentences)]
        spoken = np.concatenate([self._speak(text, voice, cancel) for text in utterances])
        rate = self._engine.capabilities.sample_rate
        resampled: Samples = soxr.resample(spoken, rate, SAMPLE_RATE).astype(np.float32)
        return resampled

    def _speak(self, text: PreparedText, voice: VoicePoint, cancel: CancelToken) -> Samples:
        chunks = self._engine.plan(text, voice, self._controls).chunks(cancel)
        return np.concatenate([chunk.samples for chunk in chunks])
