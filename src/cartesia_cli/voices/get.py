"""``cartesia voices get``: all about one voice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import without_traceback
from cartesia_cli.voices.listing import Format
from cartesia_cli.voices.lookup import find_voice

if TYPE_CHECKING:
    from cartesia.voices import Voice


@without_traceback
def get(
    voice: Annotated[str, typer.Argument(help="Name or id.")],
    form: Annotated[
        Format, typer.Option("--format", help="A table, or JSON, which holds the embedding.")
    ] = Format.table,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Show one voice."""
    with connect(base_url=base_url, local=local) as client:
        found = client.voices.get(find_voice(client, voice, argument=""))
    typer.echo(found.json() if form is Format.json else _as_table(found))


def _as_table(voice: Voice) -> str:
    fields = json.loads(voice.json())
    shown = ("id", "name", "description", "language", "gender", "country", "created_at", "is_owner")
    rows = [(name, str(fields[name])) for name in shown if fields.get(name) not in (None, "")]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name.ljust(width)}  {value}" for name, value in rows)
