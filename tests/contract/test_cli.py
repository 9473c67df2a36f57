"""The commands against a server: what is written where, and how they end."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path

import av
import httpx
import pytest
from typer.testing import CliRunner

from cartesia_cli.app import app
from tests.contract.scripted import LEVEL, RATE, WORD_SECONDS

BRITISH = "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"


@pytest.fixture
def cartesia(server, engine, tmp_path, monkeypatch):
    """Run a command in an empty folder, with the server's address in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARTESIA_BASE_URL", server)

    def run(*arguments, stdin=None):
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run


@pytest.fixture
def process(server, engine, tmp_path):
    """Start a command as a process of its own."""

    def start(*arguments, env=os.environ, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "cartesia_cli", *arguments],
            cwd=tmp_path,
            env={**env, "CARTESIA_BASE_URL": server},
            stderr=subprocess.PIPE,
            **options,
        )

    return start


def silence(seconds: float) -> bytes:
    rate = 8000
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + int(seconds * rate) * 2, b"WAVE", b"fmt ", 16),
        *(1, 1, rate, rate * 2, 2, 16, b"data", int(seconds * rate) * 2),
    )
    return header + bytes(int(seconds * rate) * 2)


# --- say ------------------------------------------------------------------------------------------


def test_say_writes_a_wav_and_one_line(cartesia):
    done = cartesia("say", "one two three", "--output", "a.wav")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("0.30 s of audio, first sound after ")
    assert done.stderr.count("\n") == 1
    with wave.open("a.wav") as file:
        assert file.getparams()[:4] == (1, 2, RATE, round(3 * WORD_SECONDS * RATE))
        (sample,) = struct.unpack_from("<h", file.readframes(file.getnframes()), 2400)
    assert sample == pytest.approx(LEVEL * 32767, abs=2)


def test_say_streams_into_a_pipe(cartesia):
    done = cartesia("say", "one two", "--output", "-", "--format", "raw", "--sample-rate", "8000")
    assert done.exit_code == 0
    assert len(done.stdout_bytes) == 2 * 8000 * 2 * WORD_SECONDS


def test_say_writes_mp3_with_subtitles(cartesia):
    done = cartesia("say", "one two three", "-o", "a.mp3", "--subtitles", "a.json")
    assert done.exit_code == 0, done.stderr
    with av.open("a.mp3") as file:
        seconds = sum(frame.samples for frame in file.decode(audio=0)) / RATE
    assert seconds == pytest.approx(0.3, abs=0.06)
    words = json.loads(Path("a.json").read_text("utf-8"))["words"]
    assert [word["word"] for word in words] == ["one", "two", "three"]
    assert [word["start"] for word in words] == pytest.approx([0.0, 0.1, 0.2], abs=0.002)


@pytest.mark.parametrize(("output", "format"), [("a.ogg", "ogg"), ("a.flac", "flac")])
def test_say_writes_what_else_players_know(cartesia, output, format):
    done = cartesia("say", "one two three", "-o", output)
    assert done.exit_code == 0, done.stderr
    with av.open(output) as file:
        assert file.format.name == format
        frames = list(file.decode(audio=0))
    assert sum(f.samples / f.sample_rate for f in frames) == pytest.approx(0.3, abs=0.02)


def test_say_asks_the_server_for_mp3_where_it_cannot_make_it(cartesia, monkeypatch):
    monkeypatch.setattr("cartesia_cli.say.find_spec", lambda name: None)
    done = cartesia("say", "one two three", "-o", "a.mp3")
    assert done.exit_code == 0, done.stderr
    assert Path("a.mp3").read_bytes()[:2] in (b"\xff\xf3", b"\xff\xfb")
    refused = cartesia("say", "one", "-o", "a.mp3", "--subtitles", "a.srt")
    assert refused.exit_code == 2
    assert 'pip install ".[local]"' in refused.stderr


def test_times_go_on_from_one_request_to_the_next(cartesia, monkeypatch):
    monkeypatch.setattr("cartesia_cli.say.split_text", lambda text: text.split("|"))
    done = cartesia("say", "one two|three four", "-o", "a.wav", "--subtitles", "a.json")
    assert done.exit_code == 0, done.stderr
    words = json.loads(Path("a.json").read_text("utf-8"))["words"]
    assert [word["start"] for word in words] == pytest.approx([0.0, 0.1, 0.2, 0.3], abs=0.002)


@pytest.mark.parametrize("how", ["argument", "file", "pipe", "dash"])
def test_say_takes_text_from_everywhere(cartesia, engine, how):
    Path("text.txt").write_text("from everywhere", encoding="utf-8")
    text = "from everywhere"
    arguments, stdin = {
        "argument": ([text], None),
        "file": (["--file", "text.txt"], None),
        "pipe": ([], text),
        "dash": (["-"], text),
    }[how]
    done = cartesia("say", *arguments, "-o", "a.raw", stdin=stdin)
    assert done.exit_code == 0, done.stderr
    assert engine.said == ["from", "everywhere"]


