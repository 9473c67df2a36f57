"""What arguments of requests have to be before they are written as JSON, a form or a query."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from .api_error import InvalidArgumentError


def check_numbers(fields: Any) -> None:
    """Refuse numbers that JSON has no word for, wherever they are in the fields of a request.

    Raises:
        InvalidArgumentError: One is not finite; the error names the field.
    """
    for name, value in _leaves("", fields):
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidArgumentError(f"{name}: got {value!r}; accepted is a finite number")


def unwritable(fields: Any) -> InvalidArgumentError:
    """The error for fields that cannot be written, which names the one to blame."""
    from pydantic_core import to_json

    def fails(value: Any) -> bool:
        try:
            to_json(value)
        except ValueError:
            return True
        return False

    name, value = next((leaf for leaf in _leaves("", fields) if fails(leaf[1])), ("", ""))
    if not name:
        return InvalidArgumentError("an argument cannot be written in UTF-8")
    if isinstance(value, (str, bytes)):
        return InvalidArgumentError(f"{name}: got {value!r:.99}, which cannot be written in UTF-8")
    return InvalidArgumentError(
        f"{name}: got {value!r:.99}; accepted are text, numbers, lists and dictionaries of these"
    )


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Each value that is no container, with the way to it: `voice.embedding.3`."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), item)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _leaves(f"{name}.{index}", item)
    else:
        yield name, value
