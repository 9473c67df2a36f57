"""What operators ask: is the server up, should it be given work, and how is it doing."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.api_status import ApiInfo
from cartesia_server.routes.answers import json_response
from cartesia_server.services import Services


async def status(_request: Request) -> Response:
    """Answer ``GET /`` and ``GET /health/live``: it answers only once its models are loaded."""
    return json_response(ApiInfo(ok=True, version=version("cartesia")))


async def ready(request: Request) -> Response:
    """Answer ``GET /health/ready``: whether the server should be given work."""
    services = Services.of(request)
    await services.readiness.check(services.voices.ping)
    return await status(request)


async def metrics(request: Request) -> Response:
    """Answer ``GET /metrics``: what Prometheus collects."""
    services, accept = Services.of(request), request.headers.get("accept", "")
    # Some milliseconds of work, for which no audio should wait.
    text, media_type = await asyncio.to_thread(services.metrics.exposition, accept)
    return Response(text, media_type=media_type)


routes: list[BaseRoute] = [
    Route("/", status),
    Route("/health/live", status),
    Route("/health/ready", ready),
    Route("/metrics", metrics),
]
