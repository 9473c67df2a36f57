"""``GET /``: is the server up, and which one is it."""

from __future__ import annotations

from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.api_status import ApiInfo
from cartesia_server.routes.answers import json_response


async def status(_request: Request) -> Response:
    """Answer that the server is ready: it listens only once its models are loaded."""
    return json_response(ApiInfo(ok=True, version=version("cartesia")))


routes: list[BaseRoute] = [Route("/", status)]
