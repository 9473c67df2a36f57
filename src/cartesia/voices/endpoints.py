"""The requests about voices, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartesia.core.endpoint import (
    Answer,
    Endpoint,
    Request,
    given,
    parse_model,
    parse_nothing,
    path_segment,
)
from cartesia.core.file import File
from cartesia.core.pagination import Listing
from cartesia.wire.voices import EmbeddingResponse, GetVoicesResponse, Voice, VoiceMetadata

_parse_page = parse_model(GetVoicesResponse)


def list_page(*, expand: Any = None, **query: Any) -> Endpoint[Listing[Voice]]:
    """``GET /voices/``."""
    query = {name: value for name, value in query.items() if value is not None}
    if expand is not None:
        query["expand[]"] = expand

    def parse(answer: Answer) -> Listing[Voice]:
        page = _parse_page(answer)
        for voice in page.data:
            voice.name_request(page.request_id)
        return Listing(page.data, _next_query(page, query), page.request_id)

    return Endpoint(Request("GET", "voices/", query=query), parse)


def get(id: str) -> Endpoint[Voice]:
    """``GET /voices/{id}``."""
    return Endpoint(Request("GET", f"voices/{path_segment('id', id)}"), parse_model(Voice))


def clone(*, clip: File, **fields: Any) -> Endpoint[VoiceMetadata]:
    """``POST /voices/clone``."""
    request = Request(
        "POST", "voices/clone", form=given(fields), files={"clip": clip}, creates=True
    )
    return Endpoint(request, parse_model(VoiceMetadata))


def create(**fields: Any) -> Endpoint[Voice]:
    """``POST /voices/``."""
    request = Request("POST", "voices/", json=given(fields), creates=True)
    return Endpoint(request, parse_model(Voice))


def update(id: str, **fields: Any) -> Endpoint[Voice]:
    """``PATCH /voices/{id}``."""
    request = Request("PATCH", f"voices/{path_segment('id', id)}", json=given(fields))
    return Endpoint(request, parse_model(Voice))


def delete(id: str) -> Endpoint[None]:
    """``DELETE /voices/{id}``."""
    return Endpoint(Request("DELETE", f"voices/{path_segment('id', id)}"), parse_nothing)


def localize(**fields: Any) -> Endpoint[VoiceMetadata]:
    """``POST /voices/localize``."""
    request = Request("POST", "voices/localize", json=given(fields), creates=True)
    return Endpoint(request, parse_model(VoiceMetadata))


def mix(**fields: Any) -> Endpoint[EmbeddingResponse]:
    """``POST /voices/mix``."""
    return Endpoint(
        Request("POST", "voices/mix", json=given(fields)), parse_model(EmbeddingResponse)
    )


def _next_query(page: GetVoicesResponse, query: Mapping[str, Any]) -> dict[str, Any] | None:
    if not page.data:
        return None
    if page.next_page:
        return {"starting_after": page.next_page}
    if not page.has_more:
        return None
    # The service asks to go by ids instead of next_page, in the direction of the first request.
    if "ending_before" in query and "starting_after" not in query:
        return {"ending_before": page.data[0].id}
    return {"starting_after": page.data[-1].id}
