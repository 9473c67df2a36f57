"""The command line: ``cartesia say``, ``transcribe``, ``voices`` and ``serve``."""

from __future__ import annotations

import sys
from importlib.util import find_spec

_WITHOUT_EXTRA = """\
cartesia: the command line is not installed. In a checkout of this project, run

    pip install ".[local]"    # to speak and listen on this machine, without a key
    pip install ".[cli]"      # to use a server elsewhere
"""


def main() -> None:
    """Run the command line; without its extra, say how to install it and exit with 2."""
    if find_spec("typer") is None:
        sys.stderr.write(_WITHOUT_EXTRA)
        sys.exit(2)
    from cartesia_cli.app import app

    app(prog_name="cartesia")
