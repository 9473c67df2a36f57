"""``/access-token``: tokens for programs that must not hold a key."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.auth import TokenGrant, TokenRequest, TokenResponse
from cartesia_server.errors import FieldError
from cartesia_server.limits import read_json
from cartesia_server.routes.answers import json_response
from cartesia_server.services import Services
from cartesia_server.tokens import GRANTS, LONGEST


async def access_token(request: Request) -> Response:
    """Answer ``POST /access-token``: a token good for an hour or less.

    Left out, `grants` are speech and transcription; given, they are those that are true.
    """
    services = Services.of(request)
    asked = await read_json(request, TokenRequest, services.settings.max_body_bytes)
    lasting = LONGEST if asked.expires_in is None else asked.expires_in
    if not 1 <= lasting <= LONGEST:
        raise FieldError("expires_in", lasting, f"1 to {LONGEST} seconds")
    permitted = asked.grants or TokenGrant(tts=True, stt=True)
    grants = [grant for grant in GRANTS if getattr(permitted, grant)]
    token = services.tokens.issue(grants, expires_at=time.time() + lasting)
    answer = json_response(TokenResponse(token=token))
    answer.headers["Cache-Control"] = "no-store"
    return answer


routes: list[BaseRoute] = [Route("/access-token", access_token, methods=["POST"])]
