"""A recording spoken again by another voice: from samples to encoded audio, without I/O.

What is said is recognised, and each phrase is spoken by the new voice in its own way. Aligning
that with the recording tells when the speaker said each sound, and so the phrase is spoken once
more, in the speaker's times, melody and level.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np
import soxr

from cartesia_server.audio.file import FileEncoder
from cartesia_server.audio.raw import SAMPLE_RATE as HEARD_RATE
from cartesia_server.audio.resample import resampled_length
from cartesia_server.delivery.align import align
from cartesia_server.delivery.level import as_loud, matched, moments_power
from cartesia_server.delivery.melody import melody, pitches
from cartesia_server.delivery.phrases import Phrase, phrases
from cartesia_server.engines.base import (
    DELIVERY_STEP,
    HURRY,
    CancelToken,
    DeliverablePlan,
    Delivery,
    Samples,
    SpeechPlan,
    TranscriptionEngine,
    TranscriptSegment,
    WordTime,
)
from cartesia_server.errors import BadRequest
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.speech import SpeechPiece, timed

_SILENCE = 0.2
"""Seconds of silence around a phrase as the new voice says it: the recording has some as well."""

_SMOOTHING = 7
"""Moments that times are averaged over: an alignment goes in steps."""

_PACES = (0.5, 2.0)
"""Speeds, of the voice's own, between which words can be understood."""

_NOTHING: Samples = np.zeros(0, np.float32)


