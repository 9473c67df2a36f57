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
app.command("list", epilog="Example: `cartesia voices list --language en`")(list_voices)
app.command(epilog="Example: `cartesia voices get Emma`")(get)
app.command(epilog="Example: `cartesia voices clone hello.wav --name Me`")(clone)
app.command(epilog="Example: `cartesia voices mix Grace=2 Emma=1 --name Both`")(mix)
app.command(epilog="Example: `cartesia voices create Between --embedding mix.json`")(create)
app.command(epilog="Example: `cartesia voices delete Me`")(delete)
