"""The microphone: pieces until it is stopped, for both kinds of loops."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cartesia.helpers.devices import AudioDeviceError
from cartesia.helpers.microphone import Microphone
from tests.unit.cartesia.helpers.conftest import Stream


def test_pieces_come_until_it_is_stopped(streams: list[Stream]) -> None:
    with Microphone(sample_rate=8000, piece_seconds=0.5, device=2) as microphone:
        pieces = []
        for piece in microphone:
            pieces.append(piece)
            if len(pieces) == 2:
                microphone.stop()
    (stream,) = streams
    assert pieces == [b"\2" * 8000, b"\3" * 8000]
    assert stream.settings == {"samplerate": 8000, "channels": 1, "dtype": "int16", "device": 2}
    assert stream.events == ["start", 4000, 4000, "stop"]
    assert stream.closed


@pytest.mark.anyio
async def test_pieces_come_without_holding_up_the_loop(streams: list[Stream]) -> None:
    with Microphone(sample_rate=8000) as microphone:
        async for piece in microphone:
            assert len(piece) == 1600
            microphone.stop()
    assert streams[0].closed


def test_closing_twice_is_harmless(streams: list[Stream]) -> None:
    microphone = Microphone()
    microphone.close()
    microphone.close()
    assert list(microphone) == []
    assert streams[0].events == ["start", "stop"]


def test_a_missing_library_of_the_system_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")')
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(AudioDeviceError, match=r"PortAudio library not found.*libportaudio2"):
        Microphone()


def test_a_missing_device_is_named(streams: list[Stream]) -> None:
    with pytest.raises(AudioDeviceError, match="no device for recording: no device named missing"):
        Microphone(device="missing")
