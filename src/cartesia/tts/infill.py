"""Speech between two files: what to ask for, and how to join what comes."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from cartesia.core.api_error import ApiResponseError, InvalidArgumentError
from cartesia.core.endpoint import OMIT, Request
from cartesia.helpers.wav import wav_header
from cartesia.infill import endpoints
from cartesia.wire.base import to_wire

from .utils.tts import concat_audio_segments
from .utils.wav import common_format, read_wav

_CONTAINERS = ("wav", "mp3")


@dataclass(frozen=True)
class InfillPlan:
    """What `tts.infill` does.

    Attributes:
        request: Asks for the speech in between.
        left: The file of what comes before, if any.
        right: The file of what comes after, if any.
        container: Of all files.
    """

    request: Request
    left: bytes | None
    right: bytes | None
    container: str

    def join(self, infill: bytes) -> bytes:
        """Put the speech between the files.

        Raises:
            ApiResponseError: It is not in the format that was asked for.
        """
        try:
            return concat_audio_segments(self.left, infill, self.right, self.container)
        except ValueError as error:
            raise ApiResponseError(f"The server's answer cannot be joined: {error}") from error


def plan_infill(
    *,
    model_id: str,
    language: str,
    transcript: str,
    voice: Any,
    output_format: Any,
    left_audio_path: str | PathLike[str] | None,
    right_audio_path: str | PathLike[str] | None,
) -> InfillPlan:
    """Read the files, and check before anything is made that all can be joined.

    Raises:
        InvalidArgumentError: An argument cannot be right, or the files cannot be joined.
        OSError: A file cannot be read.
    """
    if left_audio_path is None and right_audio_path is None:
        raise InvalidArgumentError(
            "left_audio_path, right_audio_path: got neither; accepted are one or both"
        )
    voice_id, controls = _voice(_fields("voice", voice))
    form = _fields("output_format", output_format)
    container = form.get("container")
    if container not in _CONTAINERS:
        raise InvalidArgumentError(
            f"output_format.container: got {container!r}; accepted: {', '.join(_CONTAINERS)}"
        )
    paths = {"left_audio": left_audio_path, "right_audio": right_audio_path}
    files = {
        name: None if path is None else Path(path).read_bytes() for name, path in paths.items()
    }
    _check_formats(files, form)
    request = endpoints.as_bytes(
        **{name: file and (Path(str(paths[name])).name, file) for name, file in files.items()},
        model_id=model_id,
        language=language,
        transcript=transcript,
        voice_id=voice_id,
        output_format_container=container,
        output_format_sample_rate=form.get("sample_rate", OMIT),
        output_format_encoding=form.get("encoding", OMIT),
        output_format_bit_rate=form.get("bit_rate", OMIT),
        voice_experimental_controls_speed=controls.get("speed", OMIT),
        voice_experimental_controls_emotion=controls.get("emotion", OMIT),
    )
    return InfillPlan(request, files["left_audio"], files["right_audio"], container)


def _fields(field_name: str, value: Any) -> Mapping[str, Any]:
    fields = to_wire(value)
    if not isinstance(fields, Mapping):
        raise InvalidArgumentError(f"{field_name}: got {value!r}; accepted is a dictionary")
    return fields


def _voice(voice: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    mode = voice.get("mode") or ("id" if "id" in voice else "embedding")
    if mode != "id" or not voice.get("id"):
        raise InvalidArgumentError(
            f'voice: got mode {mode!r}; accepted is a voice by its id, {{"mode": "id", "id": ...}}'
        )
    return voice["id"], voice.get("__experimental_controls") or {}


def _check_formats(files: Mapping[str, bytes | None], form: Mapping[str, Any]) -> None:
    left, right = files["left_audio"], files["right_audio"]
    try:
        if form["container"] == "mp3":
            concat_audio_segments(left, b"", right, "mp3")
        else:
            _check_wavs(left, right, form)
    except ValueError as error:
        raise InvalidArgumentError(
            f"{error}; accepted are recordings in the output format, which is the infill here, or "
            "for WAV in PCM or 32-bit floating point"
        ) from error


def _check_wavs(left: bytes | None, right: bytes | None, form: Mapping[str, Any]) -> None:
    try:
        nothing = wav_header(
            encoding=form["encoding"], sample_rate=form["sample_rate"], data_bytes=0
        )
    except (KeyError, ValueError, struct.error):
        # The server says better what is wrong with the output format.
        return
    parts = {"left": left, "infill": nothing, "right": right}
    common_format([read_wav(name, audio) for name, audio in parts.items() if audio])
