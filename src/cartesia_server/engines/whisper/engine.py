"""The transcription engine: windows of speech, chosen by voice activity, through Whisper."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from faster_whisper import WhisperModel

from cartesia_server.engines.base import (
    CancelToken,
    Lead,
    RecognizedWord,
    Samples,
    SpokenLanguage,
    TranscriptionCapabilities,
    TranscriptSegment,
    VoiceDetector,
)
from cartesia_server.engines.silero import Silero
from cartesia_server.engines.weights import Weights, resolve
from cartesia_server.engines.whisper.recognizer import LONGEST, Recognizer
from cartesia_server.engines.whisper.speech import SpeechMap, Window
from cartesia_server.engines.windows import SAMPLE_RATE, find_seam
from cartesia_server.settings import Settings

MODEL = "whisper-base"

_UNHEARD = int(0.7 * SAMPLE_RATE)  # speech after the last word that is worth another look
_EARLIEST_SEAM = 10.0  # seconds into a window


def _loaded(weights: Weights, threads: int) -> WhisperModel:
    options: dict[str, Any] = {"device": "cpu", "compute_type": "int8", "cpu_threads": threads}
    # Given the files' bytes, CTranslate2 keeps all 145 MB of them beside the model.
    with contextlib.suppress(OSError), weights.unpacked() as folder:
        return WhisperModel(str(folder), **options)
    return WhisperModel(weights.model.name, files=weights.read_all(), **options)


def load(settings: Settings) -> WhisperEngine:
    """What `cartesia_server.engines.whisper.create` loads."""
    return WhisperEngine(
        resolve(MODEL, settings.model_dir),
        Silero(resolve("silero-vad", settings.model_dir)),
        threads=settings.threads,
    )


class WhisperEngine:
    """Speech to text with word times. Thread-safe; calls queue up inside CTranslate2.

    Args:
        weights: of a Whisper model in CTranslate2's format.
        silero: tells speech from the rest, so that Whisper never has to make up words for noise.
        threads: that one call computes on.
    """

    def __init__(self, weights: Weights, silero: Silero, threads: int) -> None:
        self._model = _loaded(weights, threads)
        self._silero = silero
        self._recognizer = Recognizer(self._model)
        self._capabilities = TranscriptionCapabilities(
            name=weights.model.name,
            languages=self._recognizer.languages,
            sample_rate=SAMPLE_RATE,
        )

    @property
    def capabilities(self) -> TranscriptionCapabilities:
        """Whisper's languages at 16 kHz."""
        return self._capabilities

    def detect_language(self, samples: Samples, among: Sequence[str] = ()) -> SpokenLanguage:
        """The language of the first window of speech; of silence, of whatever there is."""
        window = SpeechMap(self._silero.stream(), samples, CancelToken()).window(0)
        first = slice(int(LONGEST * SAMPLE_RATE))
        heard = samples[first if window is None else slice(window.start, window.end)]
        likely = self._recognizer.languages_of(heard)
        considered = {code: likely[code] for code in among or likely}
        best = max(considered, key=considered.__getitem__)
        return SpokenLanguage(best, considered[best] / sum(considered.values()))

    def transcribe(
        self,
        samples: Samples,
        language: str,
        cancel: CancelToken,
        *,
        context: str = "",
        lead: Lead | None = None,
    ) -> Iterator[TranscriptSegment | None]:
        """Recognise speech of any length, a segment for each window of at most 18 s.

        Longer ones would fit, but in them the model now and then leaves out a sentence.

        See `TranscriptionEngine.transcribe`. Windows hold speech by voice activity only; pauses
        between them are not recognised, and neither are windows without any voice.
        """
        speech = SpeechMap(self._silero.stream(), samples, cancel)
        at = 0 if lead is None else int(lead.seconds * SAMPLE_RATE)
        while True:
            yield from speech.seek(at)
            window = speech.window(at)
            if window is None:
                return
            cancel.raise_if_cancelled()
            heard = self._hear(samples, window, language, context, lead)
            words = [replace(word, start=speech.onset(word.start, word.end)) for word in heard]
            lead = None
            settled, at = _settle(samples, words, window)
            if settled:
                yield _segment(settled)

    def draft(
        self, samples: Samples, language: str, cancel: CancelToken, *, word_times: bool = False
    ) -> TranscriptSegment:
        """A quick guess at unfinished speech: greedy, the last 30 s only."""
        cancel.raise_if_cancelled()
        heard = samples[-int(LONGEST * SAMPLE_RATE) :]
        text, words = self._recognizer.draft(heard, language, word_times=word_times)
        before = (len(samples) - len(heard)) / SAMPLE_RATE
        timed = tuple(_stripped(_shifted(word, before)) for word in words)
        return TranscriptSegment(text, 0.0, len(samples) / SAMPLE_RATE, timed)

    def voice_detector(self) -> VoiceDetector:
        """Silero, for one stream."""
        return self._silero.stream()

    def close(self) -> None:
        """Free the model; the engine cannot be used after."""
        self._model.model.unload_model()

    def _hear(
        self, samples: Samples, window: Window, language: str, context: str, lead: Lead | None
    ) -> Sequence[RecognizedWord]:
        """The words of a window, timed from the first of `samples`."""
        if lead is not None and lead.text and window.end <= LONGEST * SAMPLE_RATE:
            words = self._recognizer.words(samples[: window.end], language, context, lead)
            if words:
                return words
        heard = samples[window.start : window.end]
        words = self._recognizer.words(heard, language, context)
        return [_shifted(word, window.start / SAMPLE_RATE) for word in words]


def _settle(
    samples: Samples, words: Sequence[RecognizedWord], window: Window
) -> tuple[Sequence[RecognizedWord], int]:
    """Which words of a window stand, and where the next window begins."""
    if words:
        heard_to = int(words[-1].end * SAMPLE_RATE)
        if window.start + _UNHEARD < heard_to < window.voice_end - _UNHEARD:
            # Whisper sometimes stops early. What it left out begins after its last word.
            return words, heard_to
    if window.cut_off:
        begin = window.start / SAMPLE_RATE
        here = [_shifted(word, -begin) for word in words]
        seam = find_seam(samples[window.start : window.end], here, _EARLIEST_SEAM)
        if seam is not None:
            return words[: seam.words], window.start + seam.at
    return words, window.end


def _shifted(word: RecognizedWord, seconds: float) -> RecognizedWord:
    return replace(word, start=word.start + seconds, end=word.end + seconds)


def _stripped(word: RecognizedWord) -> RecognizedWord:
    return replace(word, text=word.text.strip())


def _segment(words: Sequence[RecognizedWord]) -> TranscriptSegment:
    text = "".join(word.text for word in words).strip()
    stripped = tuple(map(_stripped, words))
    return TranscriptSegment(text, words[0].start, words[-1].end, stripped)
