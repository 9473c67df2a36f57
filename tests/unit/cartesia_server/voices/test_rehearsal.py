from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from cartesia_server.engines.base import (
    Cancelled,
    CancelToken,
    PreparedText,
    SpeechCapabilities,
    SpeechChunk,
    SpeechControls,
    VoicePoint,
)
from cartesia_server.voices.rehearsal import SENTENCES, UNREHEARSED, Rehearsal

VOICE = np.zeros(192, np.float32)


class Beeps:
    """Speaks every word as half a second of tone, a chunk a word."""

    capabilities = SpeechCapabilities("beeps", ("en-US",), 24_000, phoneme_times=False)

    def plan(self, text: PreparedText, voice: VoicePoint, controls: SpeechControls) -> Beeps:
        self.words = len(text.written)
        return self

    length = None

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        for _ in range(self.words):
            cancel.raise_if_cancelled()
            yield SpeechChunk(np.full(12_000, 0.5, np.float32))

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    return Rehearsal(Beeps(), ["One two three.", "Four five."])


def test_sentences_are_spoken_whole_at_16_khz(rehearsal):
    assert len(rehearsal(VOICE, 0, CancelToken())) == 24_000
    assert len(rehearsal(VOICE, 1, CancelToken())) == 16_000
    assert rehearsal(VOICE, 1, CancelToken()).dtype == np.float32


def test_numbers_go_round(rehearsal):
    assert len(rehearsal(VOICE, 2, CancelToken())) == 24_000


def test_sentences_kept_for_trials_are_others(rehearsal):
    lengths = {len(rehearsal(VOICE, number, CancelToken())) for number in UNREHEARSED}
    assert lengths.isdisjoint({24_000, 16_000})


def test_cancelling_stops_it(rehearsal):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        rehearsal(VOICE, 0, cancel)


def test_the_sentences_can_be_read():
    Rehearsal(Beeps(), SENTENCES)
