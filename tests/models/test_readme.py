"""Every example of our own documents runs, against the real models."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY
from tests.markdown import code_blocks, run_block

DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
EXAMPLES = sorted((REPOSITORY / "examples").glob("*.py"))

INSTALL_AND_SPEAK = 'pip install ".[local]" && cartesia say "Hello, world!" --output hello.wav'
INSTALL_AND_TEST = 'pip install ".[dev]" && pytest'


class Device:
    """A loudspeaker that plays at once, and a microphone that hears a recording, then silence."""

    write_available = 1000
    closed = False

    def __init__(self, audio: bytes) -> None:
        self._audio = audio

    def start(self) -> None: ...

    stop = abort = start

    def write(self, audio: bytes) -> None: ...

    def read(self, frames: int) -> tuple[bytes, bool]:
        time.sleep(frames / 16000)  # no faster than a microphone: what is unheard would pile up
        piece, self._audio = self._audio[: 2 * frames], self._audio[2 * frames :]
        return piece.ljust(2 * frames, b"\0"), False

    def close(self) -> None:
        self.closed = True


def sound_devices(recording: bytes) -> ModuleType:
    """A stand-in for sounddevice, as no test machine has a device."""
    module = ModuleType("sounddevice")
    samples = recording[44:]

    def open_stream(**_settings: object) -> Device:
        return Device(samples)

    vars(module).update(
        RawInputStream=open_stream, RawOutputStream=open_stream, PortAudioError=OSError
    )
    return module


@pytest.fixture
def surroundings(
    real_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recording: bytes
) -> Path:
    """An empty folder with a recording and a text in it, a server to use, and sound devices."""
    monkeypatch.setitem(sys.modules, "sounddevice", sound_devices(recording))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARTESIA_BASE_URL", real_server)
    monkeypatch.syspath_prepend(str(REPOSITORY / "examples"))
    (tmp_path / "hello.wav").write_bytes(recording)
    (tmp_path / "story.txt").write_text("Once there was a story. It was short.", encoding="utf-8")
    return tmp_path


def with_python() -> list[Path]:
    return [path for path in DOCUMENTS if code_blocks(path, "python")]


@pytest.mark.parametrize("path", with_python(), ids=lambda path: path.name)
def test_the_python_of_a_document_runs_from_top_to_bottom(path: Path, surroundings: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in code_blocks(path, "python"):
        run_block(block, path, namespace)


def commands(path: Path) -> list[str]:
    """The command lines of a document that end by themselves and make no sound aloud."""
    lines = dict.fromkeys(
        line.partition(" #")[0].strip()
        for block in code_blocks(path, "sh")
        for line in block.code.splitlines()
    )
    spoken_aloud = re.compile(r"cartesia (say|change-voice|infill) (?!.*--output)")
    return [
        line
        for line in lines
        if re.search(r"\bcartesia (say|transcribe|change-voice|infill|voices)\b", line)
        and "pip install" not in line
        and not spoken_aloud.search(line)
    ]


@pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if commands(path)], ids=lambda path: path.name
)
def test_the_commands_of_a_document_run_one_after_the_other(path: Path, surroundings: Path) -> None:
    scripts = str(Path(sys.executable).parent)
    for line in commands(path):
        done = subprocess.run(
            ["sh", "-c", line],
            env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_two_commands_stand_in_the_readme_word_for_word() -> None:
    lines = [line for block in code_blocks(DOCUMENTS[0], "sh") for line in block.code.splitlines()]
    assert INSTALL_AND_SPEAK in lines
    assert INSTALL_AND_TEST in [line.strip() for line in lines]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(path: Path, surroundings: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
