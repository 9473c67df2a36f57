"""Turning any value into what JSON can hold."""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest

from cartesia.core import jsonable_encoder
from cartesia.tts import TtsRequestIdSpecifier, WebSocketTtsRequest


class Colour(enum.Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    at: dt.date


class Plain:
    def __init__(self) -> None:
        self.tags = {"a"}


VOICE = {"mode": "id", "id": "v"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ([1, 2.5, True, "t"], [1, 2.5, True, "t"]),
        ((1, {2}), [1, [2]]),
        (Colour.RED, "red"),
        (dt.datetime(2024, 11, 13, tzinfo=dt.timezone.utc), "2024-11-13T00:00:00Z"),
        (Decimal("1.5"), "1.5"),
        (PurePosixPath("/a/b"), "/a/b"),
        (b"\x00\x01", "AAE="),
        (Point(1, dt.date(2024, 1, 2)), {"x": 1, "at": "2024-01-02"}),
        (Plain(), {"tags": ["a"]}),
        (TtsRequestIdSpecifier(id="v"), VOICE),
        (
            {"requests": [WebSocketTtsRequest(model_id="m", voice=TtsRequestIdSpecifier(id="v"))]},
            {"requests": [{"model_id": "m", "voice": VOICE}]},
        ),
        ({"continue_": None}, {"continue": None}),
    ],
)
def test_a_value_becomes_what_json_holds(value: Any, expected: Any) -> None:
    encoded = jsonable_encoder(value)
    assert encoded == expected
    json.dumps(encoded)


def test_custom_encoders_win_at_any_depth() -> None:
    encoders = {Colour: lambda colour: colour.name, bytes: len}
    value = {"deep": [(Colour.RED, b"abc")], "plain": 1}
    assert jsonable_encoder(value, custom_encoder=encoders) == {"deep": [["RED", 3]], "plain": 1}
