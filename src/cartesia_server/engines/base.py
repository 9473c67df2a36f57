"""What an engine is: the seam between protocol and models.

A speech engine turns prepared text and a point of the voice space into samples with exact times;
a transcription engine turns samples into timed words. Engines know nothing of requests, sockets,
encodings or sample rates of others: that work lies outside. A new engine is one module and one
entry point (groups ``cartesia_server.speech_engines`` and
``cartesia_server.transcription_engines``, each naming a function ``create(settings) -> engine``).

An engine whose voices are no points of that space brings them along: its entry point, in the group
``cartesia_server.voices``, names a function ``find(settings)`` that returns a `VoiceRecord` with a
`Voice` for each. A server has one speech engine for the space, and any number of those.

Samples are ``numpy.float32``, mono, shape (n,), nominally within [-1, 1]. Times are seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.float32]
"""Mono audio, shape (n,), float32 within [-1, 1]."""

VoicePoint: TypeAlias = npt.NDArray[np.float32]
"""A voice: a point of the voice space, shape (192,), float32."""


class Cancelled(Exception):
    """The work was cancelled; raised inside an engine and swallowed by whoever cancelled."""


class CancelToken:
    """A one-way switch that another thread can flip; engines look at it before each piece."""

    __slots__ = ("_event", "_lock", "_stops")

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the work is no longer wanted."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next piece. Calling it twice is harmless."""
        with self._lock:
            self._event.set()
            stops = list(self._stops)
        for stop in stops:
            stop()

    @contextmanager
    def calling(self, stop: Callable[[], None]) -> Iterator[None]:
        """Have `cancel` call `stop` as well while the block lasts, for work that can be cut short.

        Args:
            stop: quick and harmless, on whatever thread cancels; called at once if that was before.
        """
        with self._lock:
            self._stops.append(stop)
            cancelled = self._event.is_set()
        if cancelled:
            stop()
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` once `cancel` was called."""
        if self._event.is_set():
            raise Cancelled


# --- speech ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as it is spoken.

    Attributes:
        text: the word as spoken, without punctuation: ``nineteen``.
        written: index into `PreparedText.written` of the word that it renders. Several spoken
            words may render one written word (``$3.50``).
        phonemes: IPA as espeak-ng writes it, stress marks and ties (U+0361 ``͡``) included. Tones
            are letters of Chao after their vowel.
        pause: punctuation that follows it and shapes the prosody, one of ``, ; : . ! ? … —`` or
            empty.
        joined: whether it goes on the word before it without a border: the characters of a Chinese
            or Japanese word, and the marks between such words.
        language: BCP 47 tag that its phonemes were made for, if not that of the text.
    """

    text: str
    written: int
    phonemes: str
    pause: str = ""
    joined: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class PreparedText:
    """One utterance, short enough for one pass of the model (about 25 words).

    Attributes:
        language: BCP 47 tag that phonemes were made for: ``en-US``, ``en-GB``, ``es``.
        written: the words of the transcript as timestamps show them: whitespace-separated,
            punctuation attached; of Chinese and Japanese each character and each mark.
        spoken: the same utterance as spoken, in order.
        lead: words of the same sentence that were spoken just before, for an engine whose prosody
            can take them into account; they are not said again.
    """

    language: str
    written: tuple[str, ...]
    spoken: tuple[SpokenWord, ...]
    lead: tuple[SpokenWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """How a voice speaks otherwise than by itself.

    Attributes:
        pitch: semitones above its usual height.
        range: factor on the width of its melody, in semitones.
        effort: more than usual, in units of a model's energy curve.
        rate: factor on its rate.
        level: factor on its samples.
    """

    pitch: float = 0.0
    range: float = 1.0
    effort: float = 0.0
    rate: float = 1.0
    level: float = 1.0

    def scaled(self, strength: float) -> Expression:
        """The same at another strength: 0 is plain, 1 as it is."""
        return Expression(
            pitch=strength * self.pitch,
            range=self.range**strength,
            effort=strength * self.effort,
            rate=self.rate**strength,
            level=self.level**strength,
        )

    def joined(self, other: Expression) -> Expression:
        """Both at once."""
        return Expression(
            pitch=self.pitch + other.pitch,
            range=self.range * other.range,
            effort=self.effort + other.effort,
            rate=self.rate * other.rate,
            level=self.level * other.level,
        )


PLAIN = Expression()
"""The voice as it is."""


HURRY = 0.5
"""Seconds of a first piece: who wants less than that waits for the first sound."""


@dataclass(frozen=True, slots=True)
class SpeechControls:
    """How to say it.

    Attributes:
        speed: 1.0 is the voice's own rate; 0.5 half, 2.0 double. The rate of the expression is
            part of it already.
        first_piece: seconds of audio wanted in the first chunk. Below `HURRY` somebody waits for
            it, and an engine may look at the first words before it looks at the rest; an utterance
            that fits into it may be made as a whole.
        expression: its pitch, range and effort are the engine's to follow, as far as it can.
    """

    speed: float = 1.0
    first_piece: float = HURRY
    expression: Expression = PLAIN


@dataclass(frozen=True, slots=True)
class WordTime:
    """When the spoken word `PreparedText.spoken[index]` is heard, in seconds of the utterance."""

    index: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PhonemeTime:
    """When one phoneme is heard, in seconds of the utterance."""

    phoneme: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """The next piece of an utterance, with the words and phonemes that begin inside it."""

    samples: Samples
    words: tuple[WordTime, ...] = ()
    phonemes: tuple[PhonemeTime, ...] = ()


class SpeechPlan(Protocol):
    """An utterance whose durations are settled and whose audio is still to be made."""

    @property
    def length(self) -> int | None:
        """Exact number of samples that `chunks` will yield, or None if the engine cannot tell."""

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        """Make the audio piece by piece, small pieces first.

        Leading silence is trimmed; times count from the first sample. Runs on a worker thread
        and may be resumed on a different one between pieces. A chunk without samples only lets
        others have their turn.

        Raises:
            Cancelled: at the first piece after `cancel` was flipped.
        """


DELIVERY_STEP = 0.01
"""Seconds from one moment of a `Delivery` to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """How somebody said an utterance, for a plan of the same words to follow.

    Attributes:
        moments: for every `DELIVERY_STEP` of the audio wanted, from its first sample on, the
            second of the plan's own audio that is heard then; non-decreasing, float64 [n]. May
            begin before 0 and end after the plan's own end, where there is silence.
        melody: for each of them, semitones above the middle of the speaker's voice, float64 [n].
    """

    moments: npt.NDArray[np.float64]
    melody: npt.NDArray[np.float64]

    @property
    def seconds(self) -> float:
        """Length of the audio wanted."""
        return len(self.moments) * DELIVERY_STEP


@runtime_checkable
class DeliverablePlan(SpeechPlan, Protocol):
    """A plan that can be spoken as somebody else said it: what a voice changer needs.

    Optional: an engine whose plans have this method can change voices.
    """

    def delivered(self, delivery: Delivery) -> SpeechPlan:
        """The same utterance in the same voice, in the times and the melody of a delivery.

        Returns:
            A plan of ``round(delivery.seconds * sample_rate)`` samples.
        """


@dataclass(frozen=True, slots=True)
class SpeechCapabilities:
    """What a speech engine can do.

    Attributes:
        name: stable name, ``kokoro``.
        languages: tags it speaks, the default first.
        sample_rate: of the samples it yields, in Hz.
        phoneme_times: whether `SpeechChunk.phonemes` is filled.
        espeak: espeak-ng's name of the voice whose rules its texts are read by; None for the
            usual one of each language.
    """

    name: str
    languages: tuple[str, ...]
    sample_rate: int
    phoneme_times: bool
    espeak: str | None = None


class SpeechEngine(Protocol):
    """Text to speech."""

    @property
    def capabilities(self) -> SpeechCapabilities:
        """What it can do, as data."""

    def plan(self, text: PreparedText, voice: VoicePoint, controls: SpeechControls) -> SpeechPlan:
        """Settle durations and prosody of one utterance (the cheap part). Thread-safe."""

    def close(self) -> None:
        """Free the models."""


class Voice(Protocol):
    """Somebody who speaks: a point of the voice space, or a voice that an engine brings."""

    @property
    def capabilities(self) -> SpeechCapabilities:
        """What it can do, as data."""

    def plan(self, text: PreparedText, controls: SpeechControls) -> SpeechPlan:
        """Settle durations and prosody of one utterance. See `SpeechEngine.plan`."""


@dataclass(frozen=True, slots=True, eq=False)
class PointVoice:
    """A point of the voice space as an engine speaks it. See `Voice`.

    Attributes:
        engine: speaks any point.
        point: the voice.
    """

    engine: SpeechEngine
    point: VoicePoint

    @property
    def capabilities(self) -> SpeechCapabilities:
        """Those of the engine."""
        return self.engine.capabilities

    def plan(self, text: PreparedText, controls: SpeechControls) -> SpeechPlan:
        """Settle durations and prosody of one utterance. See `SpeechEngine.plan`."""
        return self.engine.plan(text, self.point, controls)


# --- transcription --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word as heard: punctuation attached, times in seconds of the samples given."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class TranscriptSegment:
    """A stretch of recognised speech, times in seconds of the samples given."""

    text: str
    start: float
    end: float
    words: tuple[RecognizedWord, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """The beginning of some samples, transcribed before: heard again for the sake of the rest.

    Attributes:
        seconds: how much of the samples it is.
        text: its transcript.
    """

    seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """The language that is most likely spoken.

    Attributes:
        code: one of the engine's languages.
        probability: of that, among the languages that were considered.
    """

    code: str
    probability: float


@dataclass(frozen=True, slots=True)
class TranscriptionCapabilities:
    """What a transcription engine can do.

    Attributes:
        name: stable name, ``whisper-base``.
        languages: ISO 639-1 codes (and Whisper's few longer ones) that it hears.
        sample_rate: of the samples it wants, in Hz.
    """

    name: str
    languages: tuple[str, ...]
    sample_rate: int


VOICE_FRAME = 512
"""Samples that a `VoiceDetector` judges together: 32 ms at 16 kHz."""


class VoiceDetector(Protocol):
    """Says for each frame of one stream how likely it holds a voice. Not thread-safe."""

    def feed(self, samples: Samples) -> npt.NDArray[np.float32]:
        """Judge every frame that is complete with these samples.

        Must be quick, a few milliseconds for a second of audio: streams call it as they receive.

        Args:
            samples: the next samples at 16 kHz, any number; what is left of a frame waits.

        Returns:
            A probability for each frame of `VOICE_FRAME` samples, in order; shape (n,).
        """


class TranscriptionEngine(Protocol):
    """Speech to text."""

    @property
    def capabilities(self) -> TranscriptionCapabilities:
        """What it can do, as data."""

    def detect_language(self, samples: Samples, among: Sequence[str] = ()) -> SpokenLanguage:
        """Tell which language is spoken.

        Args:
            samples: mono float32 at `capabilities.sample_rate`; of a long recording, the beginning
                counts.
            among: codes of the languages that come into question; empty for all.
        """

    def transcribe(
        self,
        samples: Samples,
        language: str,
        cancel: CancelToken,
        *,
        context: str = "",
        lead: Lead | None = None,
    ) -> Iterator[TranscriptSegment | None]:
        """Recognise speech of any length, yielding segments as they are settled. Thread-safe.

        None comes where nothing is settled, so that work of others has its turn.

        Args:
            samples: mono float32 at `capabilities.sample_rate`.
            language: a code from `capabilities.languages`.
            cancel: looked at before each segment.
            context: text that helps spelling, such as names to expect; may be empty.
            lead: how much at the start of the samples is known already; what is yielded begins
                after it.

        Raises:
            Cancelled: between segments, after `cancel` was flipped.
        """

    def draft(
        self, samples: Samples, language: str, cancel: CancelToken, *, word_times: bool = False
    ) -> TranscriptSegment:
        """A quick guess at a few seconds of unfinished speech, for interim transcripts.

        Args:
            samples: mono float32 at `capabilities.sample_rate`.
            language: a code from `capabilities.languages`.
            cancel: looked at before.
            word_times: whether the words are wanted beside the text.
        """

    def voice_detector(self) -> VoiceDetector:
        """A new detector, for one stream from its beginning."""

    def close(self) -> None:
        """Free the models."""
