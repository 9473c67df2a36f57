"""``cartesia voices mix``: the voice between voices."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import UsageError, without_traceback
from cartesia_cli.voices.lookup import find_voice


@without_traceback
def mix(
    parts: Annotated[
        list[str],
        typer.Argument(metavar="VOICE[=WEIGHT]...", help="Names or ids. A weight is 1 by default."),
    ],
    name: Annotated[
        str | None, typer.Option("--name", "-n", help="Keep the mix as a voice of this name.")
    ] = None,
    description: Annotated[str, typer.Option(help="Of the new voice.")] = "",
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Of the new voice. Default: the first's.")
    ] = None,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Mix voices by weight: Grace=2 Emma=1 is mostly Grace.

    Prints the embedding as JSON, which `cartesia voices create` takes; with --name the id of the
    new voice.
    """
    weighted = [_weighted(part) for part in parts]
    with connect(base_url=base_url, local=local) as client:
        ids = [find_voice(client, voice, argument="") for voice, _ in weighted]
        mixed = client.voices.mix(
            voices=[
                {"id": voice_id, "weight": weight}
                for voice_id, (_, weight) in zip(ids, weighted, strict=True)
            ]
        )
        if name is None:
            typer.echo(json.dumps(mixed.embedding))
            return
        made = client.voices.create(
            name=name,
            description=description,
            embedding=mixed.embedding,
            language=language or client.voices.get(ids[0]).language,
        )
    typer.echo(made.id)


def _weighted(part: str) -> tuple[str, float]:
    voice, equals, weight = part.rpartition("=")
    if not equals:
        return part, 1.0
    try:
        return voice, float(weight)
    except ValueError:
        raise UsageError(f"{part}: {weight!r} is no weight; give a number: {voice}=0.5") from None
