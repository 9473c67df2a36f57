"""The transcription engine: windows of speech, chosen by voice activity, through Whisper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from faster_whisper import WhisperModel

from cartesia_server.engines.base import (
    CancelToken,
    RecognizedWord,
    Samples,
    TranscriptionCapabilities,
    TranscriptSegment,
)
from cartesia_server.engines.silero import Silero
from cartesia_server.engines.weights import Weights, resolve
from cartesia_server.engines.whisper.recognizer import LONGEST, Recognizer
from cartesia_server.engines.whisper.speech import SpeechMap, Window
from cartesia_server.engines.windows import SAMPLE_RATE, find_seam
from cartesia_server.settings import Settings

MODEL = "whisper-base"

_UNHEARD = 0.7  # seconds of speech after the last word that are worth another look


def create(settings: Settings) -> WhisperEngine:
    """Load Whisper base and Silero from the installed weights, or from ``settings.model_dir``.

    Raises:
        WeightsError: weights are missing or damaged; the text says how to get them.
    """
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
        self._model = WhisperModel(
            weights.model.name,
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            files=weights.read_all(),
        )
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

    def detect_language(self, samples: Samples) -> str:
        """The language code of the first window of speech; of silence, of whatever there is."""
        window = SpeechMap(self._silero.stream(), samples).window(0)
        if window is None:
            window = Window(0, min(len(samples), int(LONGEST * SAMPLE_RATE)), 0.0, cut_off=False)
        return self._recognizer.language(samples[window.start : window.end])

    def transcribe(
        self,
        samples: Samples,
        language: str,
        cancel: CancelToken,
        *,
        context: str = "",
    ) -> Iterator[TranscriptSegment]:
        """Recognise speech of any length, a segment for each window of at most 28 s.

        See `TranscriptionEngine.transcribe`. Windows hold speech by voice activity only; pauses
        between them are not recognised, and neither are windows without any voice.
        """
        speech = SpeechMap(self._silero.stream(), samples)
        at = 0
        while (window := speech.window(at)) is not None:
            cancel.raise_if_cancelled()
            heard = samples[window.start : window.end]
            words = self._recognizer.words(heard, language, context)
            words, at = _settle(heard, words, window)
            if words:
                segment = _segment(words, window.start / SAMPLE_RATE)
                context = segment.text
                yield segment

    def draft(self, samples: Samples, language: str, cancel: CancelToken) -> TranscriptSegment:
        """A quick guess at unfinished speech, without word times.

        Greedy, and only the last 30 s.
        """
        cancel.raise_if_cancelled()
        heard = samples[-int(LONGEST * SAMPLE_RATE) :]
        text = self._recognizer.text(heard, language)
        return TranscriptSegment(text, 0.0, len(samples) / SAMPLE_RATE, ())

    def close(self) -> None:
        """Free the model; the engine cannot be used after."""
        self._model.model.unload_model()


def _settle(
    heard: Samples, words: list[RecognizedWord], window: Window
) -> tuple[Sequence[RecognizedWord], int]:
    """Which words of a window stand, and where the next window begins."""
    if words and window.speech_end - _UNHEARD > words[-1].end > _UNHEARD:
        # Whisper sometimes stops early. What it left out begins after its last word.
        return words, window.start + int(words[-1].end * SAMPLE_RATE)
    if window.cut_off and (seam := find_seam(heard, words, earliest=LONGEST * 0.6)):
        return words[: seam.words], window.start + seam.at
    return words, window.end


def _segment(words: Sequence[RecognizedWord], offset: float) -> TranscriptSegment:
    placed = tuple(
        RecognizedWord(
            text=word.text.strip(),
            start=word.start + offset,
            end=word.end + offset,
            probability=word.probability,
        )
        for word in words
    )
    text = "".join(word.text for word in words).strip()
    return TranscriptSegment(text, placed[0].start, placed[-1].end, placed)
