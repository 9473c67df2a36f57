"""The two commands of the README on a machine without key, address or network settings."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest


def cartesia(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cartesia_cli", *arguments],
        cwd=folder,
        # Nothing on this address answers: whoever used a proxy for the local server would fail.
        env={
            **os.environ,
            "HTTP_PROXY": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
            "CARTESIA_CACHE_DIR": str(folder / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stranger_speaks_and_listens(tmp_path: Path) -> None:
    said = cartesia("say", "Hello, world!", "--output", "hello.wav", folder=tmp_path)
    assert said.returncode == 0, said.stderr
    notice, prepared, summary = said.stderr.splitlines()
    assert notice == "No CARTESIA_API_KEY and no --base-url: using the models on this machine."
    assert prepared == "Preparing Kokoro for this machine, once; this takes some seconds ..."
    assert re.fullmatch(
        r"\d\.\d\d s of audio, first sound after \d+\.\d\d s, real-time factor \d+\.\d\d", summary
    )
    with wave.open(str(tmp_path / "hello.wav")) as file:
        assert file.getparams()[:3] == (1, 2, 24000)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    assert 0.5 < len(samples) / 24000 < 3
    assert summary.startswith(f"{len(samples) / 24000:.2f} s of audio")
    assert 0.05 < np.abs(samples).max() <= 1

    heard = cartesia("transcribe", "hello.wav", "--local", folder=tmp_path)
    assert heard.returncode == 0, heard.stderr
    assert re.sub(r"\W+", " ", heard.stdout).strip().lower() == "hello world"
    assert heard.stderr == "Using the models on this machine.\n"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_lines_that_serve_prints_speak(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cartesia_cli", "serve", "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        ready = server.stdout.readline()
        assert re.match(r"Serving on http://127\.0\.0\.1:\d+ \(Ctrl-C stops it\)\. Try:", ready)
        assert server.stdout.readline() == "\n"
        code = "".join(server.stdout.readline() for _ in range(3))
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=30)
    assert done.returncode == 0
    with wave.open(str(tmp_path / "hello.wav")) as file:
        assert file.getnframes() > 24000 / 2
    assert server.returncode == 0
    assert said.startswith("Loading the models ...\n")
    assert said.count("\n") == 1 + said.count("Preparing Kokoro")
