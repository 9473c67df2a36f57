"""How routes answer with messages of the wire."""

from __future__ import annotations

from starlette.responses import Response

from cartesia.wire.base import WireModel, encode


def json_response(message: WireModel, status_code: int = 200) -> Response:
    """Answer with one message as JSON; null fields are left out."""
    return Response(encode(message), status_code, media_type="application/json")
