"""Engines found by entry point: a new one edits no file of the server."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from cartesia_server.engines.base import SpeechEngine, TranscriptionEngine
from cartesia_server.settings import Settings, SettingsError

SPEECH_GROUP = "cartesia_server.speech_engines"
TRANSCRIPTION_GROUP = "cartesia_server.transcription_engines"


def load_speech_engine(settings: Settings) -> SpeechEngine:
    """Load the text-to-speech engine that the settings name.

    Raises:
        SettingsError: no installed package offers an engine of that name.
    """
    engine: SpeechEngine = _create(SPEECH_GROUP, "speech_engine", settings)
    return engine


def load_transcription_engine(settings: Settings) -> TranscriptionEngine:
    """Load the speech-to-text engine that the settings name.

    Raises:
        SettingsError: no installed package offers an engine of that name.
    """
    engine: TranscriptionEngine = _create(TRANSCRIPTION_GROUP, "transcription_engine", settings)
    return engine


def _create(group: str, field: str, settings: Settings) -> Any:
    name = getattr(settings, field)
    offered = {point.name: point for point in entry_points(group=group)}
    if name not in offered:
        accepted = ", ".join(sorted(offered)) or "none is installed"
        raise SettingsError(f"{field}: got {name!r}, accepted: {accepted}")
    return offered[name].load()(settings)
