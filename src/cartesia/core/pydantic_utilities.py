"""The names that 2.x gives to the base of the messages and to tools around pydantic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, overload

from pydantic import RootModel, TypeAdapter, field_validator, model_validator

from cartesia.core.datetime_utils import serialize_datetime
from cartesia.wire.base import WireModel as UniversalBaseModel

T = TypeVar("T")

UniversalRootModel = RootModel

IS_PYDANTIC_V2: Final = True
"""Version 1 of pydantic is not supported."""

__all__ = [
    "IS_PYDANTIC_V2",
    "UniversalBaseModel",
    "UniversalRootModel",
    "parse_obj_as",
    "serialize_datetime",
    "universal_field_validator",
    "universal_root_validator",
    "update_forward_refs",
]


@overload
def parse_obj_as(type_: type[T], object_: Any) -> T: ...
@overload
def parse_obj_as(type_: Any, object_: Any) -> Any: ...
def parse_obj_as(type_: Any, object_: Any) -> Any:
    """Validate decoded JSON, or any value, as a type.

    Args:
        type_: a model, a TypedDict, a union, a list of them: anything that pydantic knows.
        object_: the value; fields may have their Python or their wire names.

    Raises:
        pydantic.ValidationError: if the value does not fit.
    """
    return TypeAdapter(type_).validate_python(object_)


def universal_root_validator(pre: bool = False) -> Callable[[Any], Any]:
    """A decorator for a validator of a whole model, before its fields are read or after."""
    return model_validator(mode="before") if pre else model_validator(mode="after")


def universal_field_validator(field_name: str, pre: bool = False) -> Callable[[Any], Any]:
    """A decorator for a validator of one field, before its type is checked or after."""
    return field_validator(field_name, mode="before" if pre else "after")


def update_forward_refs(model: type[UniversalBaseModel], **localns: Any) -> None:
    """Resolve the names in a model's annotations, looking in `localns` too."""
    model.model_rebuild(force=True, _types_namespace=localns or None)
