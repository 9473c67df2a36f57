"""``/stt``: recordings as forms, in our shape and in OpenAI's, and speech over a WebSocket."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from cartesia_server.errors import FieldError
from cartesia_server.limits import read_form
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.recording import Recording, transcribe
from cartesia_server.routes.stt_socket import TranscriptionSocket
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.stt_options import StreamOptions

_FORMATS = ("json", "verbose_json", "text")
_OPENAI_MODELS = ("whisper-1",)


async def stt(request: Request) -> Response:
    """Answer ``POST /stt``: the transcript of one uploaded recording."""
    services = Services.of(request)
    async with read_form(request, services.settings.max_upload_bytes) as form:
        recording = Recording.read(request, form, services.transcription.capabilities)
        return json_response(await transcribe(request, recording))


async def openai_transcriptions(request: Request) -> Response:
    """Answer ``POST /audio/transcriptions``: the same for clients of OpenAI's API.

    ``response_format`` is honoured for ``json``, ``verbose_json`` and ``text``; a ``prompt`` is
    taken as what was said before; a ``temperature`` has no meaning here and is ignored.
    """
    services = Services.of(request)
    async with read_form(request, services.settings.max_upload_bytes) as form:
        capabilities = services.transcription.capabilities
        recording = Recording.read(request, form, capabilities, other_models=_OPENAI_MODELS)
        answer_format = form.get("response_format") or "json"
        if answer_format not in _FORMATS:
            raise FieldError("response_format", answer_format, _FORMATS)
        answer = await transcribe(request, recording)
    if answer_format == "text":
        return PlainTextResponse(answer.text)
    return json_response(answer)


async def stt_websocket(websocket: WebSocket) -> None:
    """Serve ``/stt/websocket``: audio and commands in, transcripts out."""
    services = Services.of(websocket)
    options = StreamOptions.read(websocket.query_params, services.transcription.capabilities)
    with services.sockets.enter():
        await TranscriptionSocket(websocket, services, Caller.of(websocket), options).run()


routes: list[BaseRoute] = [
    Route("/stt", stt, methods=["POST"]),
    Route("/stt/", stt, methods=["POST"]),
    Route("/audio/transcriptions", openai_transcriptions, methods=["POST"]),
    Route("/v1/audio/transcriptions", openai_transcriptions, methods=["POST"]),
    WebSocketRoute("/stt/websocket", stt_websocket),
]
