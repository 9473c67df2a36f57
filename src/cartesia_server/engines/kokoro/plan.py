"""An utterance whose prosody is settled: where it begins, what is heard when, and its audio."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from cartesia_server.engines.base import (
    DELIVERY_STEP,
    CancelToken,
    Delivery,
    PhonemeTime,
    Samples,
    SpeechChunk,
    WordTime,
)
from cartesia_server.engines.kokoro.decoder import Decoder
from cartesia_server.engines.kokoro.delivery import delivered
from cartesia_server.engines.kokoro.models import Models
from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE, Affine, Prosody

_Time = TypeVar("_Time", WordTime, PhonemeTime)

HALF = FRAME // 2
AUDIBLE = 0.0  # of `Prosody.energy`: about -50 dBFS in every voice
_LEAD = 1  # half frames kept before the first sound: plosives begin softly
_PAUSE = {",": 8, ";": 12, ":": 12, "—": 12, "": 6, ".": 20, "!": 20, "?": 20, "…": 24}
"""Half frames of silence kept at the end, by the mark that ends the utterance."""

_FADE_IN = 72  # samples, 3 ms
_FADE_OUT = 240
_SMALLEST, _LARGEST = 4, 64  # frames of one piece
_KNEE = 0.9  # the limiter leaves what is below alone


SHORT = 50
"""Frames up to which an utterance is made in one piece: it is hardly longer than the first piece of
another, and needs nothing foretold."""


def foretold(models: Models, prosody: Prosody, first_piece: float = 0.0) -> Affine | None:
    """The decoder's normalisations in an utterance; None for one to be made in one piece.

    An utterance that fits into `first_piece`, in seconds, is best made as a whole: then nothing has
    to be foretold.
    """
    whole = max(SHORT, first_piece * SAMPLE_RATE / FRAME)
    return models.affine(prosody) if prosody.frames > whole else None


@dataclass(frozen=True, slots=True)
class Pass:
    """One run of the model: a stretch of tokens and the part of its audio that is kept.

    Attributes:
        prosody: as the model settled it.
        affine: of the decoder's normalisations; None to make the audio at once, as a whole.
        begin: first sample kept.
        end: one past the last sample kept.
    """

    prosody: Prosody
    affine: Affine | None
    begin: int
    end: int

    @classmethod
    def trimmed(
        cls, prosody: Prosody, affine: Affine | None, pause: str, *, skipped: int = 0
    ) -> Pass:
        """Keep what is heard, a breath before it and a pause after it.

        Args:
            prosody: of the whole pass.
            affine: of the decoder's normalisations, or None.
            pause: the mark that ends it; decides how much silence stays.
            skipped: tokens at the beginning that were spoken before.
        """
        halves = 2 * prosody.frames
        earliest = 2 * int(prosody.durations[: skipped + 1].sum()) if skipped else 0
        audible = earliest + np.flatnonzero(prosody.energy[0, earliest:] > AUDIBLE)
        edges = (audible[0], audible[-1]) if len(audible) else (earliest, halves - 1)
        first, last = map(int, edges)
        begin = max(first - _LEAD, earliest)
        end = min(last + 1 + _PAUSE[pause], halves)
        return cls(prosody, affine, begin * HALF, end * HALF)

    @property
    def length(self) -> int:
        """Samples kept."""
        return self.end - self.begin


class Plan:
    """See `SpeechPlan`.

    Args:
        models: that make the audio.
        passes: in order.
        words: times of every spoken word, in seconds of the audio kept.
        phonemes: times of every phoneme.
        first_piece: seconds of audio wanted in the first chunk.
    """

    def __init__(
        self,
        models: Models,
        passes: Sequence[Pass],
        words: Sequence[WordTime],
        phonemes: Sequence[PhonemeTime],
        first_piece: float,
    ) -> None:
        self._models = models
        self.passes = passes
        self._words = words
        self._phonemes = phonemes
        self._first_piece = first_piece

    @property
    def length(self) -> int:
        """Exact number of samples that `chunks` yields."""
        return sum(part.length for part in self.passes)

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        """Make the audio piece by piece, small pieces first. See `SpeechPlan.chunks`."""
        words, phonemes, done = deque(self._words), deque(self._phonemes), 0
        for samples in self._audio(cancel):
            done += len(samples)
            until = done / SAMPLE_RATE if done < self.length else math.inf
            yield SpeechChunk(samples, _begun(words, until), _begun(phonemes, until))

    def delivered(self, delivery: Delivery) -> Plan:
        """The same utterance as somebody else said it. See `DeliverablePlan.delivered`.

        Its chunks have no times: those are the delivery's.
        """
        wanted = round(delivery.seconds * SAMPLE_RATE)
        passes: list[Pass] = []
        own = begin = 0
        for index, part in enumerate(self.passes):
            end = wanted
            if index < len(self.passes) - 1:
                moment = np.searchsorted(delivery.moments, (own + part.length) / SAMPLE_RATE)
                end = min(round(int(moment) * DELIVERY_STEP * SAMPLE_RATE), wanted)
            if end > begin:
                prosody, lead = delivered(
                    part.prosody,
                    delivery,
                    first=begin,
                    count=end - begin,
                    offset=part.begin - own,
                )
                first = lead * FRAME
                affine = foretold(self._models, prosody)
                passes.append(Pass(prosody, affine, first, first + end - begin))
            own, begin = own + part.length, end
        return Plan(self._models, passes, (), (), self._first_piece)

    def _audio(self, cancel: CancelToken) -> Iterator[Samples]:
        size = min(max(round(self._first_piece * SAMPLE_RATE / FRAME), _SMALLEST), _LARGEST)
        for part in self.passes:
            position = part.begin
            if part.affine is None:
                cancel.raise_if_cancelled()
                audio = self._models.whole(part.prosody)[part.begin : part.end]
                yield _finished(audio, starts=True, ends=True)
                continue
            decoder = Decoder(self._models, part.prosody, part.affine, position // FRAME)
            while position < part.end:
                cancel.raise_if_cancelled()
                first = position // FRAME
                last = min(first + size, -(-part.end // FRAME))
                audio = decoder.decode(first, last)
                stop = min(last * FRAME, part.end)
                kept = audio[position - first * FRAME : stop - first * FRAME]
                yield _finished(kept, starts=position == part.begin, ends=stop == part.end)
                position = stop
                size = min(-(-3 * size // 2), _LARGEST)


def _begun(times: deque[_Time], until: float) -> tuple[_Time, ...]:
    """Take what begins before `until` from the front of the queue."""
    taken: list[_Time] = []
    while times and times[0].start < until:
        taken.append(times.popleft())
    return tuple(taken)


def _finished(samples: Samples, *, starts: bool, ends: bool) -> Samples:
    """Fade the edges of the audio kept, and round off peaks."""
    samples = samples.copy()
    if starts:
        samples[:_FADE_IN] *= np.linspace(0, 1, _FADE_IN, dtype=np.float32)[: len(samples)]
    if ends:
        samples[-_FADE_OUT:] *= np.linspace(1, 0, _FADE_OUT, dtype=np.float32)[-len(samples) :]
    over = np.abs(samples) > _KNEE
    if over.any():
        excess = (np.abs(samples[over]) - _KNEE) / (1 - _KNEE)
        samples[over] = np.sign(samples[over]) * (_KNEE + (1 - _KNEE) * np.tanh(excess))
    return samples
