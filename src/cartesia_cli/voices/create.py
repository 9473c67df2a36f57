"""``cartesia voices create``: a voice from 192 numbers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import UsageError, without_traceback

_PIPE = "-"
_ACCEPTED = "accepted: JSON with 192 numbers, as an array or under the key embedding"


@without_traceback
def create(
    name: Annotated[str, typer.Argument(help="Of the new voice.")],
    embedding: Annotated[
        str,
        typer.Option(
            "--embedding",
            "-e",
            metavar="FILE",
            help="What `voices mix` or `voices get --format json` printed; - is standard input.",
        ),
    ],
    description: Annotated[str, typer.Option(help="Of the new voice.")] = "",
    language: Annotated[
        str, typer.Option("--language", "-l", help="That the voice will speak.")
    ] = "en",
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Make a voice from an embedding; prints its id."""
    numbers = _numbers(embedding)
    with connect(base_url=base_url, local=local) as client:
        voice = client.voices.create(
            name=name, description=description, embedding=numbers, language=language
        )
    typer.echo(voice.id)


def _numbers(file: str) -> list[float]:
    try:
        text = sys.stdin.read() if file == _PIPE else Path(file).read_text(encoding="utf-8")
        found = json.loads(text)
    except ValueError:
        raise UsageError(f"--embedding {file}: that is no JSON; {_ACCEPTED}") from None
    if isinstance(found, dict):
        found = found.get("embedding")
    if not isinstance(found, list) or not all(type(one) in (int, float) for one in found):
        raise UsageError(f"--embedding {file}: that holds no embedding; {_ACCEPTED}")
    return found
