"""``/accents``, and the accents of a voice."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.voices import Accent, ListAccentsResponse, VoiceAccentsRequest
from cartesia_server.errors import BadRequest, NotFound, shown
from cartesia_server.limits import read_json
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.voice_lookup import unknown_voice
from cartesia_server.routes.voice_messages import voice_message
from cartesia_server.services import Services
from cartesia_server.voices.accents import accent_id, accent_locale, accents, with_accents
from cartesia_server.voices.records import VoiceRecord


async def list_accents(request: Request) -> Response:
    """Answer ``GET /accents``: those of the built-in voices."""
    known = accents(Services.of(request).voices.catalogue)
    return json_response(
        ListAccentsResponse(
            accents=[
                Accent(
                    id=accent.id,
                    name=accent.name,
                    locale=accent.locale,
                    language=accent.language,
                    is_locale_default=True,
                    is_localizable=True,
                )
                for accent in known
            ]
        )
    )


async def add_accents(request: Request) -> Response:
    """Answer ``PATCH /voices/{id}/accents``: note further accents of a voice of one's own.

    A request for speech may name any accent, whether it is noted or not; noting it is for those who
    choose a voice from a list.
    """
    services = Services.of(request)
    asked = await read_json(request, VoiceAccentsRequest, services.settings.max_body_bytes)
    catalogue = services.voices.catalogue
    added = tuple(
        accent_locale(catalogue, accent, field=f"accents.{index}")
        for index, accent in enumerate(asked.accents)
    )
    voice_id = request.path_params["id"]
    record = await services.voices.set_accents(voice_id, lambda voice: with_accents(voice, added))
    if record is None:
        raise unknown_voice("id", voice_id)
    return json_response(voice_message(record))


async def delete_accent(request: Request) -> Response:
    """Answer ``DELETE /voices/{id}/accents/{accent_id}``: forget an accent of a voice."""
    services = Services.of(request)
    voice_id, accent = request.path_params["id"], request.path_params["accent_id"]

    def without(voice: VoiceRecord) -> tuple[str, ...]:
        noted = {accent_id(locale): locale for locale in voice.accents}
        if accent == accent_id(voice.locale):
            raise BadRequest(
                f"accent_id: {accent} is the voice's own; PATCH /voices/{{id}} sets it"
            )
        if accent not in noted:
            accepted = ", ".join(noted) or "none: the voice has only its own"
            raise NotFound(f"accent_id: got {shown(accent)}, accepted: {accepted}")
        return tuple(locale for locale in voice.accents if locale != noted[accent])

    record = await services.voices.set_accents(voice_id, without)
    if record is None:
        raise unknown_voice("id", voice_id)
    return json_response(voice_message(record))


routes: list[BaseRoute] = [
    Route(path, endpoint, methods=[method])
    for path, endpoint, method in (
        ("/accents", list_accents, "GET"),
        ("/voices/{id}/accents", add_accents, "PATCH"),
        ("/voices/{id}/accents/{accent_id}", delete_accent, "DELETE"),
    )
]
