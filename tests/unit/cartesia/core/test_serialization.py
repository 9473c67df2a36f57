"""Python names and wire names of fields."""

from __future__ import annotations

from typing import Any

from cartesia.core import FieldMetadata, convert_and_respect_annotation_metadata
from cartesia.tts import TtsRequestIdSpecifier, WebSocketTtsRequestParams

PYTHON = {"continue_": True, "voice": [{"experimental_controls": {"speed": 1}}], "language": None}
WIRE = {"continue": True, "voice": [{"__experimental_controls": {"speed": 1}}], "language": None}


def test_names_are_converted_both_ways() -> None:
    def convert(value: Any, direction: Any) -> Any:
        return convert_and_respect_annotation_metadata(
            object_=value, annotation=WebSocketTtsRequestParams, direction=direction
        )

    assert convert(PYTHON, "write") == WIRE
    assert convert(WIRE, "read") == PYTHON
    voice = TtsRequestIdSpecifier(id="v")
    assert convert([voice], "write") == [voice]


def test_field_metadata_holds_an_alias() -> None:
    assert FieldMetadata(alias="continue").alias == "continue"
