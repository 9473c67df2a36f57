"""The loudspeaker: what is missing is named, what is written is played."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from cartesia.helpers import playback
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


def test_it_tells_how_much_was_heard(streams: list[Stream]) -> None:
    with Speaker(sample_rate=1000) as speaker:
        assert speaker.heard == 0
        speaker.write(bytes(2 * 600))
        streams[0].write_available = 400
        assert speaker.heard == 0
        streams[0].write_available = 650
        assert speaker.heard == 0.25
        speaker.write(bytes(2 * 100))
        speaker.abort()
        assert speaker.heard == 0.35
    assert streams[0].closed
    assert speaker.heard == 0.35


def test_all_is_heard_once_it_is_closed(streams: list[Stream]) -> None:
    with Speaker(sample_rate=1000) as speaker:
        speaker.write(bytes(2 * 600))
        streams[0].write_available = 400
    assert speaker.heard == 0.6


def test_pieces_of_a_stream_may_end_within_a_sample(streams: list[Stream]) -> None:
    with Speaker(sample_rate=24000) as speaker:
        for piece in (b"1", b"22", b"", b"34", b"4", b"5"):
            speaker.write(piece)
    assert streams[0].events == ["start", b"12", b"23", b"44", "stop"]


def test_another_thread_silences_it_in_the_middle_of_a_piece(
    streams: list[Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Speaker(sample_rate=1000)
    writing = threading.Event()
    pieces: list[bytes] = []

    def write(audio: bytes) -> None:
        pieces.append(audio)
        writing.set()
        while not speaker._aborted:
            time.sleep(0.001)

    monkeypatch.setattr(streams[0], "write", write)
    writer = threading.Thread(target=speaker.write, args=(bytes(2 * 1000),))
    writer.start()
    assert writing.wait(60)
    speaker.abort()
    writer.join(60)
    speaker.write(b"12")
    assert pieces == [bytes(2 * 20)], "a moment at once, and none after it"
    assert streams[0].events == ["start", "abort"]


def test_a_device_that_takes_nothing_is_silenced_all_the_same(
    streams: list[Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "_PATIENCE", 0.01)
    speaker = Speaker(sample_rate=1000)
    released = threading.Event()
    monkeypatch.setattr(streams[0], "write", lambda _: released.wait(10))
    writer = threading.Thread(target=speaker.write, args=(b"1234",))
    writer.start()
    speaker.abort()
    released.set()
    writer.join(10)
    assert streams[0].closed


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
