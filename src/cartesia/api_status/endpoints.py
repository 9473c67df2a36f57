"""The request for the state of the service, and its answer."""

from __future__ import annotations

from cartesia.core.endpoint import Endpoint, Request, parse_model
from cartesia.wire.api_status import ApiInfo


def get() -> Endpoint[ApiInfo]:
    """``GET /``."""
    return Endpoint(Request("GET", ""), parse_model(ApiInfo))
