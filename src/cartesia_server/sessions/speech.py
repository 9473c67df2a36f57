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
    HURRY,
    CancelToken,
    PreparedText,
    Samples,
    SpeechControls,
    SpeechPlan,
    SpokenWord,
)
from cartesia_server.errors import BadRequest
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.timing import SpokenWords, TimedText, Timeline, WrittenWords
from cartesia_server.text.lead import carried
from cartesia_server.text.markup import Break, Emotion, Piece, Speed, Volume, written
from cartesia_server.text.prepare import prepare
from cartesia_server.text.transcript import read_transcript
from cartesia_server.text.words import split
from cartesia_server.voices.emotions import EMOTIONS

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
        seconds: how long its sound lasts, held back or not.
        step_time: milliseconds that making it took.
    """

    audio: bytes
    words: tuple[TimedText, ...] = ()
    phonemes: tuple[TimedText, ...] = ()
    seconds: float = 0.0
    step_time: float = 0.0


@dataclass(frozen=True, slots=True)
class _Utterance:
    """Text whose prosody is settled, and the volume that markup asks for."""

    text: PreparedText
    plan: SpeechPlan
    volume: float

    @property
    def length(self) -> int | None:
        return self.plan.length


@dataclass(frozen=True, slots=True)
class _Silence:
    """So many samples of it."""

    length: int


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
        self._speed = self._volume = 1.0
        self._expression = job.controls.expression
        self._lead: tuple[SpokenWord, ...] = ()
        self._words = Timeline(job.max_seconds)
        self._phonemes = Timeline(job.max_seconds)

    @property
    def finished(self) -> bool:
        """Whether the limit on the audio's duration is reached: more text makes no more sound."""
        return self._samples == self._limit

    def speak(self, segments: Iterable[Piece], cancel: CancelToken) -> Iterator[SpeechPiece]:
        """Go on speaking: the audio follows what was made before.

        Yields nothing if the text has no sound; its words then go with the next text.

        Args:
            segments: utterances and directives, as `TranscriptReader` gives them.
            cancel: looked at before each piece.

        Raises:
            Cancelled: at the first piece after `cancel` was flipped.
        """
        yield from timed(self._pieces(self._planned(segments), cancel))

    def leftover(self) -> tuple[TimedText, ...]:
        """The words after the last sound, once no more text will come, where they are wanted."""
        silent, self._silent = [*map(written, split(self._silent))], ""
        return tuple(map(self._words.here, silent)) if self._job.word_times else ()

    def recording(self, transcript: str, cancel: CancelToken) -> Iterator[SpeechPiece]:
        """Speak a whole text as one file, header and end included.

        Args:
            transcript: the text.
            cancel: looked at before each piece.

        Raises:
            BadRequest: nothing in the text can be spoken.
            MarkupError: markup in the text asks for what cannot be.
            Cancelled: at the first piece after `cancel` was flipped.
        """
        yield from timed(self._file(read_transcript(transcript), transcript, cancel))

    def _file(
        self, segments: Iterable[Piece], transcript: str, cancel: CancelToken
    ) -> Iterator[SpeechPiece]:
        # Only some containers say how long they are; others need not wait for it.
        ahead = self._job.form.tells_length
        planned = self._planned(segments, HURRY if ahead else 0.0)
        most = _PLANNED_AHEAD + 1 if ahead else 1
        first = list(islice(planned, most))
        if not first:
            raise unspeakable(transcript)
        length = self._length(first) if len(first) < most else None
        header = self._writer.start(length)
        for piece in self._pieces(chain(first, planned), cancel):
            yield replace(piece, audio=header + piece.audio)
            header = b""
        yield SpeechPiece(header + self._writer.finish(), self.leftover())

    def _length(self, planned: Sequence[_Utterance | _Silence]) -> int | None:
        lengths = [part.length for part in planned]
        known = [length for length in lengths if length is not None]
        if len(known) < len(lengths):
            return None
        total = sum(known) if self._limit is None else min(sum(known), self._limit)
        return resampled_length(total, self._rate, self._job.form.sample_rate)

    def _planned(
        self, segments: Iterable[Piece], first_piece: float = 0.0
    ) -> Iterator[_Utterance | _Silence]:
        """Prepare and plan text utterance by utterance, as late as possible.

        Args:
            segments: what is said.
            first_piece: seconds of it, if more than the job wants.
        """
        first_piece = max(first_piece, self._job.controls.first_piece)
        for segment in segments:
            if isinstance(segment, Break):
                yield _Silence(round(segment.seconds * self._rate))
            elif not isinstance(segment, str):
                self._turn(segment)
            else:
                for text in self._prepared(segment):
                    led = replace(text, lead=self._lead)
                    plan = self._voice.plan(led, self._controls(first_piece))
                    yield _Utterance(led, plan, self._loudness())
                    self._lead = carried(led)
                    first_piece = max(first_piece, HURRY)  # what was said before covers for it

    def _prepared(self, segment: str) -> list[PreparedText]:
        texts = prepare(
            self._silent + segment,
            self._job.language,
            espeak_voice=self._voice.capabilities.espeak,
            lexicon=self._job.lexicon,
            normalise_for=self._job.normalise_for,
        )
        self._silent = "" if texts else f"{self._silent}{segment} "
        return texts

    def _controls(self, first_piece: float) -> SpeechControls:
        usual, expression = self._job.controls, self._expression
        speed = usual.speed * self._speed * expression.rate
        return replace(usual, speed=speed, first_piece=first_piece, expression=expression)

    def _loudness(self) -> float:
        """Of what markup asks for, on that of the request."""
        return self._volume * self._expression.level

    def _turn(self, directive: Speed | Volume | Emotion) -> None:
        """Speak otherwise from here on."""
        if isinstance(directive, Speed):
            self._speed = directive.ratio
        elif isinstance(directive, Volume):
            self._volume = directive.ratio
        else:
            usual = self._job.controls.expression
            self._expression = EMOTIONS[directive.name] if directive.name else usual

    def _pieces(
        self, planned: Iterable[_Utterance | _Silence], cancel: CancelToken
    ) -> Iterator[SpeechPiece]:
        spoke = False
        for part in planned:
            made = (
                self._utterance(part, cancel)
                if isinstance(part, _Utterance)
                else self._pause(part, cancel)
            )
            for piece in made:
                spoke = True
                yield piece
            if self.finished:
                break
        tail = self._writer.write(self._resampler.drain()) if spoke else b""
        if tail:
            yield SpeechPiece(tail)

    def _pause(self, silence: _Silence, cancel: CancelToken) -> Iterator[SpeechPiece]:
        for start in range(0, silence.length, self._rate):
            cancel.raise_if_cancelled()
            length = min(self._rate, silence.length - start)
            samples = self._admitted(np.zeros(length, np.float32))
            yield self._piece(samples, [], [])
            if self.finished:
                return

    def _utterance(self, utterance: _Utterance, cancel: CancelToken) -> Iterator[SpeechPiece]:
        text, volume = utterance.text, self._job.volume * utterance.volume
        offset = self._samples / self._rate
        words = (SpokenWords if self._job.normalised else WrittenWords)(text, offset, self._words)
        for chunk in utterance.plan.chunks(cancel):
            samples = self._admitted(chunk.samples)
            until = self._samples / self._rate - offset
            heard = words.heard(word for word in chunk.words if word.start <= until)
            sounds = [
                self._phonemes.place(sound.phoneme, offset + sound.start, offset + sound.end)
                for sound in chunk.phonemes
                if sound.start <= until
            ]
            yield self._piece(_at_volume(samples, volume), heard, sounds)
            if self.finished:
                return
        if rest := words.rest():
            yield self._piece(np.zeros(0, np.float32), rest, [])

    def _piece(
        self, samples: Samples, words: Sequence[TimedText], phonemes: Sequence[TimedText]
    ) -> SpeechPiece:
        return SpeechPiece(
            self._writer.write(self._resampler.feed(samples)),
            tuple(words) if self._job.word_times else (),
            tuple(phonemes) if self._job.phoneme_times else (),
            len(samples) / self._rate,
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


def unspeakable(transcript: str) -> BadRequest:
    """The refusal of a transcript in which nothing can be spoken, in the API's own words."""
    shown = transcript if len(transcript) <= 40 else f"{transcript[:40]}..."
    return BadRequest(
        "transcript empty or contains only punctuation: "
        f"got {shown!r}, accepted: text with at least one word"
    )


def _at_volume(samples: Samples, volume: float) -> Samples:
    if volume == 1.0:
        return samples
    louder = samples * np.float32(volume)
    excess = np.maximum(np.abs(louder) - _KNEE, 0) / (1 - _KNEE)
    bent = np.sign(louder) * (_KNEE + (1 - _KNEE) * np.tanh(excess))
    limited: Samples = np.where(excess > 0, bent, louder).astype(np.float32)
    return limited


def timed(pieces: Iterator[SpeechPiece]) -> Iterator[SpeechPiece]:
    """Note how long each piece took; the time between pieces belongs to others."""
    started = time.perf_counter()
    for piece in pieces:
        yield replace(piece, step_time=round(1000 * (time.perf_counter() - started), 3))
        started = time.perf_counter()
