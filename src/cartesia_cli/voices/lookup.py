"""Which voice somebody means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cartesia_cli.failures import CommandError, UsageError

if TYPE_CHECKING:
    from cartesia import Cartesia

DEFAULT_VOICE = "694f9389-aac1-45b6-b726-9d9369183238"

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def find_voice(
    client: Cartesia, wanted: str, *, argument: str = "--voice ", exact: bool = False
) -> str:
    """The id of the voice with this name or id; names need not be complete if they are clear.

    Args:
        client: whose voices are meant.
        wanted: name or id.
        argument: what precedes it on the command line, for error texts.
        exact: take complete names only.

    Raises:
        UsageError: nothing is wanted.
        CommandError: no voice, or several, are called so; the text lists names.
    """
    if _ID.fullmatch(wanted):
        return wanted
    if not wanted.strip():
        raise UsageError(f"{argument}{wanted!r}: give the name or id of a voice")
    voices = list(client.voices.list(limit=100))
    name = wanted.casefold()
    complete = [voice for voice in voices if wanted == voice.id or name == voice.name.casefold()]
    partly = [] if exact else [voice for voice in voices if name in voice.name.casefold()]
    for matching in (complete, partly):
        if len(matching) == 1:
            return matching[0].id
        if matching:
            raise CommandError(
                f"{argument}{wanted}: several voices are called so: "
                f"{_some(f'{voice.name} ({voice.id})' for voice in matching)}"
            )
    names = {voice.name.casefold(): voice.name for voice in voices}
    if alike := difflib.get_close_matches(name, names):
        hint = f"did you mean {' or '.join(names[one] for one in alike)}?"
    else:
        hint = f"there are {_some(names.values())}."
    raise CommandError(
        f"{argument}{wanted}: there is no such voice; {hint} See `cartesia voices list`"
    )


def _some(names: Iterable[str], limit: int = 12) -> str:
    listed = list(names)
    return ", ".join(listed[:limit]) + (", …" if len(listed) > limit else "")
