"""What the commands tell about themselves."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from cartesia_cli.app import app


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command, however deep, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.mark.parametrize(("path", "command"), list(commands(get_command(app))))
def test_the_example_of_a_command_can_be_given_to_it(path: tuple[str, ...], command: Any) -> None:
    before, example, after = command.epilog.split("`")
    assert (before, after) == ("Example: ", "")
    program, *words = shlex.split(example)
    assert (program, *words[: len(path)]) == ("cartesia", *path)
    given = command.make_context(path[-1], words[len(path) :])
    assert given.params
