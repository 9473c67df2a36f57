"""The names that 2.x gives to the base of the messages and to tools around pydantic."""

from __future__ import annotations

from typing import Any, Optional

import pytest
from pydantic import ValidationError

from cartesia.core import (
    IS_PYDANTIC_V2,
    UniversalBaseModel,
    UniversalRootModel,
    parse_obj_as,
    universal_field_validator,
    universal_root_validator,
    update_forward_refs,
)
from cartesia.tts import OutputFormat, OutputFormat_Raw, TtsRequestIdSpecifier


def test_every_message_is_a_universal_base_model() -> None:
    assert IS_PYDANTIC_V2
    assert issubclass(TtsRequestIdSpecifier, UniversalBaseModel)


def test_parse_obj_as_reads_models_lists_and_unions() -> None:
    voice = {"id": "v", "__experimental_controls": {"speed": 0.5}}
    (read,) = parse_obj_as(list[TtsRequestIdSpecifier], [voice])
    assert read.dict() == {"mode": "id", **voice}
    raw = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000}
    assert parse_obj_as(OutputFormat, raw) == OutputFormat_Raw(
        encoding="pcm_s16le", sample_rate=8000
    )
    assert parse_obj_as(dict[str, int], {"a": "1"}) == {"a": 1}


def test_parse_obj_as_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValidationError):
        parse_obj_as(TtsRequestIdSpecifier, {"mode": "id"})


def test_a_model_of_ones_own() -> None:
    class Order(UniversalBaseModel):
        size: int
        note: Optional[str] = None  # noqa: UP045

        @universal_root_validator(pre=True)
        def _unwrap(cls, values: Any) -> Any:  # noqa: N805
            return values.get("order", values)

        @universal_field_validator("size")
        def _positive(cls, value: int) -> int:  # noqa: N805
            if value <= 0:
                raise ValueError("a size is above 0")
            return value

    assert Order.model_validate({"order": {"size": 2}}).dict() == {"size": 2}
    with pytest.raises(ValidationError, match="a size is above 0"):
        Order(size=0)


def test_validators_may_run_after_the_whole_and_before_a_field() -> None:
    class Order(UniversalBaseModel):
        size: int

        @universal_field_validator("size", pre=True)
        def _strip(cls, value: Any) -> Any:  # noqa: N805
            return value.strip() if isinstance(value, str) else value

        @universal_root_validator()
        def _check(self) -> Order:
            if self.size > 9:
                raise ValueError("too large")
            return self

    assert Order.model_validate({"size": " 3 "}).size == 3
    with pytest.raises(ValidationError, match="too large"):
        Order(size=10)


def test_forward_references_can_be_resolved_later() -> None:
    class Tree(UniversalBaseModel):
        leaf: Leaf

    class Leaf(UniversalBaseModel):
        name: str

    update_forward_refs(Tree, Leaf=Leaf)
    assert Tree.model_validate({"leaf": {"name": "n"}}).leaf.name == "n"


def test_a_root_model_wraps_one_value() -> None:
    assert UniversalRootModel[list[int]].model_validate(["1"]).root == [1]