def test_say_passes_voice_speed_and_language_on(cartesia, engine):
    cartesia("say", "one", "-o", "a.wav", "--voice", BRITISH)
    by_id = engine.voices[-1]
    done = cartesia("say", "one", "-o", "b.wav", "--voice", "emma", "--speed", "0.8", "-l", "en")
    assert done.exit_code == 0, done.stderr
    assert (engine.voices[-1] == by_id).all()
    with wave.open("b.wav") as file:
        assert file.getnframes() == round(WORD_SECONDS * RATE / 0.8)


@pytest.mark.parametrize("output", ["a.wav", "a.mp3"])
def test_say_reads_words_as_a_dictionary_says(cartesia, engine, server, monkeypatch, output):
    monkeypatch.setattr("cartesia_cli.say.find_spec", lambda name: None)
    items = [{"text": "one", "pronunciation": "uno"}]
    made = httpx.post(f"{server}/pronunciation-dicts", json={"name": "Mine", "items": items})
    named = ("--pronunciation-dict", made.json()["id"])
    done = cartesia("say", "one two", "-o", output, *named)
    assert done.exit_code == 0, done.stderr
    assert engine.said == ["uno", "two"]
    httpx.delete(f"{server}/pronunciation-dicts/{named[1]}")
    refused = cartesia("say", "one two", "-o", output, *named)
    assert refused.exit_code == 1
    assert "pronunciation_dict_id: got" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["say", "one", "-o", "a.aac"], 2, "accepted: .wav, .mp3, .ogg"),
        (["say", "one", "-o", "no/a.wav"], 2, "there is no folder no"),
        (["say", "one", "-o", "a.wav", "--subtitles", "a.txt"], 2, "accepted extensions: .srt"),
        (["say", "one", "--file", "a.txt", "-o", "a.wav"], 2, "not both"),
        (
            ["say", "--file", "a.txt", "-o", "a.wav"],
            1,
            "a.txt: No such file or directory",
        ),
        (["say", "", "-o", "a.wav"], 2, "the text has no words"),
        (["say", "...", "-o", "a.wav"], 2, "the text has no words"),
        (["say", "--file", "latin.txt", "-o", "a.wav"], 2, "latin.txt: that is no text in UTF-8"),
        (
            ["say", "one", "-o", "a.wav", "--voice", "nobody"],
            1,
            "there is no such voice; there are",
        ),
        (["say", "one", "-o", "a.wav", "--voice", "Grcae"], 1, "such voice; did you mean Grace?"),
        (["say", "one", "-o", "a.wav", "--voice", "a"], 1, "several voices are called so"),
        (["say", "one", "-o", "a.wav", "--model", "sonic-x"], 1, "model_id: got 'sonic-x', accept"),
        (["say", "one", "-o", "a.wav", "--language", "xx"], 1, "language: got 'xx', accepted: "),
        (["say", "one", "-o", "a.wav", "--sample-rate", "7"], 1, "sample_rate: got 7, accepted: 8"),
        (["say", "one", "-o", "a.wav", "--speed", "9"], 2, "--speed"),
        (["voices", "list", "--local", "--base-url", "http://x"], 2, "exclude each other"),
        (["say", "one", "-o", "a.wav", "--base-url", "nowhere"], 2, "base_url: got 'nowhere'"),
        (["say", "one", "-o", "a.wav", "--base-url", "http://127.0.0.1:9"], 1, "Check --base-url"),
        (["transcribe", "a.wav"], 1, "cartesia: a.wav: No such file or directory"),
        (["transcribe", "."], 1, "cartesia: .: Is a directory"),
        (["transcribe", "a", "b", "--format", "srt"], 2, "give --output-dir"),
        (["transcribe", "a", "b", "-o", "a.txt"], 2, "--output takes one recording"),
        (["transcribe", "a", "-o", "a.txt", "--output-dir", "."], 2, "--output takes one"),
        (["transcribe", "a", "-o", "a.doc"], 2, "accepted: .txt, .json, .srt, .vtt, or any name"),
        (["transcribe", "a", "-o", "no/a.srt"], 2, "there is no folder no"),
        (["transcribe", "a", "--output-dir", "no"], 2, "there is no such folder"),
        (
            ["transcribe", "b/a.wav", "a.mp3", "--output-dir", "."],
            2,
            "b/a.wav and a.mp3 would both become a.txt",
        ),
        (["say", "d\udce9j\udce0 vu", "-o", "a.wav"], 2, "the text: that is no text in UTF-8"),
        (["say", "one", "-o", "a.wav", "--voice", ""], 2, "--voice '': give the name or id"),
    ],
)
def test_mistakes_are_told_in_one_line(cartesia, arguments, exit_code, said):
    Path("latin.txt").write_bytes("déjà vu".encode("latin-1"))
    done = cartesia(*arguments)
    assert done.exit_code == exit_code, done.stderr
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not Path("a.wav").exists()


