"""Engines found by entry point: a new one edits no file of the server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

import numpy as np

from cartesia_server.engines.base import (
    CancelToken,
    PreparedText,
    SpeechControls,
    SpeechEngine,
    SpokenWord,
    TranscriptionEngine,
)
from cartesia_server.settings import Settings, SettingsError

SPEECH_GROUP = "cartesia_server.speech_engines"
TRANSCRIPTION_GROUP = "cartesia_server.transcription_engines"


@dataclass(frozen=True)
class Engines:
    """The engines of one server.

    Attributes:
        speech: text to speech.
        transcription: speech to text.
    """

    speech: SpeechEngine
    transcription: TranscriptionEngine

    @classmethod
    def load(cls, settings: Settings) -> Engines:
        """Load the engines that the settings name, side by side, and warm them up.

        Raises:
            SettingsError: no installed package offers an engine of that name.
        """
        with ThreadPoolExecutor(2) as threads:
            speech = threads.submit(_load_speech, settings)
            transcription = threads.submit(_load_transcription, settings)
            return cls(speech.result(), transcription.result())

    def close(self) -> None:
        """Free the models."""
        self.speech.close()
        self.transcription.close()


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


def _create(group: str, field: str, settings: Settings) -> Any:
    name = getattr(settings, field)
    offered = {point.name: point for point in entry_points(group=group)}
    if name not in offered:
        accepted = ", ".join(sorted(offered)) or "none is installed"
        raise SettingsError(f"{field}: got {name!r}, accepted: {accepted}")
    return offered[name].load()(settings)
