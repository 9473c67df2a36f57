"""``/voice-changer``: a recording spoken again by another voice."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.base import WireModel, encode
from cartesia.wire.voice_changer import StreamingResponse_Chunk, StreamingResponse_Done
from cartesia_server.audio.activity import first_speech
from cartesia_server.audio.decode import CONTAINERS
from cartesia_server.engines.base import CancelToken, Samples
from cartesia_server.errors import BadRequest, FieldError, answer_to, error_event
from cartesia_server.limits import read_form
from cartesia_server.routes.forms import file_field
from cartesia_server.routes.live import LiveResponse
from cartesia_server.routes.uploads import decode_field, outcome
from cartesia_server.routes.voice_forms import form_job, output_format, voice
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.speech import SpeechPiece
from cartesia_server.sessions.voice_change import VoiceChanger

_VOICE_FIELD = "voice[id]"
_MODEL = "sonic-2"  # the API names no model for it
_CHUNK_BYTES = 1 << 16
"""Audio in one event. Clients refuse messages over 1 MiB; a multiple of every sample's width."""


@dataclass(frozen=True, slots=True)
class _Clip:
    """A recording at 16 kHz, and the code of the language that it speaks."""

    samples: Samples
    language: str


async def voice_changer_bytes(request: Request) -> Response:
    """Answer ``POST /voice-changer/bytes``: one file, sent while it is made."""
    services = Services.of(request)
    job, clip = await _order(request, services)
    return LiveResponse(request, job, partial(_change, services, job, clip))


async def voice_changer_sse(request: Request) -> Response:
    """Answer ``POST /voice-changer/sse``: the same file as events."""
    services, caller = Services.of(request), Caller.of(request)
    job, clip = await _order(request, services)

    def render_error(error: Exception) -> bytes:
        answer = answer_to(error, caller.request_id)
        return _frame(error_event(answer, request_id=caller.request_id))

    return LiveResponse(
        request,
        job,
        partial(_change, services, job, clip),
        render=lambda piece: b"".join(map(_frame, _chunks(piece, job.form.sample_rate))),
        media_type="text/event-stream",
        ending=_frame(StreamingResponse_Done(status_code=200, done=True)),
        render_error=render_error,
    )


async def _order(request: Request, services: Services) -> tuple[SpeechJob, _Clip]:
    """Check the form, then listen to its clip."""
    async with read_form(request, services.settings.max_upload_bytes) as form:
        asked: dict[str, Any] = {
            "model_id": _MODEL,
            "transcript": "",
            "voice": voice(form, _VOICE_FIELD),
            "output_format": output_format(form),
        }
        # What is wrong with the form need not wait for the clip to be listened to.
        await form_job(services, asked, _VOICE_FIELD)
        file = file_field(form, "clip", CONTAINERS)
        clip = await outcome(request, lambda cancel: _listen(services, file, cancel))
    try:
        return await form_job(services, {**asked, "language": clip.language}, _VOICE_FIELD), clip
    except FieldError as error:
        if error.field != "language":
            raise
        got = f"speech that sounds like {clip.language}"
        raise FieldError("clip", got, error.accepted, code=error.code) from None


def _listen(services: Services, file: BinaryIO, cancel: CancelToken) -> Iterator[_Clip | None]:
    most = services.settings.max_audio_seconds
    samples = yield from decode_field("clip", file, max_seconds=most, cancel=cancel)
    engine = services.transcription
    heard = yield from first_speech(engine.voice_detector(), samples, cancel)
    if heard is None:
        raise BadRequest("clip: no speech was heard in it; accepted: a recording of speech")
    yield _Clip(samples, engine.detect_language(heard).code)


def _change(
    services: Services, job: SpeechJob, clip: _Clip, cancel: CancelToken
) -> Iterator[SpeechPiece]:
    changer = VoiceChanger(services.transcription, job)
    return changer.change(clip.samples, clip.language, cancel)


def _chunks(piece: SpeechPiece, sample_rate: int) -> Iterator[WireModel]:
    for start in range(0, len(piece.audio), _CHUNK_BYTES):
        yield StreamingResponse_Chunk(
            data=base64.b64encode(piece.audio[start : start + _CHUNK_BYTES]).decode("ascii"),
            sample_rate=sample_rate,
            step_time=0.0 if start else piece.step_time,
            status_code=206,
            done=False,
        )


def _frame(event: WireModel) -> bytes:
    name = getattr(event, "type", "message")
    return b"event: " + name.encode() + b"\ndata: " + encode(event) + b"\n\n"


routes: list[BaseRoute] = [
    Route("/voice-changer/bytes", voice_changer_bytes, methods=["POST"]),
    Route("/voice-changer/sse", voice_changer_sse, methods=["POST"]),
]
