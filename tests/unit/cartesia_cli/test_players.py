"""Playing with programs: found on the path, fed a WAV stream, failures told."""

from __future__ import annotations

import io
import os
import sys
import wave
from pathlib import Path

import pytest

from cartesia.helpers.devices import AudioDeviceError
from cartesia_cli import players
from cartesia_cli.failures import CommandError, UsageError
from cartesia_cli.players import open_player

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in players are shell scripts")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty path on which tests put programs; no loudspeaker."""

    def no_speaker(*, sample_rate: int) -> None:
        raise AudioDeviceError("none")

    monkeypatch.setattr(players, "Speaker", no_speaker)
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys, pathlib\n{body}\n")
    path.chmod(0o755)


def test_a_program_is_fed_a_wav_stream(programs: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    install(programs, "aplay", f"pathlib.Path({str(heard)!r}).write_bytes(sys.stdin.buffer.read())")
    player = open_player(16000)
    player.write(b"\1\0" * 100)
    player.write(b"\2\0" * 100)
    player.close()
    with wave.open(io.BytesIO(heard.read_bytes())) as reader:
        assert reader.getframerate() == 16000
        assert reader.readframes(200) == b"\1\0" * 100 + b"\2\0" * 100


def test_a_player_of_files_gets_a_whole_one(programs: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    install(
        programs,
        "afplay",
        f"pathlib.Path({str(heard)!r}).write_bytes(pathlib.Path(sys.argv[1]).read_bytes())",
    )
    player = open_player(16000)
    player.write(b"\1\0" * 100)
    player.close()
    with wave.open(str(heard)) as reader:
        assert reader.getnframes() == 100


def test_no_player_says_how_to_get_a_file(programs: Path) -> None:
    with pytest.raises(UsageError, match=r"--output hello\.wav.*ffplay, mpv, aplay, play"):
        open_player(16000)


def test_a_program_that_fails_is_named(programs: Path) -> None:
    install(programs, "mpv", "sys.stdin.buffer.read(); sys.exit(3)")
    player = open_player(16000)
    player.write(b"\1\0")
    with pytest.raises(CommandError, match="mpv could not play the sound"):
        player.close()


def test_a_program_that_was_closed_is_named(programs: Path) -> None:
    install(programs, "mpv", "sys.stdin.buffer.read(10)")
    player = open_player(16000)
    with pytest.raises(CommandError, match="mpv stopped playing before the end"):
        for _ in range(1000):
            player.write(b"\0" * 10_000)
        player.close()
    player.abort()


def test_slow_speech_is_told_once_and_played_whole(
    programs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = tmp_path / "heard.wav"
    install(programs, "aplay", f"pathlib.Path({str(heard)!r}).write_bytes(sys.stdin.buffer.read())")
    clock = iter(range(100, 200, 2))
    player = open_player(16000, clock=lambda: next(clock))
    for number in range(5):
        player.write(bytes([number, 0]) * 16000)  # a second, every two seconds
    player.close()
    with wave.open(io.BytesIO(heard.read_bytes())) as reader:
        assert reader.readframes(100_000) == b"".join(bytes([n, 0]) * 16000 for n in range(5))
    said = capsys.readouterr().err
    assert said.startswith("The speech comes slower than it is heard (real-time factor 2.0)")
    assert said.count("\n") == 1


def test_aborting_does_not_wait_for_the_program(programs: Path) -> None:
    install(programs, "mpv", "import time; time.sleep(3600)")
    player = open_player(16000)
    player.write(b"\0" * 1_000_000)
    player.abort()
