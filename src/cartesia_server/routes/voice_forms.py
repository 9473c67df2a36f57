"""Multipart forms that ask for speech: their fields, in the words of a request for speech."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from cartesia.wire.tts import TtsRequest
from cartesia_server.errors import FieldError, invalid_field
from cartesia_server.routes.forms import text_field
from cartesia_server.routes.voice_lookup import resolve_job
from cartesia_server.services import Services
from cartesia_server.sessions.resolve import SpeechJob

_CONTROLS = "voice[__experimental_controls]"
_FORMAT = ("container", "sample_rate", "encoding", "bit_rate")


def output_format(form: FormData) -> dict[str, Any]:
    """What a form says of the output format, as a request for speech says it."""
    fields = {name: text_field(form, f"output_format[{name}]") for name in _FORMAT}
    return {name: value for name, value in fields.items() if value is not None}


def voice(form: FormData, field: str) -> dict[str, Any]:
    """The voice that a field of a form names, with its controls, as a request has it.

    Raises:
        FieldError: the field is missing.
    """
    named = text_field(form, field)
    if named is None:
        raise FieldError(field, None, "the id of a voice that GET /voices lists")
    speed = text_field(form, f"{_CONTROLS}[speed]")
    emotion = form.getlist(f"{_CONTROLS}[emotion][]") or form.getlist(f"{_CONTROLS}[emotion]")
    controls = {"speed": speed and _number(speed), "emotion": emotion or None}
    return {"mode": "id", "id": named, "__experimental_controls": controls}


async def form_job(services: Services, request: Mapping[str, Any], voice_field: str) -> SpeechJob:
    """What a form's request for speech means.

    Args:
        services: of the server.
        request: its fields, as those of `TtsRequest`.
        voice_field: name of the form's field for the voice.

    Raises:
        BadRequest: a field has a value that cannot be honoured, by the name it has in the form.
    """
    with _named_as_in_form(voice_field):
        try:
            asked = TtsRequest.model_validate(request)
        except ValidationError as error:
            raise invalid_field(error) from None
        return await resolve_job(services, asked)


@contextmanager
def _named_as_in_form(voice_field: str) -> Iterator[None]:
    try:
        yield
    except FieldError as error:
        first, *rest = error.field.split(".")
        name = first + "".join(f"[{part}]" for part in rest)
        name = voice_field if error.field == "voice.id" else name
        raise FieldError(name, error.got, error.accepted, code=error.code) from None


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
