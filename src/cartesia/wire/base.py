"""The base of every message, and the one place that knows Python names from wire names."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from typing import Any

import pydantic_core
from pydantic import AliasGenerator, BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails

WIRE_NAMES: Mapping[str, str] = {
    "continue_": "continue",
    "experimental_controls": "__experimental_controls",
}
"""Fields whose name on the wire is no usable Python name. All others are spelled alike."""


def wire_name(name: str) -> str:
    """The spelling on the wire of a field's Python name."""
    return WIRE_NAMES.get(name, name)


def _describe(schema: dict[str, Any], model: type) -> None:
    from cartesia.wire.schema import describe

    describe(schema, model)


class WireModel(BaseModel):
    """Base of every message; 2.x calls it ``UniversalBaseModel``.

    Instances are frozen. Fields that the model does not know are kept and can be read as
    attributes. Constructors and parsers take the Python and the wire spelling of a field alike
    (``continue_`` and ``continue``); what is written has the wire spelling.
    """

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        populate_by_name=True,
        alias_generator=AliasGenerator(validation_alias=wire_name, serialization_alias=wire_name),
        # Validators are built on first use: a program pays only for the messages it exchanges.
        defer_build=True,
        protected_namespaces=(),
        json_schema_extra=_describe,
    )

    def dict(self, **kwargs: Any) -> builtins.dict[str, Any]:
        """The message as a dictionary under wire names.

        Holds every field that was set, ``None`` included, and every default that is not ``None``.

        Args:
            **kwargs: options of pydantic's `model_dump`, which override the above.
        """
        given = self.model_dump(**{"by_alias": True, "exclude_unset": True, **kwargs})
        filled = self.model_dump(**{"by_alias": True, "exclude_none": True, **kwargs})
        merged: builtins.dict[str, Any] = _merge(given, filled)
        return merged

    def json(self, **kwargs: Any) -> str:
        """`dict` as JSON text; bytes are in base64.

        Args:
            **kwargs: options of pydantic's `model_dump`, which override the defaults of `dict`.
        """
        return pydantic_core.to_json(self.dict(**kwargs), bytes_mode="base64").decode()


class AnswerModel(WireModel):
    """Base of what calls give."""

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, for its logs and for support.

        None where it gives none, and for what is not the answer of a call. No part of the message:
        neither written nor compared.
        """
        named: str | None = self.__dict__.get("_request_id")
        return named or (self.model_extra or {}).get("request_id")

    def name_request(self, request_id: str | None) -> None:
        """Note which request this is the answer of."""
        # In no private attribute: pydantic compares those.
        self.__dict__["_request_id"] = request_id


def _merge(given: Any, filled: Any) -> Any:
    """Add to `given` what only `filled` has, at every depth."""
    if isinstance(given, dict) and isinstance(filled, dict):
        added = {key: value for key, value in filled.items() if key not in given}
        return {key: _merge(value, filled.get(key)) for key, value in given.items()} | added
    if isinstance(given, list) and isinstance(filled, list):
        return [_merge(one, other) for one, other in zip(given, filled, strict=True)]
    return given


def to_wire(value: Any) -> Any:
    """Turn what a caller passed (models, TypedDicts, nested containers) into what is sent.

    Models become dictionaries, keys get their wire spelling, tuples, sets and arrays become lists.
    A ``None`` that the caller gave stays and is sent as null. Other values pass unchanged.
    """
    if isinstance(value, WireModel):
        return value.dict()
    if isinstance(value, Mapping):
        return {wire_name(key): to_wire(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_wire(item) for item in value]
    if hasattr(value, "tolist"):  # arrays of numpy and others: an embedding that was computed
        return value.tolist()
    return value


def encode(value: Any) -> bytes:
    """The JSON bytes of a message.

    The fast way out for a model: one pass in native code, null fields left out, since null and
    absent mean the same on this API. Anything else goes through `to_wire`.
    """
    if isinstance(value, WireModel):
        return pydantic_core.to_json(value, by_alias=True, exclude_none=True)
    return pydantic_core.to_json(to_wire(value))


def choose_by(
    key: str,
    members: Mapping[str, type[WireModel]],
    *,
    otherwise: Callable[[Mapping[str, Any]], str] | None = None,
) -> Callable[[Any], Any]:
    """Make a validator that parses a mapping as the member that its `key` names.

    Where pydantic's own unions put the name of the member into the location of an error, this
    leaves the path that the sender knows: ``output_format.sample_rate``.

    Args:
        key: the field that tells the members apart.
        members: the models, by the value of `key`.
        otherwise: names the member for a mapping whose `key` is absent or unknown; without it
            such a mapping is an error.
    """
    expected = " or ".join(f"'{name}'" for name in members)

    def choose(value: Any) -> Any:
        if isinstance(value, WireModel):
            return value
        if not isinstance(value, Mapping):
            raise invalid({"type": "dict_type", "input": value})
        name = value.get(key)
        if not isinstance(name, str) or name not in members:
            if otherwise is None:
                context = {"expected": expected}
                raise invalid(
                    {"type": "literal_error", "loc": (key,), "input": name, "ctx": context}
                )
            name = otherwise(value)
        return members[name].model_validate({**value, key: name})

    return choose


def invalid(detail: InitErrorDetails) -> ValidationError:
    """What a validator of a message raises for a value that cannot be."""
    return ValidationError.from_exception_data("message", [detail])
