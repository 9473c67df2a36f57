from __future__ import annotations

import subprocess
import sys

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
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_fault_of_ours_is_shown():
    program = "import cartesia_cli; cartesia_cli._fill_closed_streams = lambda: 1 / 0;"
    done = subprocess.run(
        [sys.executable, "-c", f"{program} cartesia_cli.main()"], capture_output=True
    )
    assert done.returncode == 1
    assert b"ZeroDivisionError" in done.stderr