def test_a_failure_of_the_server_in_the_middle_is_told(cartesia):
    done = cartesia("say", "one two boom", "-o", "a.wav", "--subtitles", "a.json")
    assert done.exit_code == 1
    kept, said = done.stderr.splitlines()
    assert kept == f"cartesia: a.wav holds the first {2 * WORD_SECONDS:.2f} s"
    assert said.startswith("cartesia: ")
    assert [w["word"] for w in json.loads(Path("a.json").read_text())["words"]] == ["one", "two"]
    with wave.open("a.wav") as file:
        assert file.getnframes() == round(2 * WORD_SECONDS * RATE)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_at_once_and_frees_the_server(process, engine):
    running = process("say", "one wait", "--output", "a.wav")
    assert engine.holding.wait(20)
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=120)
    assert running.returncode == 130
    assert stderr.splitlines()[-1] == b"cartesia: stopped"
    assert engine.freed.wait(20)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_another_ctrl_c_does_not_wait_for_what_the_first_one_ends(process, engine):
    running = process("say", "one wait", "--output", "a.wav")
    assert engine.holding.wait(20)
    running.send_signal(signal.SIGINT)
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=120)
    assert (running.returncode, *stderr.splitlines()[-1:]) in [
        (130, b"cartesia: stopped"),
        (-signal.SIGINT,),
        (-signal.SIGINT, b"cartesia: a.wav holds the first 0.10 s"),
    ]
    assert engine.freed.wait(20)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_sigterm_finishes_the_file(process, engine, tmp_path):
    running = process("say", "one wait", "--output", "a.wav")
    assert engine.holding.wait(20)
    while not (tmp_path / "a.wav").exists():  # the first word may still be on its way
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGTERM)
    _, stderr = running.communicate(timeout=120)
    kept = f"cartesia: a.wav holds the first {WORD_SECONDS:.2f} s"
    assert running.returncode == 143
    assert stderr.decode().splitlines() == [kept, "cartesia: stopped"]
    assert engine.freed.wait(20)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == round(WORD_SECONDS * RATE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("command", "exit_code", "said"),
    [
        ("say one -o - >&-", 1, "Bad file descriptor"),
        ("transcribe one.wav >&-", 1, "Bad file descriptor"),
        ("transcribe one.wav >/dev/full", 1, "No space left on device"),
        ("voices list >/dev/full", 1, "No space left on device"),
        ("say one -o a.wav <&- >&-", 0, "real-time factor"),
        ("say -o a.wav <&-", 2, "the text has no words"),
        ("say one -o a.wav 2>&-", 0, ""),
    ],
)
def test_streams_that_are_closed_or_full_are_told(
    server, tmp_path, unbuffered, command, exit_code, said
):
    (tmp_path / "one.wav").write_bytes(silence(1))
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m cartesia_cli {command}"],
        cwd=tmp_path,
        env={**os.environ, "CARTESIA_BASE_URL": server, "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (exit_code, 1 if said else 0), done.stderr
    assert said in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_a_reader_that_has_heard_enough_is_no_error(process):
    running = process("say", "one " * 400, "--output", "-", stdout=subprocess.PIPE)
    running.stdout.read(100)
    running.stdout.close()
    stderr = running.stderr.read()
    running.stderr.close()
    assert (running.wait(20), stderr) == (1, b"")


# --- transcribe -----------------------------------------------------------------------------------


def test_transcribe_prints_what_it_hears(cartesia):
    Path("a.wav").write_bytes(silence(2))
    done = cartesia("transcribe", "a.wav")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "word word\n", "")


def test_transcribe_reads_a_pipe(cartesia):
    done = cartesia("transcribe", "-", "--format", "srt", stdin=silence(1))
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "1\n00:00:00,000 --> 00:00:01,000\nword\n"


def test_long_recordings_are_put_together_from_parts(cartesia):
    Path("long.wav").write_bytes(silence(150))
    done = cartesia("transcribe", "long.wav", "--format", "json")
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["duration"] == pytest.approx(150, abs=0.1)
    starts = [word["start"] for word in document["words"]]
    assert len(starts) == pytest.approx(150, abs=3)
    assert starts == sorted(starts)
    assert starts[-1] > 147


