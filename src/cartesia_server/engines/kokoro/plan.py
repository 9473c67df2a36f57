"""An utterance whose prosody is settled: where it begins, what is heard when, and its audio."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt

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
from cartesia_server.engines.kokoro.pace import Pace
from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE, Affine, Prosody
from cartesia_server.engines.kokoro.stretches import Stretch

_Time = TypeVar("_Time", WordTime, PhonemeTime)

HALF = FRAME // 2
AUDIBLE = 0.0  # of `Prosody.energy`: about -50 dBFS in every voice
_BREATH = 120  # samples kept before the first sound, 5 ms
_PAUSE = {",": 8, ";": 12, ":": 12, "—": 12, "": 6, ".": 20, "!": 20, "?": 20, "…": 24}
"""Half frames of silence kept at the end, by the mark that ends the utterance."""

_SMALLEST = 4  # frames that are worth a piece, at the end
_NEAR = 4  # half frames from where a seam is meant to be
_FADE_IN = 72  # samples, 3 ms
_FADE_OUT = 240
_STRIDE = 40  # frames of a piece, from which on the next one is far from due
_KNEE = 0.9  # the limiter leaves what is below alone
_NOTHING = np.zeros(0, np.float32)


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
        to_seam: whether the next pass goes on in the middle of the speech.
    """

    prosody: Prosody
    affine: Affine | None
    begin: int
    end: int
    to_seam: bool = False

    @classmethod
    def trimmed(
        cls, prosody: Prosody, affine: Affine | None, pause: str, stretch: Stretch | None = None
    ) -> Pass:
        """Keep what is heard, a breath before it and a pause after it.

        At a seam nothing is trimmed: the border lies where it is quietest around there.

        Args:
            prosody: of the whole pass.
            affine: of the decoder's normalisations, or None.
            pause: the mark that ends it; decides how much silence stays.
            stretch: what is said in it; all of it where none is given.
        """
        size = len(prosody.durations) - 2
        stretch = stretch or Stretch(range(size), range(size), range(0))
        edges = 2 * np.cumsum(prosody.durations)  # of the tokens, after that of the beginning
        skipped = min(max(stretch.said.start - stretch.seen.start, 0), size)
        earliest = int(edges[skipped]) if skipped else 0
        audible = earliest + np.flatnonzero(prosody.energy[0, earliest:] > AUDIBLE)
        halves = 2 * prosody.frames
        bounds = (audible[0], audible[-1]) if len(audible) else (earliest, halves - 1)
        begin = _onset(prosody, int(bounds[0]), earliest)
        end = int(bounds[1]) + 1 + _PAUSE[pause]
        if stretch.from_seam is not None:
            seam = edges[[stretch.from_seam.start, stretch.from_seam.stop]]
            begin = _quietest(prosody, seam) * HALF
        if stretch.to_seam is not None:
            end = _quietest(prosody, edges[[stretch.to_seam.start, stretch.to_seam.stop]])
        to_seam = stretch.to_seam is not None
        return cls(prosody, affine, begin, min(end, halves) * HALF, to_seam)

    @property
    def length(self) -> int:
        """Samples kept."""
        return self.end - self.begin


def _onset(prosody: Prosody, first: int, earliest: int) -> int:
    """The sample at which to begin for a first audible half frame: a breath before it is heard.

    Every millisecond of silence here is waited for.
    """
    before, at = prosody.energy[0, max(first - 1, 0)], prosody.energy[0, first]
    rise = (AUDIBLE - before) / (at - before) if before < AUDIBLE < at else 0.5
    heard = round((first - 0.5 + float(rise)) * HALF)  # each energy is that of a middle
    return max(heard - _BREATH, earliest * HALF)


def _quietest(prosody: Prosody, between: npt.NDArray[np.int64]) -> int:
    """The quietest half frame between two, or near them."""
    first, last = max(int(between[0]) - _NEAR, 0), int(between[1]) + _NEAR
    return first + int(np.argmin(prosody.energy[0, first : last + 1]))


@dataclass(frozen=True, slots=True)
class Part:
    """A pass and what is heard in it.

    Attributes:
        run: the pass.
        words: times of the words that begin in it, in seconds of the audio kept of it.
        phonemes: times of every phoneme.
    """

    run: Pass
    words: Sequence[WordTime] = ()
    phonemes: Sequence[PhonemeTime] = ()


