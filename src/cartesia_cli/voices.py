"""``cartesia voices list``: who can speak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import CommandError, without_traceback

if TYPE_CHECKING:
    from cartesia import Cartesia
    from cartesia.voices import Voice

DEFAULT_VOICE = "694f9389-aac1-45b6-b726-9d9369183238"

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

app = typer.Typer(help="Who can speak.", no_args_is_help=True)


class Format(str, Enum):
    """How a list is written."""

    table = "table"
    json = "json"


@app.command("list")
@without_traceback
def list_voices(
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Only voices of this language.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="A table, or JSON: one array.")
    ] = Format.table,
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """List the voices: name, language, gender, id, description."""
    with connect(base_url=base_url, local=local) as client:
        voices = [
            voice for voice in client.voices.list(limit=100) if _speaks(voice.language, language)
        ]
    typer.echo(_as_json(voices) if form is Format.json else _as_table(voices))


def find_voice(client: Cartesia, wanted: str) -> str:
    """The id of the voice with this name or id; names need not be complete if they are clear.

    Raises:
        CommandError: no voice, or several, are called so; the text lists names.
    """
    if _ID.fullmatch(wanted):
        return wanted
    voices = list(client.voices.list(limit=100))
    name = wanted.casefold()
    for matching in (
        [voice for voice in voices if wanted == voice.id or name == voice.name.casefold()],
        [voice for voice in voices if name in voice.name.casefold()],
    ):
        if len(matching) == 1:
            return matching[0].id
        if matching:
            raise CommandError(
                f"--voice {wanted}: several voices are called so: {_some_names(matching)}"
            )
    raise CommandError(
        f"--voice {wanted}: there is no such voice; there are {_some_names(voices)}. "
        "See `cartesia voices list`"
    )


def _some_names(voices: Iterable[Voice], limit: int = 12) -> str:
    names = [voice.name for voice in voices]
    return ", ".join(names[:limit]) + (", …" if len(names) > limit else "")


def _speaks(has: str, wanted: str | None) -> bool:
    """Whether a voice's language is the wanted one, or a regional kind of it."""
    if wanted is None:
        return True
    has, wanted = (tag.casefold().replace("_", "-") for tag in (has, wanted))
    return has == wanted or has.startswith(f"{wanted}-")


def _gender(voice: Voice) -> str:
    return str(getattr(voice, "gender", None) or "")


def _as_table(voices: Iterable[Voice]) -> str:
    rows = [("NAME", "LANGUAGE", "GENDER", "ID", "DESCRIPTION")]
    rows += [(v.name, v.language, _gender(v), v.id, v.description or "") for v in voices]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _as_json(voices: Iterable[Voice]) -> str:
    entries = [
        {
            "id": voice.id,
            "name": voice.name,
            "language": voice.language,
            "gender": _gender(voice) or None,
            "description": voice.description,
        }
        for voice in voices
    ]
    return json.dumps(entries, ensure_ascii=False, indent=2)
