"""Python names and wire names of fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cartesia.wire.base import WIRE_NAMES


@dataclass(frozen=True)
class FieldMetadata:
    """The wire name of a field, for use in ``typing.Annotated``.

    Attributes:
        alias: the wire name.
    """

    alias: str


def convert_and_respect_annotation_metadata(
    *,
    object_: Any,
    annotation: Any,
    inner_type: Any | None = None,
    direction: Literal["read", "write"],
) -> Any:
    """Give the keys of dictionaries, at any depth, the names of the other side.

    Args:
        object_: dictionaries, lists and plain values; models inside pass unchanged.
        annotation: type of `object_`. Names do not depend on it: 2.x has no field that two types
            spell differently.
        inner_type: as `annotation`.
        direction: ``write`` turns Python names into wire names, ``read`` the reverse.
    """
    del annotation, inner_type
    names = WIRE_NAMES if direction == "write" else {v: k for k, v in WIRE_NAMES.items()}
    return _rename(object_, names)


def _rename(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {names.get(key, key): _rename(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rename(item, names) for item in value]
    return value
