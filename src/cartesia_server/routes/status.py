"""What operators ask: is the server up, should it be given work, and how is it doing."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from cartesia.wire.api_status import ApiInfo
from cartesia_server.routes.answers import json_response
from cartesia_server.services import Services


async def status(request: Request) -> Response:
    """Answer ``GET /``: it is ready, because it listens only once its models are loaded.

    Browsers, which ask for a page, are led to the playground; programs do not ask for one.
    """
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and Services.of(request).settings.playground:
        answer: Response = RedirectResponse("playground/")
    else:
        answer = await alive(request)
    answer.headers["Vary"] = "Accept"
    return answer


async def alive(_request: Request) -> Response:
    """Answer ``GET /health/live``: the process works."""
    return json_response(ApiInfo(ok=True, version=version("cartesia")))


async def ready(request: Request) -> Response:
    """Answer ``GET /health/ready``: whether the server should be given work, and the database."""
    services = Services.of(request)
    answers = await services.readiness.check(services.voices.ping)
    services.metrics.database.set(answers)
    state = {"ok": True, "version": version("cartesia"), "database": "up" if answers else "down"}
    return JSONResponse(state)


async def metrics(request: Request) -> Response:
    """Answer ``GET /metrics``: what Prometheus collects."""
    services, accept = Services.of(request), request.headers.get("accept", "")
    # Some milliseconds of work, for which no audio should wait.
    text, media_type = await asyncio.to_thread(services.metrics.exposition, accept)
    return Response(text, media_type=media_type)


routes: list[BaseRoute] = [
    Route("/", status),
    Route("/health/live", alive),
    Route("/health/ready", ready),
    Route("/metrics", metrics),
]
