"""``cartesia voices``: who can speak. One file per command."""

from __future__ import annotations

import typer

from cartesia_cli.voices.clone import clone
from cartesia_cli.voices.create import create
from cartesia_cli.voices.delete import delete
from cartesia_cli.voices.get import get
from cartesia_cli.voices.listing import list_voices
from cartesia_cli.voices.mix import mix

app = typer.Typer(help="Who can speak: list, make and delete voices.", no_args_is_help=True)
app.command("list")(list_voices)
app.command()(get)
app.command()(clone)
app.command()(mix)
app.command()(create)
app.command()(delete)
