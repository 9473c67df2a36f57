"""``cartesia voices delete``: away with a voice."""

from __future__ import annotations

from typing import Annotated

import typer

from cartesia_cli.connection import BaseUrl, Local, connect
from cartesia_cli.failures import without_traceback
from cartesia_cli.voices.lookup import find_voice


@without_traceback
def delete(
    voices: Annotated[list[str], typer.Argument(metavar="VOICE", help="Ids, or complete names.")],
    base_url: BaseUrl = None,
    local: Local = False,
) -> None:
    """Delete voices of your own, for good."""
    with connect(base_url=base_url, local=local) as client:
        # All are looked up before the first goes: a mistake in one deletes none.
        found = [find_voice(client, voice, argument="", exact=True) for voice in voices]
        for voice_id in dict.fromkeys(found):
            client.voices.delete(voice_id)
