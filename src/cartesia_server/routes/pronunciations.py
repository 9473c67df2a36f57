"""``/pronunciation-dicts``: dictionaries of words that are read otherwise than they are written."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.pronunciations import (
    CreatePronunciationDictRequest,
    PronunciationDict,
    PronunciationDicts,
    PronunciationItem,
    UpdatePronunciationDictRequest,
)
from cartesia_server.errors import FieldError, NotFound, shown
from cartesia_server.limits import read_json
from cartesia_server.pronunciations.store import Dictionary
from cartesia_server.routes.answers import json_response
from cartesia_server.routes.forms import parse_cursor
from cartesia_server.routes.voice_messages import OWNER
from cartesia_server.services import Services
from cartesia_server.text.lexicon import Lexicon, Pronunciation
from cartesia_server.text.markup import MarkupError
from cartesia_server.voices.library import MAX_NAME, checked_text

_MAX_ITEMS = 1000
_MAX_TEXT = 100
_MAX_SPOKEN = 300


class AllDictionaries(HTTPEndpoint):
    """``/pronunciation-dicts``."""

    async def get(self, request: Request) -> Response:
        """Answer one page of the list, newest first."""
        cursor = parse_cursor(request.query_params)
        data, has_more = await Services.of(request).pronunciations.page(cursor)
        return json_response(PronunciationDicts(data=[*map(_message, data)], has_more=has_more))

    async def post(self, request: Request) -> Response:
        """Store a dictionary."""
        services = Services.of(request)
        limit = services.settings.max_body_bytes
        asked = await read_json(request, CreatePronunciationDictRequest, limit)
        name, items = _name(asked.name), _items(asked.items or ())
        return json_response(_message(await services.pronunciations.create(name, items)))


class OneDictionary(HTTPEndpoint):
    """``/pronunciation-dicts/{id}``."""

    async def get(self, request: Request) -> Response:
        """Answer the dictionary."""
        dictionary_id = request.path_params["id"]
        found = await Services.of(request).pronunciations.get(dictionary_id)
        if found is None:
            raise unknown_dictionary("id", dictionary_id)
        return json_response(_message(found))

    async def patch(self, request: Request) -> Response:
        """Change its name, its words, or both."""
        services, dictionary_id = Services.of(request), request.path_params["id"]
        limit = services.settings.max_body_bytes
        asked = await read_json(request, UpdatePronunciationDictRequest, limit)
        name = None if asked.name is None else _name(asked.name)
        items = None if asked.items is None else _items(asked.items)
        changed = await services.pronunciations.update(dictionary_id, name, items)
        if changed is None:
            raise unknown_dictionary("id", dictionary_id)
        return json_response(_message(changed))

    async def delete(self, request: Request) -> Response:
        """Delete the dictionary for good."""
        dictionary_id = request.path_params["id"]
        if not await Services.of(request).pronunciations.delete(dictionary_id):
            raise unknown_dictionary("id", dictionary_id)
        return Response(status_code=204)


async def known_lexicon(services: Services, id: str | None) -> Lexicon | None:
    """The dictionary that a request for speech names, ready for use; None if it names none.

    Raises:
        NotFound: there is no such dictionary.
    """
    if not id:
        return None
    lexicon = await services.pronunciations.lexicon(id)
    if lexicon is None:
        raise unknown_dictionary("pronunciation_dict_id", id)
    return lexicon


def unknown_dictionary(field: str, id: str) -> NotFound:
    """The refusal of an id that no dictionary has."""
    return NotFound(
        f"{field}: got {shown(id)}, accepted: an id that GET /pronunciation-dicts lists"
    )


def _message(dictionary: Dictionary) -> PronunciationDict:
    return PronunciationDict(
        id=dictionary.id,
        name=dictionary.name,
        owner_id=OWNER,
        pinned=False,
        items=[
            PronunciationItem(
                text=item.text,
                pronunciation=item.spoken,
                alias=item.spoken,
                case_sensitive=item.case_sensitive,
            )
            for item in dictionary.items
        ],
        created_at=dictionary.created_at,
    )


def _name(name: str) -> str:
    return checked_text("name", name, 1, MAX_NAME)


def _items(items: Sequence[PronunciationItem]) -> tuple[Pronunciation, ...]:
    if len(items) > _MAX_ITEMS:
        raise FieldError("items", f"{len(items)} items", f"at most {_MAX_ITEMS}")
    return tuple(_item(f"items.{index}", item) for index, item in enumerate(items))


def _item(field: str, item: PronunciationItem) -> Pronunciation:
    name = "alias" if item.pronunciation is None and item.alias is not None else "pronunciation"
    spoken = item.alias if name == "alias" else item.pronunciation
    if not 1 <= len(item.text.strip()) <= _MAX_TEXT:
        raise FieldError(f"{field}.text", item.text, f"1 to {_MAX_TEXT} characters")
    if spoken is None or not 1 <= len(spoken.strip()) <= _MAX_SPOKEN:
        raise FieldError(f"{field}.{name}", spoken, f"1 to {_MAX_SPOKEN} characters")
    sensitive = True if item.case_sensitive is None else item.case_sensitive
    try:
        return Pronunciation(item.text, spoken, sensitive)
    except MarkupError as error:
        raise FieldError(f"{field}.{name}", error.got, error.accepted) from None


routes: list[BaseRoute] = [
    Route(path, endpoint, methods=methods)
    for path, endpoint, methods in (
        ("/pronunciation-dicts", AllDictionaries, ["GET", "POST"]),
        ("/pronunciation-dicts/{id}", OneDictionary, ["GET", "PATCH", "DELETE"]),
    )
]