def test_a_pipe_without_text_is_told_in_any_locale(process):
    for locale in ("C", "C.UTF-8"):
        command = process(
            *("say", "-o", "a.wav"),
            stdin=subprocess.PIPE,
            env={**os.environ, "LC_ALL": locale},
        )
        _, stderr = command.communicate("déjà vu".encode("latin-1"), timeout=60)
        assert command.returncode == 2
        assert stderr == b"cartesia: standard input: that is no text in UTF-8\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes there alone")
def test_a_name_that_is_no_text_keeps_no_file_from_being_heard(process, tmp_path):
    Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.wav")).write_bytes(silence(0.5))
    command = process("transcribe", b"caf\xe9.wav", "--format", "json", stdout=subprocess.PIPE)
    written, stderr = command.communicate(timeout=60)
    assert command.returncode == 0, stderr
    assert json.loads(written)["file"] == "caf\ufffd.wav"


def test_what_the_locale_cannot_write_is_told_in_one_line(process):
    command = process(
        *("voices", "list"),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1251"},
    )
    _, stderr = command.communicate(timeout=60)
    assert command.returncode == 1
    assert stderr == (
        b"cartesia: standard output is in cp1251, which lacks '\\xe1'; set PYTHONUTF8=1\n"
    )


def test_a_transcript_goes_into_a_file_of_the_kind_that_its_name_says(cartesia):
    Path("a.wav").write_bytes(silence(1))
    for name, beginning in [
        ("a.vtt", "WEBVTT\n"),
        ("a.JSON", '{"file": "a.wav"'),
        ("a.txt", "word"),
    ]:
        done = cartesia("transcribe", "a.wav", "-o", name)
        assert (done.exit_code, done.output) == (0, "")
        assert Path(name).read_text("utf-8").startswith(beginning)
    assert cartesia("transcribe", "a.wav", "--format", "srt", "-o", "a.doc").exit_code == 0
    assert "-->" in Path("a.doc").read_text("utf-8")


def test_one_bad_file_does_not_keep_the_others_from_their_turn(cartesia):
    Path("bad.wav").write_bytes(b"no audio")
    Path("good.wav").write_bytes(silence(1))
    Path("out").mkdir()
    done = cartesia("transcribe", "bad.wav", "good.wav", "--format", "vtt", "--output-dir", "out")
    assert done.exit_code == 1
    assert done.stderr.startswith("cartesia: bad.wav: ")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in Path("out").iterdir()] == ["good.vtt"]
    assert Path("out/good.vtt").read_text("utf-8").startswith("WEBVTT\n")


def test_files_that_are_not_there_are_told_first_and_the_others_get_their_turn(cartesia):
    Path("good.wav").write_bytes(silence(1))
    done = cartesia("transcribe", "good.wav", "absent.wav")
    assert (done.exit_code, done.stdout) == (1, "word\n")
    assert done.stderr == "cartesia: absent.wav: No such file or directory\n"


# --- voices, version ------------------------------------------------------------------------------


def test_voices_are_listed_as_a_table(cartesia):
    head, *rows = cartesia("voices", "list").stdout.splitlines()
    assert head.split() == ["NAME", "LANGUAGE", "GENDER", "ID", "DESCRIPTION"]
    assert BRITISH in "".join(rows)
    spanish = [row for row in rows if row.split()[1] == "es"]
    assert 0 < len(spanish) < len(rows)
    filtered = cartesia("voices", "list", "--language", "es").stdout.splitlines()[1:]
    assert [row.split() for row in filtered] == [row.split() for row in spanish]
    british = cartesia("voices", "list", "--language", "en_GB").stdout
    assert "Emma" in british
    assert "Grace" not in british


def test_voices_are_listed_as_json(cartesia):
    voices = json.loads(cartesia("voices", "list", "--format", "json").stdout)
    assert BRITISH in [voice["id"] for voice in voices]
    assert set(voices[0]) == {"id", "name", "language", "gender", "description"}


def test_the_version_is_that_of_the_distribution(cartesia):
    from cartesia import __version__

    assert cartesia("--version").stdout == f"cartesia {__version__}\n"


def test_help_may_be_asked_for_in_short(cartesia):
    for command in ((), ("say",), ("voices", "list")):
        asked = cartesia(*command, "-h")
        assert (asked.exit_code, asked.output) == (0, cartesia(*command, "--help").output)


def test_help_is_wrapped_to_the_terminal_alone(cartesia, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    shown = cartesia("say", "--help").output
    assert any("real-time factor (time taken" in line for line in shown.splitlines())


def test_without_a_command_it_shows_its_commands(cartesia):
    shown = cartesia().output
    assert all(
        command in shown
        for command in ("say", "transcribe", "change-voice", "infill", "voices", "serve")
    )
