"""The command line: ``cartesia say``, ``transcribe``, ``voices`` and ``serve``."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from importlib.util import find_spec

_WITHOUT_EXTRA = """\
cartesia: the command line is not installed. In a checkout of this project, run

    pip install ".[local]"    # to speak and listen on this machine, without a key
    pip install ".[cli]"      # to use a server elsewhere
"""

_INTERRUPTED, _TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM


def main() -> None:
    """Run the command line; without its extra, say how to install it and exit with 2.

    A process that a signal ended says so.
    """
    if find_spec("typer") is None:
        sys.stderr.write(_WITHOUT_EXTRA)
        sys.exit(2)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        _fill_closed_streams()
        from cartesia_cli.app import app

        app(prog_name="cartesia")
    except (KeyboardInterrupt, Exception):
        # Commands answer to Ctrl-C themselves. Left are those that have not begun, and what
        # libraries make of it: pydantic, while it builds a validator, a SchemaError.
        if signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
            raise
        _say_stopped()
        sys.exit(_INTERRUPTED)
    except SystemExit as end:
        if end.code in (_INTERRUPTED, _TERMINATED):
            _say_stopped()
        raise


def _say_stopped() -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write("cartesia: stopped\n")


def _fill_closed_streams() -> None:
    """Put something in the place of standard streams that the caller closed.

    Files that are opened later would get their numbers. What is written to such an output fails.
    """
    for name, flags, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_RDONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode))


def _stop(number: int, _frame: object) -> None:
    """End as after Ctrl-C: files are finished, and a server frees its work."""
    sys.exit(128 + number)


class _Interruption(KeyboardInterrupt):
    """Ctrl-C.

    A plain `KeyboardInterrupt` that passes through code made from a text, as that of dataclasses
    is, has ``python -m`` end by the signal, whatever is made of it.
    """


def _interrupt(number: int, _frame: object) -> None:
    """End in order after Ctrl-C, and at once after another."""
    signal.signal(number, signal.SIG_DFL)
    raise _Interruption
