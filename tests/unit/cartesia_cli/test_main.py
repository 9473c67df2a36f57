from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """\
import _thread, cartesia_cli
def interrupted():
    try:
        _thread.interrupt_main()
    except KeyboardInterrupt as error:
        {then}
cartesia_cli._fill_closed_streams = interrupted
cartesia_cli.main()
"""


@pytest.mark.parametrize("then", ["raise", "raise ValueError(error)"])
def test_ctrl_c_outside_of_a_command_leaves_no_traceback(then: str):
    program = PROGRAM.format(then=then)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert (done.returncode, done.stderr) == (130, b"cartesia: stopped\n")


def test_ctrl_c_while_code_runs_that_is_made_from_a_text(tmp_path: Path):
    # That of dataclasses, for instance, of which there are many.
    interrupt = "import _thread\n_thread.interrupt_main()\nfor _ in range(9): pass"
    (tmp_path / "program.py").write_text(
        "import cartesia_cli\n"
        f"cartesia_cli._fill_closed_streams = lambda: exec({interrupt!r})\n"
        "cartesia_cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-m", "program"], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stderr) == (130, b"cartesia: stopped\n")


LOADING = """\
import time
import cartesia_cli
from cartesia_server.engines import registry

def load(settings):
    print("loading", flush=True)
    time.sleep(60)

registry._load_speech = load
registry._load_transcription = lambda settings: time.sleep(60)
cartesia_cli.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["say", "--local", "Hi.", "-o-"]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_models_that_load_keep_no_process_from_ending(number: int, command: list[str]):
    with subprocess.Popen(
        [sys.executable, "-c", LOADING, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"loading\n"
        running.send_signal(number)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 128 + number
    assert said.splitlines()[1:] == [b"cartesia: stopped"]


def test_a_fault_of_ours_is_shown():
    program = "import cartesia_cli; cartesia_cli._fill_closed_streams = lambda: 1 / 0;"
    done = subprocess.run(
        [sys.executable, "-c", f"{program} cartesia_cli.main()"], capture_output=True
    )
    assert done.returncode == 1
    assert b"ZeroDivisionError" in done.stderr
