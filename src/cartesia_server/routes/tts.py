"""``/tts``: speech as bytes, as server-sent events, and over a WebSocket."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from cartesia.wire.base import WireModel, encode
from cartesia.wire.tts import TtsRequest, TtssseRequest
from cartesia_server.errors import FieldError, answer_to, error_event
from cartesia_server.limits import read_json
from cartesia_server.routes.live import LiveResponse
from cartesia_server.routes.speech_events import done_event, speech_events
from cartesia_server.routes.tts_socket import SpeechSocket
from cartesia_server.routes.voice_lookup import resolve_job
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.resolve import check_length
from cartesia_server.sessions.speech import Speaker, SpeechPiece


async def tts_bytes(request: Request) -> Response:
    """Answer ``POST /tts/bytes``: one file, sent while it is made."""
    services = Services.of(request)
    asked = await read_json(request, TtsRequest, services.settings.max_body_bytes)
    _refuse_socket_fields(asked)
    check_length(asked.transcript, services.settings)
    job = await resolve_job(services, asked)
    speaker = Speaker(job)
    return LiveResponse(
        request,
        job,
        lambda cancel: speaker.recording(asked.transcript, cancel),
        transcript=asked.transcript,
    )


async def tts_sse(request: Request) -> Response:
    """Answer ``POST /tts/sse``: events with audio and times, sent while they are made."""
    services, caller = Services.of(request), Caller.of(request)
    asked = await read_json(request, TtssseRequest, services.settings.max_body_bytes)
    _refuse_socket_fields(asked)
    check_length(asked.transcript, services.settings)
    job = await resolve_job(services, asked)
    speaker = Speaker(job)

    def render(piece: SpeechPiece) -> bytes:
        return b"".join(map(_sse, speech_events(piece, context_id=asked.context_id)))

    def render_error(error: Exception) -> bytes:
        answer = answer_to(error, caller.request_id)
        return _sse(error_event(answer, request_id=caller.request_id, context_id=asked.context_id))

    ending = _sse(done_event(asked.context_id)) if caller.version.sse_ends_with_done else b""
    return LiveResponse(
        request,
        job,
        lambda cancel: speaker.recording(asked.transcript, cancel),
        transcript=asked.transcript,
        render=render,
        media_type="text/event-stream",
        ending=ending,
        render_error=render_error,
    )


async def tts_websocket(websocket: WebSocket) -> None:
    """Serve ``/tts/websocket``: any number of contexts on one socket."""
    services = Services.of(websocket)
    with services.sockets.enter():
        await SpeechSocket(websocket, services, Caller.of(websocket)).run()


def _refuse_socket_fields(asked: BaseModel) -> None:
    delay = (asked.model_extra or {}).get("max_buffer_delay_ms")
    if delay is not None:
        raise FieldError("max_buffer_delay_ms", delay, "this field in WebSocket requests only")


def _sse(event: WireModel) -> bytes:
    name = getattr(event, "type", "message")
    return b"event: " + name.encode() + b"\ndata: " + encode(event) + b"\n\n"


routes: list[BaseRoute] = [
    Route("/tts/bytes", tts_bytes, methods=["POST"]),
    Route("/tts/sse", tts_sse, methods=["POST"]),
    WebSocketRoute("/tts/websocket", tts_websocket),
]
