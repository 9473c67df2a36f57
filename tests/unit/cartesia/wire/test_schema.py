"""JSON schemas of messages say what docstrings say."""

from __future__ import annotations

from cartesia.wire.tts import GenerationRequest, TtsRequest, TtsRequestIdSpecifier


def test_a_message_and_its_fields_are_described() -> None:
    schema = TtsRequest.model_json_schema()
    assert schema["description"] == "Body of ``POST /tts/bytes``."
    properties = schema["properties"]
    assert properties["model_id"]["description"] == "Names the model."
    assert properties["language"]["description"] == (
        "Language to speak; the voice's own when absent."
    )
    assert set(schema["required"]) == {"model_id", "transcript", "voice", "output_format"}
    assert all("description" in field for field in properties.values())


def test_a_description_may_take_several_lines() -> None:
    properties = GenerationRequest.model_json_schema()["properties"]
    text: str = properties["transcript"]["description"]
    assert text.startswith("What to say, as text or ")
    assert text.endswith("; empty to end or flush a context.")


def test_fields_have_their_wire_names() -> None:
    properties = TtsRequestIdSpecifier.model_json_schema()["properties"]
    assert "__experimental_controls" in properties
    assert "continue" in GenerationRequest.model_json_schema()["properties"]
