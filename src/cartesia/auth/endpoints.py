"""The request for an access token, and its answer."""

from __future__ import annotations

from typing import Any

from cartesia.core.endpoint import Endpoint, Request, given, parse_model
from cartesia.wire.auth import TokenResponse


def access_token(**fields: Any) -> Endpoint[TokenResponse]:
    """``POST /access-token``."""
    return Endpoint(Request("POST", "access-token", json=given(fields)), parse_model(TokenResponse))
