import dataclasses
from datetime import datetime, timezone

import numpy as np
import pytest

from cartesia_server.engines.base import CancelToken, PreparedText, SpeechControls, SpokenWord
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.voice import PiperVoice, Shelf, VoiceFile
from cartesia_server.engines.weights import Cache, WeightsError
from tests.unit.cartesia_server.engines.piper import tiny

TEXT = PreparedText("en-US", ("You",), (SpokenWord("You", 0, "ju", "."),))


class Reader:
    """The file of a voice that counts how often it is read."""

    def __init__(self, **options):
        self._data = tiny.voice(**options)
        self.count = 0

    def __call__(self):
        self.count += 1
        return self._data


def file(read, stem="en_US-tiny"):
    config = VoiceConfig.parse(tiny.config(), stem)
    return VoiceFile(stem, config, datetime(2025, 1, 1, tzinfo=timezone.utc), read)


def spoken(voice):
    chunks = voice.plan(TEXT, SpeechControls()).chunks(CancelToken())
    return np.concatenate([chunk.samples for chunk in chunks])


@pytest.fixture
def shelf(tmp_path):
    return Shelf(Cache(tmp_path), kept=2)


def test_a_voice_is_loaded_when_it_first_speaks(shelf):
    read = Reader()
    voice = PiperVoice(file(read), shelf)
    assert voice.capabilities.languages == ("en-US",)
    assert voice.capabilities.espeak == "en-us"
    assert voice.capabilities.sample_rate == tiny.RATE
    assert read.count == 0
    assert len(spoken(voice))
    spoken(voice)
    assert read.count == 1


def test_a_few_voices_stay_loaded(shelf):
    readers = [Reader() for _ in range(3)]
    voices = [PiperVoice(file(read, f"voice-{n}"), shelf) for n, read in enumerate(readers)]
    for index in (0, 1, 0, 2, 0, 1):  # 1 had been silent longest when 2 came
        spoken(voices[index])
    assert [read.count for read in readers] == [1, 2, 1]


def test_a_voice_is_split_once(shelf, tmp_path, monkeypatch):
    spoken(PiperVoice(file(Reader()), shelf))
    monkeypatch.setattr("cartesia_server.engines.piper.voice.split.split", None)
    spoken(PiperVoice(file(Reader()), Shelf(Cache(tmp_path))))


def test_speakers_share_a_model_and_sound_different(shelf):
    read = Reader(speakers=2)
    first, second = (spoken(PiperVoice(file(read), shelf, number)) for number in range(2))
    assert read.count == 1
    assert np.abs(first - second).max() > 0.01


def test_a_file_that_is_no_voice_is_said(shelf):
    broken = dataclasses.replace(file(Reader()), read=lambda: b"no voice")
    with pytest.raises(WeightsError, match="en_US-tiny is no Piper voice: the file is no ONNX"):
        spoken(PiperVoice(broken, shelf))


def test_a_file_that_is_gone_is_said(shelf, tmp_path):
    gone = dataclasses.replace(file(Reader()), read=(tmp_path / "gone.onnx").read_bytes)
    with pytest.raises(WeightsError, match="en_US-tiny cannot be read: No such file"):
        spoken(PiperVoice(gone, shelf))
