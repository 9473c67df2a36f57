"""``cartesia change-voice`` and ``cartesia infill`` against a server."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cartesia_cli.app import app
from tests.contract.scripted import RATE, WORD_SECONDS


@pytest.fixture
def cartesia(server, engine, tmp_path, monkeypatch, buzz):
    """Run a command beside a recording of 3 s, the server's address in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARTESIA_BASE_URL", server)
    Path("clip.wav").write_bytes(buzz)

    def run(*arguments, stdin=None):
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run


def frames(path: str) -> int:
    with wave.open(path) as file:
        return int(file.getnframes())


def test_change_voice_writes_as_much_as_it_is_given(cartesia):
    done = cartesia("change-voice", "clip.wav", "--voice", "Emma", "--output", "out.wav")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("3.00 s of audio in ")
    assert frames("out.wav") == 3 * RATE


def test_infill_writes_what_goes_in_between(cartesia):
    sides = ("--left", "clip.wav", "--right", "clip.wav")
    done = cartesia("infill", "one two", *sides, "--output", "mid.wav", "--sample-rate", "48000")
    assert (done.exit_code, done.stdout) == (0, "")
    assert 2 * WORD_SECONDS <= frames("mid.wav") / 48000 <= 2 * WORD_SECONDS + 0.4


def test_recordings_come_from_standard_input(cartesia, buzz):
    done = cartesia("change-voice", "-", "--output", "out.flac", stdin=buzz)
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("3.00 s of audio in ")
    assert Path("out.flac").read_bytes()[:4] == b"fLaC"
    for sides in (("--left", "-"), ("--right", "-"), ("--left", "clip.wav", "--right", "-")):
        done = cartesia("infill", "one", *sides, "--output", "mid.wav", stdin=buzz)
        assert done.exit_code == 0, done.stderr


def test_mp3_comes_from_the_server_where_it_cannot_be_made_here(cartesia, monkeypatch):
    monkeypatch.setattr("cartesia_cli.sinks.find_spec", lambda _name: None)
    done = cartesia("change-voice", "clip.wav", "--output", "out.mp3")
    assert done.exit_code == 0, done.output
    assert Path("out.mp3").read_bytes()[:1] == b"\xff"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("infill", "one", "--output", "a.wav"), "give --left, --right or both"),
        (("infill", "one", "--left", "-", "--right", "-"), "either --left or --right"),
        (("change-voice", "-", "--output", "a.wav"), "clip: is empty"),
        (("change-voice", "clip.wav", "--output", "a.txt"), "says no audio format"),
        (("change-voice", "missing.wav", "--output", "a.wav"), "missing.wav"),
        (("change-voice", "clip.wav", "--voice", "Nobody", "-o", "a.wav"), "no such voice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(cartesia, arguments, message):
    done = cartesia(*arguments)
    assert done.exit_code != 0
    assert message in done.stderr
    assert not Path("a.wav").exists()
