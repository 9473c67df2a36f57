"""The command line's commands, put together."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from cartesia_cli import voices
from cartesia_cli.change_voice import change_voice
from cartesia_cli.infill import infill
from cartesia_cli.say import say
from cartesia_cli.serve import serve
from cartesia_cli.transcribe import transcribe

app = typer.Typer(
    help="A voice and ears for any program: in the cloud, on a server elsewhere, or here.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["--help", "-h"]},
    rich_markup_mode="markdown",  # paragraphs are wrapped to the terminal, not as in the source
    pretty_exceptions_enable=False,
)
app.command(epilog='Example: `cartesia say "Hello, world!" --output hello.wav`')(say)
app.command(epilog="Example: `cartesia transcribe hello.wav --output hello.srt`")(transcribe)
app.command(epilog="Example: `cartesia change-voice hello.wav --voice Emma --output emma.wav`")(
    change_voice
)
app.command(epilog='Example: `cartesia infill "by the way" --left a.wav --right b.wav -o mid.wav`')(
    infill
)
app.add_typer(voices.app, name="voices")
app.command(epilog="Example: `cartesia serve --host 127.0.0.1 --port 8000`")(serve)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cartesia {version('cartesia')}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Speak and listen, in the cloud, on a server elsewhere, or with the models on this machine.

    With a key in CARTESIA_API_KEY, or an address in --base-url or CARTESIA_BASE_URL, that server is
    used; with neither, or with --local, the models on this machine.
    """
