"""When somebody begins and stops speaking, decided frame by frame on the time of the audio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cartesia_server.engines.base import VOICE_FRAME as FRAME
from cartesia_server.engines.base import Samples, VoiceDetector

SAMPLE_RATE = 16_000

DEFAULT_SILENCE = 0.6
"""Seconds of silence that end an utterance where the caller names none."""

_VOICE, _STILL_VOICE = 0.5, 0.35  # probability at which a voice begins, and goes on
_PADDING = 10 * FRAME  # samples kept before and after speech, about 0.3 s
_LONGEST_ONSET = 32 * FRAME  # samples for which a likely voice is kept before it is one

# From a length on an utterance ends at ever shorter pauses, so that it ends at one at all before a
# recogniser's window of 28 s is full; and, where the caller leaves it to us, before drafts of it
# take longer than readers wait.
_EAGER = (8.0, 16.0)
_EAGER_AS_ASKED = (20.0, 26.0)
_SHORTEST_SILENCE = 0.16
_LEAST_SILENCE = 0.1  # the detector itself wavers below this


@dataclass(eq=False)
class Utterance:
    """A stretch of speech, in samples since the start of the stream.

    Attributes:
        start: where it begins, a little before the voice.
        voice_end: the end of the last frame with a voice.
        end: where it ends, a little after the voice; None while it goes on.
        voice_at: when the last voice came.
    """

    start: int
    voice_end: int
    end: int | None = None
    voice_at: float = 0.0


class Endpointer:
    """Cuts a stream into utterances.

    Nothing is discarded: utterances keep their quiet parts, and what lies between them was judged
    to hold no voice at all.

    Args:
        detector: fresh.
        max_silence: seconds without a voice that end an utterance of up to 20 s, but never less
            than 0.1; none longer than 26 s needs more than 0.16. None leaves it to us: 0.6, and
            less for utterances of more than 8 s.
        min_volume: peak, 0 to 1, below which a frame is silence, whatever it sounds like: somebody
            in the background, for instance.
        threshold: probability of a voice, 0.5 or more, at which an utterance begins. What was
            likely a voice just before belongs to it.

    Attributes:
        threshold: may be changed at any time.
    """

    def __init__(
        self,
        detector: VoiceDetector,
        max_silence: float | None = None,
        min_volume: float = 0.0,
        threshold: float = _VOICE,
    ) -> None:
        self.threshold = threshold
        self._detector = detector
        self._eager = _EAGER if max_silence is None else _EAGER_AS_ASKED
        asked = DEFAULT_SILENCE if max_silence is None else max_silence
        self._max_silence = max(asked, _LEAST_SILENCE)
        self._min_volume = min_volume
        self._unjudged: Samples = np.empty(0, np.float32)
        self._judged = 0  # samples that the detector has judged
        self._unvoiced = 0  # end of the last frame that was likely no voice
        self._floor = 0  # where the last utterance ended: the next cannot begin before
        self._is_voice = False
        self._open: Utterance | None = None

    @property
    def position(self) -> int:
        """Samples received."""
        return self._judged + len(self._unjudged)

    @property
    def needed_from(self) -> int:
        """The first sample that an utterance of the future may still include."""
        return max(self._floor, self._onset - _PADDING)

    @property
    def _onset(self) -> int:
        """Since when there has been, most likely, a voice; now if there is none."""
        return max(self._unvoiced, self._judged - _LONGEST_ONSET)

    def silence(self, utterance: Utterance) -> float:
        """Seconds for which an open utterance has been silent."""
        return (self._judged - utterance.voice_end) / SAMPLE_RATE

    def feed(self, samples: Samples, now: float = 0.0) -> Sequence[Utterance]:
        """Listen on.

        Args:
            samples: mono float32 at 16 kHz.
            now: when they came. It decides nothing; utterances carry it.

        Returns:
            Utterances that began in these samples. Each is kept up to date: its `voice_end`
            grows, and its `end` is set once it is over.
        """
        self._unjudged = np.concatenate((self._unjudged, samples))
        begun: list[Utterance] = []
        for probability in self._detector.feed(samples):
            peak = float(np.abs(self._unjudged[:FRAME]).max())
            self._unjudged = self._unjudged[FRAME:]
            if self._judge(float(probability), peak):
                begun.append(self._begin())
            if self._is_voice and self._open is not None:
                self._open.voice_at = now
        return begun

    def cut(self) -> None:
        """End the utterance that is open, if one is, with the audio received so far."""
        if self._open is not None:
            self._end(self._open, self.position)

    def _judge(self, probability: float, peak: float) -> bool:
        """Take one frame; whether an utterance begins with it."""
        threshold = self.threshold if self._open is None else _VOICE
        if self._is_voice:
            threshold = _STILL_VOICE
        is_loud = peak >= self._min_volume
        self._is_voice = is_loud and probability >= threshold
        self._judged += FRAME
        likely = is_loud and probability >= _VOICE
        if not (self._is_voice or likely):
            self._unvoiced = self._judged
        if self._open is None:
            return self._is_voice
        if self._is_voice:
            self._open.voice_end = self._judged
        elif self.silence(self._open) >= self._patience(self._open):
            self._end(self._open, self._judged)
        return False

    def _patience(self, utterance: Utterance) -> float:
        """Seconds of silence that end an utterance, given its length so far."""
        length = (utterance.voice_end - utterance.start) / SAMPLE_RATE
        begins, complete = self._eager
        eagerness = min(1.0, max(0.0, (length - begins) / (complete - begins)))
        shortest = min(self._max_silence, _SHORTEST_SILENCE)
        return self._max_silence + (shortest - self._max_silence) * eagerness

    def _begin(self) -> Utterance:
        start = max(self._floor, self._onset - _PADDING)
        self._open = Utterance(start, voice_end=self._judged)
        return self._open

    def _end(self, utterance: Utterance, latest: int) -> None:
        utterance.end = self._floor = min(latest, utterance.voice_end + _PADDING)
        self._open = None
        self._is_voice = False
