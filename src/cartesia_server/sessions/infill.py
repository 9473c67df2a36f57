"""Speech that fits between two recordings: as loud as they are, and joined without a click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import soxr

from cartesia_server.audio.file import FileEncoder
from cartesia_server.audio.formats import AudioFormat
from cartesia_server.audio.raw import SAMPLE_RATE as HEARD_RATE
from cartesia_server.delivery.level import limited, mean_power, speech_power
from cartesia_server.engines.base import (
    VOICE_FRAME,
    CancelToken,
    Samples,
    TranscriptionEngine,
    VoiceDetector,
)
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.speech import Speaker, SpeechPiece, timed

_MEASURED = 6.0
"""Seconds of the new speech whose level is measured before any of it is given out."""

_HELD = 1.0
"""Seconds held back, so that the end can be joined to what comes after."""

_JOINT, _SENTENCES = 0.15, 0.35
"""Seconds of silence between words, and between sentences, where recordings meet."""

_FADE = 0.005
_SILENT = 10 ** (-45 / 10)  # of the power of speech
_LOUDEST, _SOFTEST = 10.0, 0.1
_VOICE = 0.5
# ruff: noqa: RUF001 -- Chinese and Japanese have marks of their own
_MARKS, _CLOSING = ".!?…。！？", "\"'”’)」』"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What matters of a recording that new speech is joined to.

    Attributes:
        power: mean power of its speech; None if there is none in it.
        before: seconds of silence before its speech.
        after: seconds of silence after it.
    """

    power: float | None
    before: float
    after: float

    @classmethod
    def heard(cls, samples: Samples, transcription: TranscriptionEngine) -> Neighbour:
        """Listen to a recording at 16 kHz."""
        voiced = _voiced(samples, transcription.voice_detector())
        if not len(voiced):
            length = len(samples) / HEARD_RATE
            return cls(None, length, length)
        return cls(
            speech_power(samples, transcription.voice_detector()),
            float(voiced[0]) * VOICE_FRAME / HEARD_RATE,
            max(0.0, (len(samples) - float(voiced[-1] + 1) * VOICE_FRAME) / HEARD_RATE),
        )


def _voiced(samples: Samples, detector: VoiceDetector) -> np.ndarray:
    return np.flatnonzero(detector.feed(samples) > _VOICE)


class Infill:
    """Speaks a text between two recordings. Used by one thread at a time.

    Args:
        transcription: whose voice detector tells how loud it speaks.
        job: who speaks, and how.
        left: what comes before, if anything.
        right: what comes after, if anything.
    """

    def __init__(
        self,
        transcription: TranscriptionEngine,
        job: SpeechJob,
        *,
        left: Neighbour | None,
        right: Neighbour | None,
    ) -> None:
        self._rate = job.voice.capabilities.sample_rate
        plain = AudioFormat("raw", self._rate, "pcm_f32le")
        self._speaker = Speaker(replace(job, form=plain))
        self._transcription = transcription
        self._left, self._right = left, right
        self._file = FileEncoder(self._rate, job.form)

    def recording(self, transcript: str, cancel: CancelToken) -> Iterator[SpeechPiece]:
        """Speak a text as one file, header and end included.

        Args:
            transcript: the text.
            cancel: looked at before each piece.

        Yields:
            The audio. Pieces may be empty: they let others have their turn.

        Raises:
            BadRequest: nothing in the text can be spoken.
            Cancelled: at the first piece after `cancel` was flipped.
        """
        yield from timed(self._pieces(transcript, cancel))

    def _pieces(self, transcript: str, cancel: CancelToken) -> Iterator[SpeechPiece]:
        pieces = self._speaker.recording(transcript, cancel)
        held: list[Samples] = []
        while sum(map(len, held)) < (_MEASURED + _HELD) * self._rate:
            piece = next(pieces, None)
            if piece is None:
                break
            held.append(_samples(piece))
            yield SpeechPiece(b"")
        power = self._power(np.concatenate(held))
        gain = self._gain(power)
        waiting = self._joined_left(np.concatenate(held) * np.float32(gain), power * gain**2)
        more = next(pieces, None)
        if more is None:
            audio = self._joined_right(waiting, power * gain**2, transcript)
            written = self._file.start(len(audio)) + self._file.write(limited(audio))
            yield SpeechPiece(written, seconds=len(audio) / self._rate)
        else:
            header = self._file.start(None)
            while more is not None:
                waiting = np.concatenate([waiting, _samples(more) * np.float32(gain)])
                ready = max(0, len(waiting) - round(_HELD * self._rate))
                written = header + self._file.write(limited(waiting[:ready]))
                yield SpeechPiece(written, seconds=ready / self._rate)
                header, waiting, more = b"", waiting[ready:], next(pieces, None)
            audio = self._joined_right(waiting, power * gain**2, transcript)
            yield SpeechPiece(self._file.write(limited(audio)), seconds=len(audio) / self._rate)
        yield SpeechPiece(self._file.finish())

    def _power(self, samples: Samples) -> float:
        heard = soxr.resample(samples, self._rate, HEARD_RATE).astype(np.float32)
        power = speech_power(heard, self._transcription.voice_detector())
        return power or float(np.mean(np.square(samples))) or 1.0

    def _gain(self, power: float) -> float:
        neighbours = [near.power for near in (self._left, self._right) if near and near.power]
        if not neighbours:
            return 1.0
        return float(np.clip(np.sqrt(mean_power(neighbours) / power), _SOFTEST, _LOUDEST))

    def _joined_left(self, samples: Samples, power: float) -> Samples:
        """Begin a pause after the last word of what comes before."""
        if self._left is None:
            return samples
        silence = max(0.0, _JOINT - self._left.after)
        return self._bordered(samples, power, silence)

    def _joined_right(self, samples: Samples, power: float, transcript: str) -> Samples:
        """End a pause before the first word of what comes after."""
        if self._right is None:
            return samples
        ends = transcript.rstrip().rstrip(_CLOSING).endswith(tuple(_MARKS))
        silence = max(0.0, (_SENTENCES if ends else _JOINT) - self._right.before)
        return self._bordered(samples[::-1], power, silence)[::-1]

    def _bordered(self, samples: Samples, power: float, silence: float) -> Samples:
        """Put a silence of some seconds in place of the one at the beginning, and fade in."""
        heard = np.flatnonzero(np.square(samples) > power * _SILENT)
        fade = round(_FADE * self._rate)
        begin = max(0, int(heard[0]) - fade) if len(heard) else 0
        faded = samples[begin:].copy()
        ramp = np.linspace(0, 1, min(fade, len(faded)), dtype=np.float32)
        faded[: len(ramp)] *= ramp
        return np.concatenate([np.zeros(round(silence * self._rate), np.float32), faded])


def _samples(piece: SpeechPiece) -> Samples:
    return np.frombuffer(piece.audio, "<f4").astype(np.float32)
