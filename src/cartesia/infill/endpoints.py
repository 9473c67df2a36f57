"""The request for speech between two pieces of audio."""

from __future__ import annotations

from typing import Any

from cartesia.core.endpoint import Request, given

_PARTS = {
    "model_id": "model_id",
    "language": "language",
    "transcript": "transcript",
    "voice_id": "voice_id",
    "output_format_container": "output_format[container]",
    "output_format_sample_rate": "output_format[sample_rate]",
    "output_format_encoding": "output_format[encoding]",
    "output_format_bit_rate": "output_format[bit_rate]",
    "voice_experimental_controls_speed": "voice[__experimental_controls][speed]",
    "voice_experimental_controls_emotion": "voice[__experimental_controls][emotion][]",
}


def as_bytes(*, left_audio: Any, right_audio: Any, **fields: Any) -> Request:
    """``POST /infill/bytes``. Audio that is None is left out."""
    files = given({"left_audio": left_audio, "right_audio": right_audio})
    return Request(
        "POST",
        "infill/bytes",
        form={_PARTS[name]: value for name, value in given(fields).items()},
        files={name: file for name, file in files.items() if file is not None},
    )
