"""An utterance of a Piper voice: what is heard when, and its audio."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from cartesia_server.engines.base import (
    HURRY,
    CancelToken,
    PhonemeTime,
    Samples,
    SpeechChunk,
    SpeechControls,
    WordTime,
)
from cartesia_server.engines.piper.models import Models
from cartesia_server.engines.piper.score import Score
from cartesia_server.engines.piper.spelling import Spelling
from cartesia_server.engines.piper.stream import Stream

_SMALLEST, _FIRST, _LARGEST = 4, 12, 96  # frames of a piece; `_FIRST` is enough slack in a hurry
_EARLY = 3  # frames that a sound may begin before its phoneme does
_AUDIBLE = 10 ** (-50 / 20)
_BREATH = 0.005  # seconds kept before the first audible sample
_FADE = 64  # samples, 3 ms
_SENTENCE_ENDS = frozenset(".!?…")


class Plan:
    """See `SpeechPlan`.

    Args:
        models: of the voice.
        sample_rate: of its audio.
        spelling: what is said.
        speaker: number of the speaker.
        controls: how.
    """

    def __init__(
        self,
        models: Models,
        sample_rate: int,
        spelling: Spelling,
        speaker: int,
        controls: SpeechControls,
    ) -> None:
        self._hop = models.hop
        self._rate = sample_rate
        self._spelling = spelling
        self._score = Score(models, spelling, speaker, controls.speed)
        self._stream = Stream(models, self._score.latent, speaker)
        wanted = round(controls.first_piece * sample_rate / models.hop)
        hurry = controls.first_piece < HURRY
        self._first = max(min(wanted, _FIRST if hurry else _LARGEST), _SMALLEST)
        (self._score.begin if hurry else self._score.settle)(CancelToken())
        # Beginning and pad are silent but for the start of a sound.
        self._first_frame = max(int(self._score.edges[2]) - _EARLY, 0)
        self._begin = self._first_frame * models.hop  # the first sample, once there is `_opening`
        self._opening: tuple[Samples, int] | None = None

    @property
    def length(self) -> int:
        """Exact number of samples that `chunks` yields."""
        self._score.settle(CancelToken())
        self._open(CancelToken())
        return self._end() * self._hop - self._begin

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        """Make the audio piece by piece, small pieces first. See `SpeechPlan.chunks`."""
        words = phonemes = done = 0
        for samples in self._audio(cancel):
            done += len(samples)
            last = self._score.whole and done == self.length
            until = math.inf if last else done / self._rate
            begun = list(self._words(words, until))
            sounds = list(self._phonemes(phonemes, until))
            words, phonemes = words + len(begun), phonemes + len(sounds)
            yield SpeechChunk(samples, tuple(begun), tuple(sounds))

    def _words(self, first: int, until: float) -> Iterator[WordTime]:
        """The words from `first` on that begin before `until`."""
        for index in range(first, len(self._spelling.words)):
            start, end = self._seconds(*self._spelling.words[index])
            if start >= until:
                return
            yield WordTime(index, start, end)

    def _phonemes(self, first: int, until: float) -> Iterator[PhonemeTime]:
        for span in self._spelling.phonemes[first:]:
            start, end = self._seconds(span.start, span.end)
            if start >= until:
                return
            yield PhonemeTime(span.phoneme, start, end)

    def _seconds(self, first: int, last: int) -> tuple[float, float]:
        """When ids are heard; those that are not settled yet begin later than anything."""
        edges = self._score.edges
        if max(first, last) >= len(edges):
            return math.inf, math.inf
        latest = self._end() if self._score.whole else int(edges[-1])
        start, end = np.clip(edges[[first, last]], 0, latest) * self._hop - self._begin
        # The first sound begins with the audio, a little before its phoneme does.
        start = 0 if first <= 2 else max(start, 0)
        return float(start / self._rate), float(max(end, 0) / self._rate)

    def _end(self) -> int:
        """One past the last frame that is kept: but for a sentence, the end mark is no pause."""
        kept = -1 if self._spelling.pause in _SENTENCE_ENDS else -2
        return int(self._score.edges[kept])

    def _audio(self, cancel: CancelToken) -> Iterator[Samples]:
        opening, position = self._open(cancel)
        ends = self._ends(position)
        yield _finished(opening, starts=True, ends=ends)
        size = self._first
        while not ends:
            cancel.raise_if_cancelled()
            size = min(2 * size, _LARGEST)
            last = self._next(position, size, cancel)
            samples = self._stream.take(position, last, cancel)
            ends = self._ends(last)
            yield _finished(samples, starts=False, ends=ends)
            position = last

    def _open(self, cancel: CancelToken) -> tuple[Samples, int]:
        """The first piece, and its last frame. Made once: where speech begins has to be heard."""
        if self._opening is None:
            cancel.raise_if_cancelled()
            last = self._next(self._first_frame, self._first, cancel)
            samples = self._stream.take(self._first_frame, last, cancel)
            loud = np.flatnonzero(np.abs(samples) > _AUDIBLE)
            silent = max(int(loud[0]) - round(_BREATH * self._rate), 0) if len(loud) else 0
            self._begin += silent
            self._opening = samples[silent:], last
        return self._opening

    def _ends(self, position: int) -> bool:
        return self._score.whole and position == self._end()

    def _next(self, position: int, size: int, cancel: CancelToken) -> int:
        """Where the piece that begins at `position` ends, at most `size` frames on."""
        if not self._score.whole:
            ready = self._score.latent.frames - self._stream.reach
            if ready >= position + _SMALLEST:
                return min(position + size, ready)
            self._score.settle(cancel)
        return min(position + size, self._end())


def _finished(samples: Samples, *, starts: bool, ends: bool) -> Samples:
    """Fade the edges of the audio kept."""
    samples = samples.copy()
    fade = np.linspace(0, 1, min(_FADE, len(samples)), dtype=np.float32)
    if starts:
        samples[: len(fade)] *= fade
    if ends:
        samples[len(samples) - len(fade) :] *= fade[::-1]
    return samples
