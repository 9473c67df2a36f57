"""``/voices``: which voices there are."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.voices import GetVoicesResponse, Voice, VoiceLocale
from cartesia_server.errors import FieldError, NotFound
from cartesia_server.routes.answers import json_response
from cartesia_server.services import Services
from cartesia_server.voices.records import GENDERS, Cursor, Gender, VoiceQuery, VoiceRecord

_MOST = 100


async def list_voices(request: Request) -> Response:
    """Answer ``GET /voices``: one page, narrowed as the query asks."""
    page = Services.of(request).voices.page(_query(request), _cursor(request))
    expand = _expand(request)
    return json_response(
        GetVoicesResponse(
            data=[voice_message(record, expand) for record in page.data],
            has_more=page.has_more,
            next_page=page.next_page,
        )
    )


async def get_voice(request: Request) -> Response:
    """Answer ``GET /voices/{id}``. The embedding is always in it, as 2.0.x programs expect."""
    voice_id = request.path_params["id"]
    record = Services.of(request).voices.get(voice_id)
    if record is None:
        raise NotFound(f"id: got {voice_id!r}, accepted: an id that GET /voices lists")
    return json_response(voice_message(record, ("embedding", *_expand(request))))


def voice_message(record: VoiceRecord, expand: Sequence[str] = ()) -> Voice:
    """A voice as every API version wants to read it.

    Args:
        record: the voice.
        expand: what to show beyond the usual: ``embedding``, ``is_starred``.
    """
    return Voice(
        id=record.id,
        is_owner=record.is_owner,
        is_public=not record.is_owner,
        name=record.name,
        description=record.description,
        tagline=record.description,
        created_at=record.created_at,
        language=record.language,
        gender=record.gender,
        country=record.country,
        access="private" if record.is_owner else "public",
        visibility="owner" if record.is_owner else "all",
        locales=[VoiceLocale(locale=record.locale, is_native=True)],
        embedding=record.embedding.tolist() if "embedding" in expand else None,
        is_starred=False if "is_starred" in expand else None,
    )


def _query(request: Request) -> VoiceQuery:
    given = request.query_params
    return VoiceQuery(
        gender=_gender(given.get("gender")),
        language=given.get("language") or None,
        text=given.get("q") or None,
        is_owner=_switch("is_owner", given.get("is_owner")),
    )


def _cursor(request: Request) -> Cursor:
    given = request.query_params
    return Cursor(
        limit=_limit(given.get("limit")),
        starting_after=given.get("starting_after") or None,
        ending_before=given.get("ending_before") or None,
    )


def _limit(text: str | None) -> int:
    if not text:
        return _MOST
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise FieldError("limit", text, f"1 to {_MOST}")
    return int(text)


def _gender(text: str | None) -> Gender | None:
    if not text:
        return None
    for gender in GENDERS:
        if gender == text:
            return gender
    raise FieldError("gender", text, GENDERS)


def _switch(name: str, text: str | None) -> bool | None:
    if not text:
        return None
    if text not in ("true", "false"):
        raise FieldError(name, text, ("true", "false"))
    return text == "true"


def _expand(request: Request) -> list[str]:
    return request.query_params.getlist("expand[]") + request.query_params.getlist("expand")


routes: list[BaseRoute] = [
    route
    for path, endpoint in (("/voices", list_voices), ("/voices/{id}", get_voice))
    # Both forms answer themselves: a redirect would lose the body of what is posted here.
    for route in (Route(path, endpoint), Route(path + "/", endpoint))
]
