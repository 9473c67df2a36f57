"""Recordings that are sent as they are."""

from __future__ import annotations

import sys
from pathlib import Path

from cartesia_cli.sinks import PIPE


def read_clip(name: str) -> tuple[str, bytes]:
    """The name and content of a file; - is standard input.

    Raises:
        OSError: it cannot be read.
    """
    if name == PIPE:
        return "stdin", sys.stdin.buffer.read()
    return Path(name).name, Path(name).read_bytes()
