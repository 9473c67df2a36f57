"""Each message and the TypedDict beside it say the same."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import typing_extensions

from cartesia.wire.base import WireModel, to_wire

MODULES = """
    api_status auth datasets events pronunciations stt voice_changer voices
    turns tts.formats tts.outputs tts.requests tts.responses tts.specifiers
"""
DISCRIMINATORS = {"container", "type", "cancel"}
"""Fields with a default that a dictionary must spell out, as nothing adds them."""


def _pairs() -> Iterator[Any]:
    for name in MODULES.split():
        module = import_module(f"cartesia.wire.{name}")
        for model in list(vars(module).values()):
            if (
                isinstance(model, type)
                and typing.get_origin(model) is None
                and issubclass(model, WireModel)
                and model.__module__ == module.__name__
            ):
                yield pytest.param(model, f"{model.__name__}Params", id=model.__name__)


@pytest.mark.parametrize(("model", "params"), list(_pairs()))
def test_a_dictionary_has_the_fields_of_its_model(model: type[WireModel], params: str) -> None:
    dictionary = getattr(import_module(model.__module__), params)
    assert typing_extensions.is_typeddict(dictionary)
    fields = model.model_fields
    assert set(dictionary.__annotations__) == set(fields)
    required = {name for name, field in fields.items() if field.is_required()}
    spelled_out = {name for name in DISCRIMINATORS if getattr(fields.get(name), "default", None)}
    assert dictionary.__required_keys__ == required | spelled_out


@pytest.mark.parametrize(("model", "params"), list(_pairs()))
def test_a_field_has_the_same_wire_name_in_both(model: type[WireModel], params: str) -> None:
    model.model_rebuild()
    wire_names = {field.serialization_alias for field in model.model_fields.values()}
    assert set(to_wire(dict.fromkeys(model.model_fields))) == wire_names


UNIONS = {
    "stt.StreamingTranscriptionResponse": 4,
    "tts.OutputFormat": 3,
    "tts.TtsRequestVoiceSpecifier": 2,
    "tts.WebSocketRequest": 2,
    "tts.WebSocketResponse": 6,
    "voice_changer.StreamingResponse": 3,
    "voices.MixVoiceSpecifier": 2,
}


@pytest.mark.parametrize("union", UNIONS)
def test_a_union_of_models_has_a_union_of_their_dictionaries(union: str) -> None:
    package, _, name = union.partition(".")
    module = import_module(f"cartesia.wire.{package}")
    models = typing.get_args(getattr(module, name))
    dictionaries = typing.get_args(getattr(module, f"{name}Params"))
    assert len(models) == UNIONS[union]
    assert [f"{model.__name__}Params" for model in models] == [d.__name__ for d in dictionaries]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("tts.RawEncoding", "pcm_alaw"),
        ("tts.ModelSpeed", "slow"),
        ("tts.NaturalSpecifier", "fastest"),
        ("tts.EmotionDeprecated", "anger:high"),
        ("tts.SupportedLanguage", "tr"),
        ("stt.SttEncoding", "pcm_f16le"),
        ("stt.TimestampGranularity", "word"),
        ("voice_changer.OutputFormatContainer", "mp3"),
        ("voices.CloneMode", "stability"),
        ("voices.Gender", "female"),
        ("voices.GenderPresentation", "gender_neutral"),
        ("voices.VoiceExpandOptions", "embedding"),
        ("voices.LocalizeTargetLanguage", "sv"),
        ("datasets.FilePurpose", "fine_tune"),
    ],
)
def test_a_value_set_lists_what_is_known_and_admits_any_text(path: str, known: str) -> None:
    package, _, name = path.partition(".")
    literal, text = typing.get_args(getattr(import_module(f"cartesia.wire.{package}"), name))
    assert known in typing.get_args(literal)
    assert text is str
