import importlib.metadata
from types import SimpleNamespace
from typing import Any

import pytest

from cartesia_server.engines.base import Samples
from cartesia_server.engines.registry import (
    SPEECH_GROUP,
    TRANSCRIPTION_GROUP,
    TURNS_GROUP,
    VOICES_GROUP,
    Engines,
)
from cartesia_server.settings import Settings, SettingsError
from tests.contract.scripted import ScriptedSpeech, ScriptedTranscription, scripted_voice


class Detector:
    """A turn detector that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def finished(self, samples: Samples) -> float:
        self.asked += 1
        return 0.5


@pytest.fixture
def installed(monkeypatch):
    """Offer scripted engines by entry point, as an installed package would."""
    made: dict[str, Any] = {
        SPEECH_GROUP: ScriptedSpeech,
        TRANSCRIPTION_GROUP: ScriptedTranscription,
        VOICES_GROUP: lambda: [scripted_voice()],
        TURNS_GROUP: lambda: Detector(),
    }

    def entry_points(*, group):
        create = made[group]
        return [SimpleNamespace(name="scripted", load=lambda: lambda settings: create())]

    monkeypatch.setattr("cartesia_server.engines.registry.entry_points", entry_points)
    return made


def test_engines_are_found_by_name_and_warm(installed):
    settings = Settings(speech_engine="scripted", transcription_engine="scripted")
    engines = Engines.load(settings)
    assert engines.speech.capabilities.name == "scripted"
    assert isinstance(engines.speech, ScriptedSpeech)
    assert engines.speech.said == ["ready"]
    assert engines.transcription.capabilities.languages == ("en", "es")
    assert [voice.name for voice in engines.voices] == ["Karla"]
    assert isinstance(engines.turns, Detector)
    assert engines.turns.asked == 1
    engines.close()


def test_a_turn_detector_that_has_no_weights_is_done_without(installed, monkeypatch):
    monkeypatch.setitem(installed, TURNS_GROUP, lambda: None)
    settings = Settings(speech_engine="scripted", transcription_engine="scripted")
    assert Engines.load(settings).turns is None


@pytest.mark.parametrize("field", ["speech_engine", "transcription_engine"])
def test_engine_that_is_not_installed_is_refused_with_those_that_are(installed, field):
    names: dict[str, Any] = {"speech_engine": "scripted", "transcription_engine": "scripted"}
    names[field] = "parrot"
    with pytest.raises(SettingsError, match=f"{field}: got 'parrot', accepted: scripted"):
        Engines.load(Settings(**names))


def test_own_engines_are_declared():
    for group, name in ((SPEECH_GROUP, "kokoro"), (TRANSCRIPTION_GROUP, "whisper")):
        assert name in importlib.metadata.entry_points(group=group).names