class VoiceChanger:
    """Speaks one recording again. Used by one thread at a time, not always the same one.

    Args:
        transcription: that listens.
        job: who speaks, and how. If the voice's plans are `DeliverablePlan`s, it follows the
            speaker sound by sound; else phrase by phrase, each at the speaker's pace.
    """

    def __init__(self, transcription: TranscriptionEngine, job: SpeechJob) -> None:
        self._transcription = transcription
        # Nobody waits for the first sound: all of a phrase is made before it is heard.
        self._job = replace(job, controls=replace(job.controls, first_piece=HURRY))
        self._rate = job.voice.capabilities.sample_rate
        self._file = FileEncoder(self._rate, job.form)
        self._tracks: list[np.ndarray] = []

    def change(self, samples: Samples, language: str, cancel: CancelToken) -> Iterator[SpeechPiece]:
        """Speak a recording again as one file, header and end included.

        Args:
            samples: the recording, at 16 kHz.
            language: code of the language that is spoken in it.
            cancel: looked at before each piece.

        Yields:
            Audio as long as the recording. Pieces may be empty: they let others have their turn.

        Raises:
            BadRequest: no words were heard.
            Cancelled: at the first piece after `cancel` was flipped.
        """
        yield from timed(self._pieces(samples, language, cancel))

    def _pieces(
        self, samples: Samples, language: str, cancel: CancelToken
    ) -> Iterator[SpeechPiece]:
        length = resampled_length(len(samples), HEARD_RATE, self._rate)
        begun = False
        for audio in self._spoken(samples, language, length, cancel):
            if audio is not None and not begun:
                begun = True
                yield SpeechPiece(self._file.start(length))
            if audio is None:
                yield SpeechPiece(b"")
            else:
                yield SpeechPiece(self._file.write(audio), seconds=len(audio) / self._rate)
        if not begun:
            raise BadRequest("clip: no words were heard in it; accepted: a recording of speech")
        yield SpeechPiece(self._file.finish())

    def _spoken(
        self, samples: Samples, language: str, length: int, cancel: CancelToken
    ) -> Iterator[Samples | None]:
        """The new audio at the engine's rate, `length` samples in all, or none without words.

        None where another job may have its turn.
        """
        done = 0
        for phrase in self._phrases(samples, language, cancel):
            if phrase is None:
                yield None
                continue
            start, stop = (
                min(round(second * self._rate), length) for second in (phrase.begin, phrase.end)
            )
            yield np.zeros(start - done, np.float32)
            spoken = _NOTHING
            for audio in self._respoken(phrase, samples, cancel):
                yield None
                spoken = audio[: stop - start]
            yield spoken
            done = start + len(spoken)
        if done:
            yield np.zeros(length - done, np.float32)

    def _phrases(
        self, samples: Samples, language: str, cancel: CancelToken
    ) -> Iterator[Phrase | None]:
        """The phrases of a recording; None where another job may have its turn."""
        begin, last = 0.0, None
        for segment in self._transcription.transcribe(samples, language, cancel):
            yield None
            if segment is None:
                continue
            if last is not None:
                begin = yield from self._said(last, begin, segment.start)
            last = segment
        if last is not None:
            yield from self._said(last, begin, len(samples) / HEARD_RATE)

    def _said(
        self, segment: TranscriptSegment, begin: float, end: float
    ) -> Generator[Phrase, None, float]:
        """The phrases of a segment between two times; returns where the last of them ends."""
        rules, language = self._job.voice.capabilities.espeak, self._job.language
        for phrase in phrases(segment.words, language, begin, end, espeak_voice=rules):
            begin = phrase.end
            yield phrase
        return begin

    def _respoken(self, phrase: Phrase, samples: Samples, cancel: CancelToken) -> Iterator[Samples]:
        """A phrase in the new voice; what comes last is the whole of it."""
        first, last = (round(second * HEARD_RATE) for second in (phrase.begin, phrase.end))
        recording = samples[first:last]
        plan = self._job.voice.plan(phrase.text, self._job.controls)
        model, words = _NOTHING, list[WordTime]()
        for chunk in plan.chunks(cancel):
            model = np.concatenate([model, chunk.samples])
            words += chunk.words
            yield _NOTHING
        if isinstance(plan, DeliverablePlan):
            plan = plan.delivered(self._delivery(phrase, model, words, recording))
            audio, fitted = _NOTHING, matched
        else:
            plan, audio = self._hurried(phrase, len(model) / self._rate)
            fitted = as_loud
        for chunk in plan.chunks(cancel):
            audio = np.concatenate([audio, chunk.samples])
            yield _NOTHING
        wanted = moments_power(recording, HEARD_RATE, _moments(recording))
        yield fitted(audio, self._rate, wanted)

    def _hurried(self, phrase: Phrase, seconds: float) -> tuple[SpeechPlan, Samples]:
        """For a voice that cannot follow a delivery: a phrase at the pace it was heard at.

        Args:
            phrase: what to say.
            seconds: that the voice takes for it at its own pace.

        Returns:
            A plan, and the silence before it.
        """
        heard = [time for time in phrase.times if time is not None]
        begin, end = heard[0][0], heard[-1][1]
        pace = seconds / max(end - begin, DELIVERY_STEP)
        speed = self._job.controls.speed * float(np.clip(pace, *_PACES))
        controls = replace(self._job.controls, speed=speed)
        silence = np.zeros(round((begin - phrase.begin) * self._rate), np.float32)
        return self._job.voice.plan(phrase.text, controls), silence

    def _delivery(
        self, phrase: Phrase, model: Samples, words: list[WordTime], recording: Samples
    ) -> Delivery:
        """How the recording says a phrase, measured against how the new voice says it."""
        count = _moments(recording)
        silence = np.zeros(round(_SILENCE * HEARD_RATE), np.float32)
        heard = soxr.resample(model, self._rate, HEARD_RATE).astype(np.float32)
        own, other = align(
            np.concatenate([silence, heard, silence]), recording, _anchors(phrase, words)
        )
        places = np.rint(other / DELIVERY_STEP).astype(np.int64)
        moments = np.bincount(places, own) / np.bincount(places)
        moments = np.interp(np.arange(count), np.arange(len(moments)), moments) - _SILENCE
        kernel = np.full(_SMOOTHING, 1 / _SMOOTHING)
        moments = np.convolve(np.pad(moments, _SMOOTHING // 2, "edge"), kernel, "valid")
        track = pitches(recording)
        self._tracks.append(track[track > 0])
        voiced = np.concatenate(self._tracks)
        middle = float(np.median(voiced)) if len(voiced) else 1.0
        return Delivery(moments, melody(track, middle, count))


def _moments(recording: Samples) -> int:
    return round(len(recording) / HEARD_RATE / DELIVERY_STEP)


def _anchors(phrase: Phrase, words: list[WordTime]) -> list[tuple[float, float]]:
    """Middles of words: where the new voice says them, and where they were heard."""
    spans: dict[int, tuple[float, float]] = {}
    for word in words:
        written = phrase.text.spoken[word.index].written
        start, _ = spans.get(written, (word.start, 0.0))
        spans[written] = (start, word.end)
    pairs = []
    for written, (start, end) in sorted(spans.items()):
        heard = phrase.times[written]
        if heard is not None:
            middle = (heard[0] + heard[1]) / 2 - phrase.begin
            pairs.append(((start + end) / 2 + _SILENCE, middle))
    return pairs
