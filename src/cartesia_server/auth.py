"""Who may call: anyone, unless the settings name keys."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence

from starlette.requests import HTTPConnection

from cartesia_server.errors import Unauthorized

OPEN_PATHS = frozenset({"/", "/openapi.json"})
"""Paths that answer without a key: is it up, and what does it speak."""


def authenticate(connection: HTTPConnection, keys: Sequence[str]) -> None:
    """Check the key of a request or a socket's handshake.

    Accepted places are those of the API's clients: the headers ``X-API-Key`` and
    ``Authorization: Bearer``, the query parameters ``api_key`` and ``access_token``.

    Args:
        connection: who calls.
        keys: the keys that are known; with none, every caller is welcome.

    Raises:
        Unauthorized: no key was presented, or none that is known.
    """
    if not keys or connection.url.path in OPEN_PATHS:
        return
    presented = [key.encode() for key in _presented(connection)]
    if not presented:
        raise Unauthorized("no API key; send it as X-API-Key or as Authorization: Bearer")
    # Every pair is compared, each in constant time: how long it takes tells nothing of the keys.
    matches = [hmac.compare_digest(one, key.encode()) for one in presented for key in keys]
    if not any(matches):
        raise Unauthorized("this API key is not known here")


def _presented(connection: HTTPConnection) -> Iterator[str]:
    if key := connection.headers.get("x-api-key"):
        yield key
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        yield token.strip()
    for name in ("api_key", "access_token"):
        if key := connection.query_params.get(name):
            yield key
