"""``/stt``: recordings as forms, and speech over a WebSocket."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from cartesia_server.limits import read_form
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.recording import Recording, transcribe
from cartesia_server.routes.stt_socket import TranscriptionSocket
from cartesia_server.routes.turn_socket import serve_turns
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.stt_options import StreamOptions


async def stt(request: Request) -> Response:
    """Answer ``POST /stt``: the transcript of one uploaded recording."""
    services = Services.of(request)
    async with read_form(request, services.settings.max_upload_bytes) as form:
        recording = Recording.read(request, form, services.transcription.capabilities)
        return json_response(await transcribe(request, recording))


async def stt_websocket(websocket: WebSocket) -> None:
    """Serve ``/stt/websocket``: audio and commands in, transcripts out."""
    services = Services.of(websocket)
    options = StreamOptions.read(websocket.query_params, services.transcription.capabilities)
    with services.sockets.enter():
        await TranscriptionSocket(websocket, services, Caller.of(websocket), options).run()


async def turns_websocket(websocket: WebSocket) -> None:
    """Serve ``/stt/turns/websocket``: audio in, turns with their transcripts out."""
    services = Services.of(websocket)
    with services.sockets.enter():
        await serve_turns(websocket, services, Caller.of(websocket))


routes: list[BaseRoute] = [
    Route("/stt", stt, methods=["POST"]),
    WebSocketRoute("/stt/websocket", stt_websocket),
    WebSocketRoute("/stt/turns/websocket", turns_websocket),
]
