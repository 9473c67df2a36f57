"""``cartesia voices list``: who can speak."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import without_traceback

if TYPE_CHECKING:
    from cartesia.voices import Voice


class Format(str, Enum):
    """How a list is written."""

    table = "table"
    json = "json"


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
        voices = [voice for voice in client.voices.list(limit=100) if _speaks(voice, language)]
    typer.echo(_as_json(voices) if form is Format.json else _as_table(voices))


def _speaks(voice: Voice, wanted: str | None) -> bool:
    """Whether a voice's language is the wanted one, or a regional kind of it.

    A region stands in the language, as in en-GB, or beside it, in the voice's country.
    """
    if wanted is None:
        return True
    tags = (voice.language, f"{voice.language}-{getattr(voice, 'country', None) or ''}")
    wanted = _folded(wanted)
    return any(has == wanted or has.startswith(f"{wanted}-") for has in map(_folded, tags))


def _folded(tag: str) -> str:
    return tag.casefold().replace("_", "-")


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
