"""From text to encoded audio with times: everything between an engine and the wire, without I/O."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np

from cartesia_server.audio.containers import audio_writer
from cartesia_server.audio.resample import StreamResampler, resampled_length
from cartesia_server.engines.base import (
    CancelToken,
    PreparedText,
    Samples,
    SpeechPlan,
)
from cartesia_server.errors import BadRequest
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.timing import SpokenWords, TimedText, Timeline, WrittenWords
from cartesia_server.text.prepare import prepare
from cartesia_server.text.segment import Segmenter
from cartesia_server.text.words import split

_LATER_PIECE = 0.8
"""Seconds of the first piece of an utterance that follows another, whose audio covers for it."""

_PLANNED_AHEAD = 8
"""Utterances whose durations are settled before the audio of a file begins, to know its length.
Each costs some 40 ms of waiting; a longer text is sent with its length unknown."""

_KNEE = 0.8
"""Of full scale; louder samples are bent so that a raised volume does not clip."""

_FADE = 0.01
"""Seconds over which audio that reaches its limit fades out."""


@dataclass(frozen=True, slots=True)
class SpeechPiece:
    """A piece of speech, ready to be sent.

    Attributes:
        audio: in the job's format; may be empty while an encoder holds samples back.
        words: words with their times, where the job wants them.
        phonemes: phonemes with their times, where the job wants them.
        step_time: milliseconds that making it took.
    """

    audio: bytes
    words: tuple[TimedText, ...] = ()
    phonemes: tuple[TimedText, ...] = ()
    step_time: float = 0.0


def segments_of(transcript: str) -> list[str]:
    """Cut a whole transcript into utterances."""
    segmenter = Segmenter()
    return [*segmenter.feed(transcript), *segmenter.flush()]


class Speaker:
    """The voice of one context or one file: utterances in, one gapless piece of audio out.

    Used by one thread at a time, not always the same one.

    Args:
        job: who speaks, and how.
    """

    def __init__(self, job: SpeechJob) -> None:
        self._job = job
        self._voice = job.voice
        self._rate = job.voice.capabilities.sample_rate
        self._resampler = StreamResampler(self._rate, job.form.sample_rate)
        self._writer = audio_writer(job.form)
        self._limit = None if job.max_seconds is None else round(job.max_seconds * self._rate)
        self._samples = 0
        self._silent = ""
        self._words = Timeline(job.max_seconds)
        self._phonemes = Timeline(job.max_seconds)

    @property
    def finished(self) -> bool:
        """Whether the limit on the audio's duration is reached: more text makes no more sound."""
        return self._samples == self._limit

    def speak(self, segments: Iterable[str], cancel: CancelToken) -> Iterator[SpeechPiece]:
        """Go on speaking: the audio follows what was made before.

        Yields nothing if the text has no sound; its words then go with the next text.

        Args:
            segments: of text, as `Segmenter` cuts it.
            cancel: looked at before each piece.

        Raises:
            Cancelled: at the first piece after `cancel` was flipped.
        """
        yield from timed(self._pieces(self._planned(segments), cancel))

    def leftover(self) -> tuple[TimedText, ...]:
        """The words after the last sound, once no more text will come, where they are wanted."""
        silent, self._silent = split(self._silent), ""
        return tuple(map(self._words.here, silent)) if self._job.word_times else ()

    def recording(self, transcript: str, cancel: CancelToken) -> Iterator[SpeechPiece]:
        """Speak a whole text as one file, header and end included.

        Args:
            transcript: the text.
            cancel: looked at before each piece.

        Raises:
            BadRequest: nothing in the text can be spoken.
            Cancelled: at the first piece after `cancel` was flipped.
        """
        yield from timed(self._file(segments_of(transcript), transcript, cancel))

    def _file(
        self, segments: list[str], transcript: str, cancel: CancelToken
    ) -> Iterator[SpeechPiece]:
        planned = self._planned(segments)
        # Only some containers say how long they are; others need not wait for it.
        most = _PLANNED_AHEAD + 1 if self._job.form.tells_length else 1
        first = list(islice(planned, most))
        if not first:
            raise unspeakable(transcript)
        length = self._length([plan for _, plan in first]) if len(first) < most else None
        header = self._writer.start(length)
        for piece in self._pieces(chain(first, planned), cancel):
            yield replace(piece, audio=header + piece.audio)
            header = b""
        yield SpeechPiece(header + self._writer.finish(), self.leftover())

    def _length(self, plans: list[SpeechPlan]) -> int | None:
        lengths = [plan.length for plan in plans]
        known = [length for length in lengths if length is not None]
        if len(known) < len(lengths):
            return None
        total = sum(known) if self._limit is None else min(sum(known), self._limit)
        return resampled_length(total, self._rate, self._job.form.sample_rate)

    def _planned(self, segments: Iterable[str]) -> Iterator[tuple[PreparedText, SpeechPlan]]:
        """Prepare and plan text utterance by utterance, as late as possible."""
        controls, rules = self._job.controls, self._voice.capabilities.espeak
        for segment in segments:
            texts = prepare(self._silent + segment, self._job.language, espeak_voice=rules)
            self._silent = "" if texts else f"{self._silent}{segment} "
            for text in texts:
                yield text, self._voice.plan(text, controls)
                later = max(controls.first_piece, _LATER_PIECE)
                controls = replace(controls, first_piece=later)

    def _pieces(
        self, planned: Iterable[tuple[PreparedText, SpeechPlan]], cancel: CancelToken
    ) -> Iterator[SpeechPiece]:
        spoke = False
        for text, plan in planned:
            for piece in self._utterance(text, plan, cancel):
                spoke = True
                yield piece
            if self.finished:
                break
        tail = self._writer.write(self._resampler.drain()) if spoke else b""
        if tail:
            yield SpeechPiece(tail)

    def _utterance(
        self, text: PreparedText, plan: SpeechPlan, cancel: CancelToken
    ) -> Iterator[SpeechPiece]:
        offset = self._samples / self._rate
        words = (SpokenWords if self._job.normalised else WrittenWords)(text, offset, self._words)
        for chunk in plan.chunks(cancel):
            samples = self._admitted(chunk.samples)
            audio = self._writer.write(self._resampler.feed(self._at_volume(samples)))
            until = self._samples / self._rate - offset
            heard = words.heard(word for word in chunk.words if word.start <= until)
            sounds = [
                self._phonemes.place(sound.phoneme, offset + sound.start, offset + sound.end)
                for sound in chunk.phonemes
                if sound.start <= until
            ]
            yield self._piece(audio, heard, sounds)
            if self.finished:
                return
        if rest := words.rest():
            yield self._piece(b"", rest, [])

    def _piece(
        self, audio: bytes, words: Sequence[TimedText], phonemes: Sequence[TimedText]
    ) -> SpeechPiece:
        return SpeechPiece(
            audio,
            tuple(words) if self._job.word_times else (),
            tuple(phonemes) if self._job.phoneme_times else (),
        )

    def _admitted(self, samples: Samples) -> Samples:
        """Cut samples off where the job's limit is reached, without a click."""
        end = self._samples + len(samples)
        if self._limit is not None and end > self._limit:
            samples = samples[: self._limit - self._samples].copy()
            fade = min(round(_FADE * self._rate), len(samples))
            samples[len(samples) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
        self._samples += len(samples)
        return samples

    def _at_volume(self, samples: Samples) -> Samples:
        if self._job.volume == 1.0:
            return samples
        louder = samples * np.float32(self._job.volume)
        excess = np.maximum(np.abs(louder) - _KNEE, 0) / (1 - _KNEE)
        bent = np.sign(louder) * (_KNEE + (1 - _KNEE) * np.tanh(excess))
        limited: Samples = np.where(excess > 0, bent, louder).astype(np.float32)
        return limited


def unspeakable(transcript: str) -> BadRequest:
    """The refusal of a transcript in which nothing can be spoken, in the API's own words."""
    shown = transcript if len(transcript) <= 40 else f"{transcript[:40]}..."
    return BadRequest(
        "transcript empty or contains only punctuation: "
        f"got {shown!r}, accepted: text with at least one word"
    )


def timed(pieces: Iterator[SpeechPiece]) -> Iterator[SpeechPiece]:
    """Note how long each piece took; the time between pieces belongs to others."""
    started = time.perf_counter()
    for piece in pieces:
        yield replace(piece, step_time=round(1000 * (time.perf_counter() - started), 3))
        started = time.perf_counter()
