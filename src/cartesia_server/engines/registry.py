"""Engines and their voices, found by entry point: a new one edits no file of the server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, TypeVar

import numpy as np

from cartesia_server.engines.base import (
    CancelToken,
    PreparedText,
    SpeechControls,
    SpeechEngine,
    SpokenWord,
    TranscriptionEngine,
)
from cartesia_server.engines.turn_detector import TurnDetector
from cartesia_server.settings import Settings, SettingsError
from cartesia_server.voices.records import VoiceRecord

SPEECH_GROUP = "cartesia_server.speech_engines"
TRANSCRIPTION_GROUP = "cartesia_server.transcription_engines"
VOICES_GROUP = "cartesia_server.voices"
TURNS_GROUP = "cartesia_server.turn_detectors"

T = TypeVar("T")


@dataclass(frozen=True)
class Engines:
    """The engines of one server.

    Attributes:
        speech: text to speech, in any voice of the voice space.
        transcription: speech to text.
        voices: those that other engines bring along and speak themselves.
        turns: tells pauses from ends of turns; None where no such model is installed.
    """

    speech: SpeechEngine
    transcription: TranscriptionEngine
    voices: tuple[VoiceRecord, ...] = ()
    turns: TurnDetector | None = None

    @classmethod
    def load(cls, settings: Settings) -> Engines:
        """Load the engines that the settings name, side by side, and warm them up.

        Voices of other engines are only looked for; each is loaded when it first speaks. What
        interrupts this, as Ctrl-C does, ends it at once.

        Raises:
            SettingsError: no installed package offers an engine of that name.
        """
        from cartesia_server.engines.session import give_back  # 0.1 s, and not for a command's help

        transcription = _beside(lambda: _load_transcription(settings))
        turns = _beside(lambda: _find_turn_detector(settings))
        # What takes longest is done here, where an interruption finds it and it can clean up.
        speech, voices = _load_speech(settings), _find_voices(settings)
        loaded = cls(speech, transcription.result(), voices, turns.result())
        give_back()  # models were read, parsed and packed, about 100 MB
        return loaded

    def close(self) -> None:
        """Free the models."""
        self.speech.close()
        self.transcription.close()


def _beside(work: Callable[[], T]) -> Future[T]:
    """Work on a thread that nobody waits for when the process ends, unlike those of executors."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 -- whoever wants the result gets it
            future.set_exception(error)

    threading.Thread(target=run, name="cartesia-load", daemon=True).start()
    return future


def _load_speech(settings: Settings) -> SpeechEngine:
    engine: SpeechEngine = _create(SPEECH_GROUP, "speech_engine", settings)
    # The first run of a model costs far more than later ones; no caller should wait for it.
    word = SpokenWord("ready", written=0, phonemes="ɹɛdi", pause=".")
    text = PreparedText(engine.capabilities.languages[0], ("Ready.",), (word,))
    plan = engine.plan(text, np.zeros(192, np.float32), SpeechControls())
    for _ in plan.chunks(CancelToken()):
        pass
    return engine


def _load_transcription(settings: Settings) -> TranscriptionEngine:
    engine: TranscriptionEngine = _create(TRANSCRIPTION_GROUP, "transcription_engine", settings)
    capabilities = engine.capabilities
    silence = np.zeros(capabilities.sample_rate, np.float32)
    engine.draft(silence, capabilities.languages[0], CancelToken())
    return engine


def _find_voices(settings: Settings) -> tuple[VoiceRecord, ...]:
    finders = sorted(entry_points(group=VOICES_GROUP), key=lambda point: point.name)
    return tuple(voice for point in finders for voice in point.load()(settings))


def _find_turn_detector(settings: Settings) -> TurnDetector | None:
    finders = sorted(entry_points(group=TURNS_GROUP), key=lambda point: point.name)
    found = (point.load()(settings) for point in finders)
    detector: TurnDetector | None = next(filter(None, found), None)
    if detector is not None:
        detector.finished(np.zeros(1, np.float32))  # as with speech: the first run costs more
    return detector


def _create(group: str, field: str, settings: Settings) -> Any:
    name = getattr(settings, field)
    offered = {point.name: point for point in entry_points(group=group)}
    if name not in offered:
        accepted = ", ".join(sorted(offered)) or "none is installed"
        raise SettingsError(f"{field}: got {name!r}, accepted: {accepted}")
    return offered[name].load()(settings)
