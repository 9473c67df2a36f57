"""``cartesia voices clone``: a voice that sounds like somebody."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from cartesia_cli.clips import read_clip
from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import without_traceback

_TIMEOUT = 300.0  # seconds: a busy server takes its time before it answers


class Mode(str, Enum):
    """What a clone favours."""

    similarity = "similarity"
    stability = "stability"


@without_traceback
def clone(
    clip: Annotated[
        str,
        typer.Argument(help="Audio or video: 2 s to 5 min of one person; - is standard input."),
    ],
    name: Annotated[str, typer.Option("--name", "-n", help="Of the new voice.")],
    description: Annotated[str, typer.Option(help="Of the new voice.")] = "",
    language: Annotated[
        str, typer.Option("--language", "-l", help="That the voice will speak.")
    ] = "en",
    mode: Annotated[
        Mode, typer.Option(help="Sound as close as can be, or speak more steadily.")
    ] = Mode.similarity,
    enhance: Annotated[bool, typer.Option("--enhance", help="Take noise out before.")] = False,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Make a voice that sounds like the speaker of a clip; prints its id."""
    content = read_clip(clip)
    with connect(base_url=base_url, local=local, timeout=_TIMEOUT) as client:
        voice = client.voices.clone(
            clip=content,
            name=name,
            description=description,
            language=language,
            mode=mode.value,
            enhance=enhance,
        )
    typer.echo(voice.id)
