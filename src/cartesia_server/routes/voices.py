"""``/voices``: which voices there are, and making, changing and deleting one's own."""

from __future__ import annotations

from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.voices import (
    CreateVoiceRequest,
    EmbeddingResponse,
    GetVoicesResponse,
    IdSpecifier,
    LocalizeVoiceRequest,
    MixVoicesRequest,
    UpdateVoiceRequest,
)
from cartesia_server.engines.base import VoicePoint
from cartesia_server.errors import BadRequest, FieldError
from cartesia_server.limits import read_json
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.cloning import clone_voice
from cartesia_server.routes.forms import parse_cursor, parse_switch
from cartesia_server.routes.voice_lookup import known_voice, point_of, unknown_voice
from cartesia_server.routes.voice_messages import metadata_message, voice_message
from cartesia_server.services import Services
from cartesia_server.voices.accents import accent_locale
from cartesia_server.voices.library import NewVoice
from cartesia_server.voices.localize import locale_of, localize
from cartesia_server.voices.records import (
    GENDERS,
    Gender,
    VoicePage,
    VoiceQuery,
)
from cartesia_server.voices.space import EmbeddingError

_SPEAKERS: dict[str, Gender] = {"male": "masculine", "female": "feminine"}


class AllVoices(HTTPEndpoint):
    """``/voices``."""

    async def get(self, request: Request) -> Response:
        """Answer one page of the list, narrowed as the query asks."""
        query, cursor = _query(request), parse_cursor(request.query_params)
        # Nobody can star a voice here, so a list of starred ones is empty.
        starred = parse_switch("is_starred", request.query_params.get("is_starred"))
        page = (
            VoicePage((), has_more=False, next_page=None)
            if starred
            else await Services.of(request).voices.page(query, cursor)
        )
        expand = _expand(request)
        return json_response(
            GetVoicesResponse(
                data=[voice_message(record, expand) for record in page.data],
                has_more=page.has_more,
                next_page=page.next_page,
            )
        )

    async def post(self, request: Request) -> Response:
        """Store the voice that 192 numbers are; what it lacks comes from its base voice."""
        services = Services.of(request)
        asked = await read_json(request, CreateVoiceRequest, services.settings.max_body_bytes)
        point = services.voices.catalogue.space.project(asked.embedding)
        base = None
        if asked.base_voice_id:
            base = await known_voice(services, "base_voice_id", asked.base_voice_id)
        new = NewVoice(
            name=asked.name,
            description=asked.description,
            language=asked.language or (base.locale if base else "en"),
            embedding=point,
            gender=base.gender if base else None,
        )
        return json_response(voice_message(await services.voices.create(new), ("embedding",)))


class OneVoice(HTTPEndpoint):
    """``/voices/{id}``."""

    async def get(self, request: Request) -> Response:
        """Answer the voice. The embedding is always in it, as 2.0.x programs expect."""
        record = await known_voice(Services.of(request), "id", request.path_params["id"])
        return json_response(voice_message(record, ("embedding", *_expand(request))))

    async def patch(self, request: Request) -> Response:
        """Change name, description, gender or accent; a gender of null is forgotten.

        An accent says where the voice is at home: what it speaks when a request names no language.
        """
        services, voice_id = Services.of(request), request.path_params["id"]
        asked = await read_json(request, UpdateVoiceRequest, services.settings.max_body_bytes)
        changes = {"name": asked.name, "description": asked.description}
        changes = {field: value for field, value in changes.items() if value is not None}
        if "gender" in asked.model_fields_set:
            changes["gender"] = asked.gender
        if asked.accent is not None:
            changes["language"] = accent_locale(services.voices.catalogue, asked.accent)
        record = await services.voices.update(voice_id, changes)
        if record is None:
            raise unknown_voice("id", voice_id)
        return json_response(voice_message(record, ("embedding",)))

    async def delete(self, request: Request) -> Response:
        """Delete the voice for good."""
        voice_id = request.path_params["id"]
        if not await Services.of(request).voices.delete(voice_id):
            raise unknown_voice("id", voice_id)
        return Response(status_code=204)


async def mix_voices(request: Request) -> Response:
    """Answer ``POST /voices/mix``: the point between voices and embeddings, by their weights."""
    services = Services.of(request)
    asked = await read_json(request, MixVoicesRequest, services.settings.max_body_bytes)
    space = services.voices.catalogue.space
    points: list[VoicePoint] = []
    for index, part in enumerate(asked.voices):
        if isinstance(part, IdSpecifier):
            field = f"voices.{index}.id"
            points.append(point_of(field, await known_voice(services, field, part.id)))
        else:
            try:
                points.append(space.project(part.embedding))
            except EmbeddingError as error:
                raise BadRequest(f"voices.{index}.{error}") from None
    mixed = space.mix(points, [part.weight for part in asked.voices])
    return json_response(EmbeddingResponse(embedding=mixed.tolist()))


async def localize_voice(request: Request) -> Response:
    """Answer ``POST /voices/localize``: a new voice, like another, at home in another locale.

    The locale is named by language and dialect, as older versions do, or by an accent such as
    ``en-GB``.
    """
    services = Services.of(request)
    asked = await read_json(request, LocalizeVoiceRequest, services.settings.max_body_bytes)
    gender = _speaker(asked.original_speaker_gender)
    catalogue = services.voices.catalogue
    if asked.accent:
        locale = accent_locale(catalogue, asked.accent)
    elif asked.language:
        locale = locale_of(catalogue, asked.language, asked.dialect)
    else:
        raise FieldError("language", None, "a value; this field is required")
    voice = await known_voice(services, "voice_id", asked.voice_id)
    point_of("voice_id", voice)  # refuses a voice that is no point
    new = NewVoice(
        name=asked.name,
        description=asked.description or asked.tagline or "",
        language=locale,
        embedding=localize(catalogue, voice, locale, gender),
        gender=gender or voice.gender,
        source="localize",
    )
    return json_response(metadata_message(await services.voices.create(new)))


def _speaker(gender: str | None) -> Gender | None:
    if gender is None:
        return None
    if gender not in _SPEAKERS:
        raise FieldError("original_speaker_gender", gender, tuple(_SPEAKERS))
    return _SPEAKERS[gender]


def _query(request: Request) -> VoiceQuery:
    given = request.query_params
    return VoiceQuery(
        gender=_gender(given.get("gender")),
        language=given.get("language") or None,
        text=given.get("q") or None,
        is_owner=parse_switch("is_owner", given.get("is_owner")),
    )


def _gender(text: str | None) -> Gender | None:
    if not text:
        return None
    for gender in GENDERS:
        if gender == text:
            return gender
    raise FieldError("gender", text, GENDERS)


def _expand(request: Request) -> list[str]:
    return request.query_params.getlist("expand[]") + request.query_params.getlist("expand")


routes: list[BaseRoute] = [
    Route(path, endpoint, methods=methods)
    for path, endpoint, methods in (
        ("/voices", AllVoices, ["GET", "POST"]),
        ("/voices/mix", mix_voices, ["POST"]),
        ("/voices/clone", clone_voice, ["POST"]),
        ("/voices/localize", localize_voice, ["POST"]),
        ("/voices/{id}", OneVoice, ["GET", "PATCH", "DELETE"]),
    )
]
