"""JSON schemas of messages, for OpenAPI documents."""

from __future__ import annotations

import inspect
import re
from typing import Any

_ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {5,}.+)*)", re.MULTILINE)


def describe(schema: dict[str, Any], model: type) -> None:
    """Put what docstrings say about a message and its fields into its JSON schema."""
    schema["description"] = (inspect.getdoc(model) or "").partition("\n")[0]
    fields: dict[str, str] = {}
    for base in reversed(model.__mro__):
        _, _, attributes = inspect.cleandoc(base.__doc__ or "").partition("Attributes:\n")
        fields |= {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(attributes)}
    by_wire_name = {
        field.serialization_alias: fields.get(name)
        for name, field in getattr(model, "model_fields", {}).items()
    }
    for name, property_schema in schema.get("properties", {}).items():
        if text := by_wire_name.get(name):
            property_schema["description"] = f"{text[0].upper()}{text[1:]}"
