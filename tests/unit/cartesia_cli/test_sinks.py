"""Where sound goes: by extension, by format, into files that are whole at the end."""

from __future__ import annotations

import io
import os
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from cartesia_cli import sinks
from cartesia_cli.failures import UsageError
from cartesia_cli.sinks import Format, audio_format, check_folder, check_writable, open_sink


@pytest.mark.parametrize(
    ("output", "wanted", "expected"),
    [
        ("a.wav", None, Format.wav),
        ("b.MP3", None, Format.mp3),
        ("c.raw", None, Format.raw),
        ("d.pcm", None, Format.raw),
        ("e.ogg", None, Format.ogg),
        ("f.opus", None, Format.ogg),
        ("g.flac", None, Format.flac),
        ("-", None, Format.wav),
        (None, None, Format.wav),
        ("-", Format.mp3, Format.mp3),
        ("a.wav", Format.raw, Format.raw),
    ],
)
def test_the_format_follows_option_then_extension(
    output: str | None, wanted: Format | None, expected: Format
) -> None:
    assert audio_format(output, wanted, 24000) is expected


def test_an_unknown_extension_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"a\.aac.*\.wav, \.mp3, \.ogg, .*wav\|mp3\|ogg\|flac"):
        audio_format("a.aac", None, 24000)


@pytest.mark.parametrize("output", ["a.ogg", "a.flac"])
def test_what_only_the_extra_can_encode_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    monkeypatch.setattr(sinks, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r'needs the extra "local".*or write a \.wav or \.mp3'):
        audio_format(output, None, 24000)


def test_opus_has_few_rates() -> None:
    with pytest.raises(UsageError, match=r"--sample-rate 44100: .* 8000, 16000, 24000, 48000 Hz"):
        audio_format("a.ogg", None, 44100)
    assert audio_format("a.flac", None, 44100) is Format.flac


def test_what_may_not_be_written_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def access(path: Path, mode: int) -> bool:
        asked.append(path)
        return mode != os.W_OK

    monkeypatch.setattr(os, "access", access)
    (tmp_path / "old.wav").touch()
    for name in ("old.wav", "new.wav"):
        with pytest.raises(UsageError, match=rf"--output .*{name}: you may not write there"):
            check_writable("--output", tmp_path / name)
    with pytest.raises(UsageError, match=r"--output-dir .*: you may not write there"):
        check_folder("--output-dir", tmp_path)
    assert asked == [tmp_path / "old.wav", tmp_path, tmp_path]


def test_a_wav_file_has_its_true_length(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with open_sink(str(path), Format.wav, 24000) as sink:
        sink.write(b"\1\0" * 30)
    with wave.open(str(path)) as reader:
        assert (reader.getframerate(), reader.getnframes()) == (24000, 30)


@pytest.mark.parametrize("form", [Format.mp3, Format.ogg, Format.flac])
@pytest.mark.parametrize("sample_rate", [8000, 48000])
def test_a_compressed_file_holds_the_sound(tmp_path: Path, form: Format, sample_rate: int) -> None:
    tone = np.sin(np.arange(sample_rate) * 2 * np.pi * 440 / sample_rate) / 2
    path = tmp_path / "a"
    with open_sink(str(path), form, sample_rate) as sink:
        audio = (tone * 32767).astype("<i2").tobytes()
        for start in range(0, len(audio), 3333):  # pieces end within a sample, too
            sink.write(audio[start : start + 3333])
    with av.open(path) as file:
        assert file.format.name == form.value
        heard = np.concatenate(
            [frame.to_ndarray()[0].astype(float) for frame in file.decode(audio=0)]
        )
        rate = file.streams.audio[0].rate
    assert len(heard) / rate == pytest.approx(1, abs=0.08)
    loudest = np.argmax(np.abs(np.fft.rfft(heard))) * rate / len(heard)
    assert loudest == pytest.approx(440, abs=2)


def test_a_raw_file_holds_the_audio_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.raw"
    with open_sink(str(path), Format.raw, 24000) as sink:
        sink.write(b"\1\0")
        assert path.read_bytes() == b"\1\0", "audio is written while it arrives"
        sink.write(b"\2\0")
    assert path.read_bytes() == b"\1\0\2\0"


def test_a_failure_before_the_first_audio_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"precious")
    with pytest.raises(ZeroDivisionError), open_sink(str(path), Format.wav, 24000):
        raise ZeroDivisionError
    assert path.read_bytes() == b"precious"


def test_a_failure_in_the_middle_leaves_a_file_that_plays(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with pytest.raises(ZeroDivisionError), open_sink(str(path), Format.wav, 24000) as sink:
        sink.write(b"\1\0" * 10)
        raise ZeroDivisionError
    with wave.open(str(path)) as reader:
        assert reader.getnframes() == 10


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="there is no folder"),
        open_sink(str(tmp_path / "no" / "a.wav"), Format.wav, 24000),
    ):
        pass


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="that is a folder"),
        open_sink(str(tmp_path), Format.wav, 24000),
    ):
        pass


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_audio_does_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Terminal(io.BytesIO()))
    with pytest.raises(UsageError, match="writes audio"), open_sink("-", Format.wav, 24000):
        pass


def test_a_pipe_gets_audio_and_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(pipe))
    with open_sink("-", Format.raw, 24000) as sink:
        sink.write(b"\1\0")
    assert pipe.getvalue() == b"\1\0"


class RecordingPlayer:
    def __init__(self) -> None:
        self.events: list[object] = []

    def write(self, audio: bytes) -> None:
        self.events.append(audio)

    def close(self) -> None:
        self.events.append("close")

    def abort(self) -> None:
        self.events.append("abort")


def test_without_output_it_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    player = RecordingPlayer()
    monkeypatch.setattr(sinks, "open_player", lambda sample_rate: player)
    with open_sink(None, Format.wav, 24000) as sink:
        sink.write(b"\1\0")
    assert player.events == [b"\1\0", "close"]


def test_a_failure_silences_the_player(monkeypatch: pytest.MonkeyPatch) -> None:
    player = RecordingPlayer()
    monkeypatch.setattr(sinks, "open_player", lambda sample_rate: player)
    with pytest.raises(KeyboardInterrupt), open_sink(None, Format.wav, 24000):
        raise KeyboardInterrupt
    assert player.events == ["abort"]
