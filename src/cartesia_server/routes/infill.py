"""``/infill``: speech that goes between two recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import BinaryIO

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia_server.audio.decode import CONTAINERS
from cartesia_server.engines.base import CancelToken
from cartesia_server.errors import FieldError
from cartesia_server.limits import read_form
from cartesia_server.routes.forms import file_field, text_field
from cartesia_server.routes.live import LiveResponse
from cartesia_server.routes.uploads import decode_field, outcome
from cartesia_server.routes.voice_forms import form_job, output_format, voice
from cartesia_server.services import Services
from cartesia_server.sessions.infill import Infill, Neighbour
from cartesia_server.sessions.resolve import check_length

_SIDES = ("left_audio", "right_audio")


async def infill_bytes(request: Request) -> Response:
    """Answer ``POST /infill/bytes``: the speech in between as one file."""
    services = Services.of(request)
    # Both recordings may be as long as one upload.
    async with read_form(request, 2 * services.settings.max_upload_bytes) as form:
        transcript = _needed(form, "transcript")
        check_length(transcript, services.settings)
        asked = {
            "model_id": _needed(form, "model_id"),
            "transcript": transcript,
            "voice": voice(form, "voice_id"),
            "language": text_field(form, "language"),
            "output_format": output_format(form),
        }
        job = await form_job(services, asked, "voice_id")
        files = _recordings(form)
        near = await outcome(request, lambda cancel: _listen(services, files, cancel))
    infill = Infill(
        services.transcription,
        job,
        left=near.get("left_audio"),
        right=near.get("right_audio"),
    )
    return LiveResponse(request, job, partial(infill.recording, transcript), transcript=transcript)


def _needed(form: FormData, field: str) -> str:
    text = text_field(form, field)
    if text is None:
        raise FieldError(field, None, "a value; this field is required")
    return text


def _recordings(form: FormData) -> dict[str, BinaryIO]:
    given = [side for side in _SIDES if form.get(side)]
    if not given:
        raise FieldError(", ".join(_SIDES), None, f"one or both, uploaded files: {CONTAINERS}")
    return {side: file_field(form, side, CONTAINERS) for side in given}


def _listen(
    services: Services, files: Mapping[str, BinaryIO], cancel: CancelToken
) -> Iterator[dict[str, Neighbour] | None]:
    heard: dict[str, Neighbour] = {}
    for field, file in files.items():
        most = services.settings.max_audio_seconds
        samples = yield from decode_field(field, file, max_seconds=most, cancel=cancel)
        yield None  # another job's turn
        heard[field] = Neighbour.heard(samples, services.transcription)
        yield heard


routes: list[BaseRoute] = [Route("/infill/bytes", infill_bytes, methods=["POST"])]
