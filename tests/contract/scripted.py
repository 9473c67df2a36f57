"""Engines that do what a test says, in no time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

import numpy as np

from cartesia_server.engines.base import (
    VOICE_FRAME,
    Cancelled,
    CancelToken,
    Delivery,
    Expression,
    Lead,
    PhonemeTime,
    PreparedText,
    RecognizedWord,
    Samples,
    SpeechCapabilities,
    SpeechChunk,
    SpeechControls,
    SpokenLanguage,
    TranscriptionCapabilities,
    TranscriptSegment,
    VoicePoint,
    WordTime,
)
from cartesia_server.engines.registry import Engines
from cartesia_server.voices.records import VoiceRecord

RATE = 24000
WORD_SECONDS = 0.1
LEVEL = 0.25


class ScriptedPlan:
    """Says each word for `WORD_SECONDS`, one word a piece."""

    def __init__(self, engine: ScriptedSpeech, text: PreparedText, speed: float) -> None:
        self._engine = engine
        self._text = text
        self._samples = round(WORD_SECONDS * RATE / speed)

    @property
    def length(self) -> int | None:
        return self._samples * len(self._text.spoken)

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        seconds = self._samples / RATE
        for index, word in enumerate(self._text.spoken):
            self._engine.before_piece(word.text, cancel)
            start, end = index * seconds, (index + 1) * seconds
            yield SpeechChunk(
                np.full(self._samples, LEVEL, np.float32),
                (WordTime(index, start, end),),
                (PhonemeTime(word.text[0], start, end),),
            )


class FollowingPlan(ScriptedPlan):
    """Can be spoken as somebody else said it."""

    def delivered(self, delivery: Delivery) -> ScriptedDelivery:
        return ScriptedDelivery(self._engine, self._text, round(delivery.seconds * RATE))


class ScriptedDelivery:
    """Says the words in whatever time there is, each in a piece of equal length."""

    def __init__(self, engine: ScriptedSpeech, text: PreparedText, length: int) -> None:
        self._engine = engine
        self._text = text
        self.length = length

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        audio = np.full(self.length, LEVEL, np.float32)
        pieces = np.array_split(audio, len(self._text.spoken))
        for word, samples in zip(self._text.spoken, pieces, strict=True):
            self._engine.before_piece(word.text, cancel)
            yield SpeechChunk(samples)


class ScriptedSpeech:
    """A speech engine that a test can hold back and look into.

    The word ``boom`` makes it fail; the word ``wait`` is held back until `going` is set or the
    work is cancelled.

    Attributes:
        said: every word of which a piece was made.
        voices: the voice of every utterance.
        expressions: the expression of every utterance.
        going: lets held pieces go on.
        holding: set once a piece is being held back.
        freed: set once cancelling has freed the thread.
        plans: the class of its plans.
    """

    def __init__(self) -> None:
        self.plans: type[ScriptedPlan] = FollowingPlan
        self.going = threading.Event()
        self.holding = threading.Event()
        self.freed = threading.Event()
        self.reset()

    def reset(self) -> None:
        """Forget what earlier tests did."""
        self.said: list[str] = []
        self.voices: list[VoicePoint] = []
        self.expressions: list[Expression] = []
        for event in (self.going, self.holding, self.freed):
            event.clear()

    @property
    def capabilities(self) -> SpeechCapabilities:
        return SpeechCapabilities("scripted", ("en-US", "en-GB", "es"), RATE, phoneme_times=True)

    def plan(self, text: PreparedText, voice: VoicePoint, controls: SpeechControls) -> ScriptedPlan:
        self.voices.append(voice)
        self.expressions.append(controls.expression)
        return self.plans(self, text, controls.speed)

    def before_piece(self, word: str, cancel: CancelToken) -> None:
        if word == "boom":
            raise RuntimeError("the script says so")
        try:
            while word == "wait" and not self.going.wait(0.01):
                self.holding.set()
                cancel.raise_if_cancelled()
            cancel.raise_if_cancelled()
        except Cancelled:
            self.freed.set()
            raise
        self.said.append(word)

    def close(self) -> None:
        """Nothing to free."""


class ScriptedVoice:
    """A voice that an engine brings along: German, at a rate of its own. See `Voice`."""

    capabilities = SpeechCapabilities("parrot", ("de-DE",), 16000, phoneme_times=False, espeak="de")

    def __init__(self) -> None:
        self.heard: list[PreparedText] = []

    @property
    def length(self) -> None:
        return None

    def plan(self, text: PreparedText, controls: SpeechControls) -> ScriptedVoice:
        self.heard.append(text)
        return self

    def chunks(self, cancel: CancelToken) -> Iterator[SpeechChunk]:
        cancel.raise_if_cancelled()
        yield SpeechChunk(np.full(1600, LEVEL / 2, np.float32), (WordTime(0, 0.0, 0.1),))


def scripted_voice(speaks: ScriptedVoice | None = None) -> VoiceRecord:
    """`ScriptedVoice` as its engine would bring it."""
    return VoiceRecord(
        id="8e7c25a5-0b1f-5c3a-9a0e-7f1f4c6d2b11",
        name="Karla",
        description="A parrot.",
        language="de",
        gender="feminine",
        country="DE",
        created_at=datetime(2025, 1, 1, tzinfo=timezone.utc),
        embedding=None,
        engine="parrot",
        source="de_DE-Karla",
        own=speaks or ScriptedVoice(),
    )


class LoudnessDetector:
    """Takes every frame that is not silent for a voice."""

    def __init__(self) -> None:
        self._rest = np.empty(0, np.float32)

    def feed(self, samples: Samples) -> Samples:
        heard = np.concatenate((self._rest, samples))
        count = len(heard) // VOICE_FRAME
        self._rest = heard[count * VOICE_FRAME :]
        frames = np.abs(heard[: count * VOICE_FRAME]).reshape(count, VOICE_FRAME)
        loud: Samples = (frames.max(axis=1, initial=0) > 0.01).astype(np.float32)
        return loud


class ScriptedTranscription:
    """Hears ``word`` once a second, whatever the sound.

    Attributes:
        word: what it hears instead.
        language: that it takes everything for.
    """

    word = "word"
    language = "en"

    capabilities = TranscriptionCapabilities("scripted", ("en", "es"), 16000)

    def detect_language(self, samples: Samples, among: Sequence[str] = ()) -> SpokenLanguage:
        return SpokenLanguage(self.language, 1.0)

    def transcribe(
        self,
        samples: Samples,
        language: str,
        cancel: CancelToken,
        *,
        context: str = "",
        lead: Lead | None = None,
    ) -> Iterator[TranscriptSegment]:
        begin = round(lead.seconds) if lead else 0
        for second in range(begin, round(len(samples) / 16000)):
            cancel.raise_if_cancelled()
            word = RecognizedWord(self.word, float(second), second + 0.5, 0.9)
            yield TranscriptSegment(f" {self.word}", word.start, word.end, (word,))

    def draft(
        self, samples: Samples, language: str, cancel: CancelToken, *, word_times: bool = False
    ) -> TranscriptSegment:
        words = (RecognizedWord(self.word, 0.0, 0.5, 0.9),) if word_times else ()
        return TranscriptSegment(" word", 0.0, len(samples) / 16000, words)

    def voice_detector(self) -> LoudnessDetector:
        return LoudnessDetector()

    def close(self) -> None:
        pass


def scripted_engines(
    speech: ScriptedSpeech | None = None, voices: tuple[VoiceRecord, ...] = ()
) -> Engines:
    return Engines(speech or ScriptedSpeech(), ScriptedTranscription(), voices)