class Plan:
    """See `SpeechPlan`.

    Args:
        models: that make the audio.
        parts: in order, at least one; taken from there as late as possible.
        first_piece: seconds of audio wanted in the first chunk.
    """

    def __init__(self, models: Models, parts: Iterable[Part], first_piece: float) -> None:
        self._models = models
        self._coming = iter(parts)
        self._parts = [next(self._coming)]
        self._first_piece = first_piece

    @property
    def passes(self) -> list[Pass]:
        """All runs of the model."""
        self._parts += self._coming
        return [part.run for part in self._parts]

    @property
    def length(self) -> int:
        """Exact number of samples that `chunks` yields."""
        return sum(run.length for run in self.passes)

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        """Make the audio piece by piece, small pieces first. See `SpeechPlan.chunks`."""
        return self._models.endurance.watch(self._chunks(cancel))

    def _chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        offset, pace = 0.0, Pace(self._first_piece, lambda: self._models.busy)
        for part in self._settled(cancel):
            if offset:
                yield SpeechChunk(_NOTHING)  # settling takes long enough for others to have a turn
            words, phonemes, done = deque(part.words), deque(part.phonemes), 0
            for samples in self._audio(part.run, pace, cancel):
                done += len(samples)
                until = done / SAMPLE_RATE if done < part.run.length else math.inf
                yield SpeechChunk(
                    samples, _begun(words, until, offset), _begun(phonemes, until, offset)
                )
            offset += part.run.length / SAMPLE_RATE

    def delivered(self, delivery: Delivery) -> Plan:
        """The same utterance as somebody else said it. See `DeliverablePlan.delivered`.

        Its chunks have no times: those are the delivery's.
        """
        wanted = round(delivery.seconds * SAMPLE_RATE)
        parts: list[Part] = []
        own = begin = 0
        for index, run in enumerate(self.passes):
            end = wanted
            if index < len(self.passes) - 1:
                moment = np.searchsorted(delivery.moments, (own + run.length) / SAMPLE_RATE)
                end = min(round(int(moment) * DELIVERY_STEP * SAMPLE_RATE), wanted)
            if end > begin:
                prosody, lead = delivered(
                    run.prosody,
                    delivery,
                    first=begin,
                    count=end - begin,
                    offset=run.begin - own,
                )
                first = lead * FRAME
                affine = foretold(self._models, prosody)
                parts.append(Part(Pass(prosody, affine, first, first + end - begin)))
            own, begin = own + run.length, end
        return Plan(self._models, parts, self._first_piece)

    def _settled(self, cancel: CancelToken) -> Iterator[Part]:
        """The parts, each settled when the one before it is made."""
        index = 0
        while index < len(self._parts):
            yield self._parts[index]
            index += 1
            if index == len(self._parts):
                cancel.raise_if_cancelled()
                self._parts += islice(self._coming, 1)

    def _audio(self, run: Pass, pace: Pace, cancel: CancelToken) -> Iterator[Samples]:
        """The audio of one pass in pieces."""
        cancel.raise_if_cancelled()
        if run.affine is None:
            audio = self._models.whole(run.prosody, cancel)[run.begin : run.end]
            yield _finished(audio, starts=True, ends=_FADE_OUT)
            return
        decoder = Decoder(self._models, run.prosody, run.affine, run.begin // FRAME, cancel)
        spans, begun = _spans(run, pace), None
        span = next(spans, None)
        while span is not None:
            cancel.raise_if_cancelled()
            first, last = span
            decode = begun or partial(decoder.decode, first, last)
            in_stride = last - first >= _STRIDE and begun is None
            following = next(spans, None) if in_stride else None
            begun = decoder.begin(*following) if following else None
            audio = decode()
            begin, end = (
                min(max(edge, run.begin), run.end) for edge in (first * FRAME, last * FRAME)
            )
            kept = audio[begin - first * FRAME : end - first * FRAME]
            pace.made(last - first, len(kept))
            fade = _FADE_IN if run.to_seam else _FADE_OUT
            yield _finished(kept, starts=begin == run.begin, ends=fade if end == run.end else 0)
            span = following or next(spans, None)


def _spans(run: Pass, pace: Pace) -> Iterator[tuple[int, int]]:
    """First and last frame of one piece after the other."""
    first, stop = run.begin // FRAME, -(-run.end // FRAME)
    while first < stop:
        last = first + pace.begin()
        if stop - last < _SMALLEST:  # what would be left is not worth a piece
            last = stop
        yield first, last
        first = last


def _begun(times: deque[_Time], until: float, offset: float) -> tuple[_Time, ...]:
    """Take what begins before `until` from the front of the queue, so much later."""
    taken: list[_Time] = []
    while times and times[0].start < until:
        time = times.popleft()
        taken.append(replace(time, start=time.start + offset, end=time.end + offset))
    return tuple(taken)


def _finished(samples: Samples, *, starts: bool, ends: int) -> Samples:
    """Fade the edges of the audio kept, at the end over so many samples; round off peaks."""
    samples = samples.copy()
    if starts:
        samples[:_FADE_IN] *= np.linspace(0, 1, _FADE_IN, dtype=np.float32)[: len(samples)]
    if ends:
        samples[-ends:] *= np.linspace(1, 0, ends, dtype=np.float32)[-len(samples) :]
    over = np.abs(samples) > _KNEE
    if over.any():
        excess = (np.abs(samples[over]) - _KNEE) / (1 - _KNEE)
        samples[over] = np.sign(samples[over]) * (_KNEE + (1 - _KNEE) * np.tanh(excess))
    return samples
