"""The loudspeaker: what is missing is named, what is written is played."""

from __future__ import annotations

import sys

import pytest

from cartesia.helpers.devices import AudioDeviceError
from cartesia.helpers.playback import Speaker
from tests.unit.cartesia.helpers.conftest import Stream


def test_audio_is_played_to_its_end(streams: list[Stream]) -> None:
    with Speaker(sample_rate=24000, encoding="pcm_f32le", device=3) as speaker:
        speaker.write(b"1234")
    (stream,) = streams
    assert stream.settings == {
        "samplerate": 24000,
        "channels": 1,
        "dtype": "float32",
        "device": 3,
    }
    assert stream.events == ["start", b"1234", "stop"]
    assert stream.closed
    speaker.close()
    speaker.abort()
    assert stream.events[-1] == "stop"


def test_an_error_silences_it_at_once(streams: list[Stream]) -> None:
    with pytest.raises(ZeroDivisionError), Speaker(sample_rate=24000):
        raise ZeroDivisionError
    assert streams[0].events == ["start", "abort"]
    assert streams[0].closed


def test_a_missing_device_is_named(streams: list[Stream]) -> None:
    with pytest.raises(AudioDeviceError, match="no device for playing sound: no device named"):
        Speaker(sample_rate=24000, device="missing")


def test_a_missing_package_comes_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(AudioDeviceError, match=r'sounddevice: pip install "\.\[audio\]"'):
        Speaker(sample_rate=24000)


def test_an_encoding_that_devices_do_not_take() -> None:
    with pytest.raises(ValueError, match="got 'pcm_mulaw', accepted: pcm_s16le, pcm_f32le"):
        Speaker(sample_rate=8000, encoding="pcm_mulaw")
