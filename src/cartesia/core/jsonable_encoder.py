"""Turning any value into what JSON can hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

Encoders = Mapping[type, Callable[[Any], Any]]
"""Functions for values that need a form of their own, by type."""


def jsonable_encoder(obj: Any, custom_encoder: Encoders | None = None) -> Any:
    """Turn a value into dictionaries, lists, text, numbers, booleans and None.

    Models become dictionaries under wire names, with every field that was set and every default
    that is not None. Enums become their values, sets and tuples lists, dates ISO 8601 text, bytes
    base64, paths text, and other objects their attributes.

    Args:
        obj: the value.
        custom_encoder: functions that take precedence over the above, at any depth.
    """
    import pydantic_core

    from cartesia.wire.base import to_wire

    return pydantic_core.to_jsonable_python(
        to_wire(_encode(obj, custom_encoder) if custom_encoder else obj),
        bytes_mode="base64",
        fallback=lambda value: (
            os.fspath(value) if isinstance(value, os.PathLike) else to_wire(vars(value))
        ),
    )


def _encode(value: Any, encoders: Encoders) -> Any:
    for kind, encode in encoders.items():
        if isinstance(value, kind):
            return encode(value)
    if isinstance(value, Mapping):
        return {key: _encode(item, encoders) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_encode(item, encoders) for item in value]
    return value
