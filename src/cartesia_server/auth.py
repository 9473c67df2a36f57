"""Who may call: anyone, unless the settings name keys; a token's holder, what it permits."""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from cartesia_server.errors import Forbidden, Unauthorized
from cartesia_server.paths import path_in
from cartesia_server.tokens import AccessTokens, TokenError, is_token

OPEN_PATHS = frozenset({"/", "/openapi.json", "/health/live", "/health/ready", "/playground"})
"""Paths that answer without a key: is it up, what does it speak, and a page that asks for one."""

_OPEN_FOLDER = "/playground/"
"""Where the files of that page lie."""

_GRANTED: Mapping[str, tuple[str, ...]] = {
    "tts": ("/tts/bytes", "/tts/sse", "/tts/websocket", "/audio/speech", "/v1/audio/speech"),
    "stt": (
        "/stt",
        "/stt/websocket",
        "/stt/turns/websocket",
        "/audio/transcriptions",
        "/v1/audio/transcriptions",
    ),
}
"""The paths that each grant of a token opens."""


def authenticate(connection: HTTPConnection, keys: Sequence[str], tokens: AccessTokens) -> None:
    """Check the key or the token of a request or a socket's handshake.

    Accepted places are those of the API's clients: the headers ``X-API-Key`` and
    ``Authorization: Bearer``, the query parameters ``api_key`` and ``access_token``.

    A token is held to its limits even where no key is needed, so that programs which use one meet
    the same refusals everywhere.

    Args:
        connection: who calls.
        keys: the keys that are known; with none, every caller is welcome.
        tokens: reads tokens.

    Raises:
        Unauthorized: no key was presented, or none that is known; or a token that is not good.
        Forbidden: a token does not permit this path.
    """
    # Not `connection.url`: that is put together with the Host header, which callers write.
    path = path_in(connection.scope)
    if path in OPEN_PATHS or path.startswith(_OPEN_FOLDER):
        return
    presented = list(_presented(connection))
    # Every pair is compared, each in constant time: how long it takes tells nothing of the keys.
    matches = [hmac.compare_digest(a.encode(), key.encode()) for a in presented for key in keys]
    if any(matches):
        return
    token = next(filter(is_token, presented), None)
    if token is not None:
        _check_grant(_grants(token, tokens), path)
    elif keys and not presented:
        raise Unauthorized("no API key; send it as X-API-Key or as Authorization: Bearer")
    elif keys:
        raise Unauthorized("this API key is not known here")


def check_origin(handshake: HTTPConnection, origins: Sequence[str]) -> None:
    """Check the page that opens a socket; browsers leave that to servers (RFC 6455, section 10.2).

    Programs, which send no ``Origin``, and the server's own page may always.

    Args:
        handshake: of the socket.
        origins: whose pages may open it; ``*`` means all.

    Raises:
        Forbidden: the page is of another origin.
    """
    origin = handshake.headers.get("origin")
    if origin is None or "*" in origins or origin in origins:
        return
    # Without the port, which proxies often leave out of the Host that they pass on.
    try:
        page = urlsplit(origin).hostname
        own = urlsplit(f"//{handshake.headers.get('host')}").hostname
    except ValueError:  # neither is of a browser
        page, own = origin, None
    if page != own:
        raise Forbidden("pages of this origin may not call this server; cors_origins names others")


def _grants(token: str, tokens: AccessTokens) -> frozenset[str]:
    try:
        return tokens.read(token, now=time.time())
    except TokenError as error:
        raise Unauthorized(str(error)) from None


def _check_grant(grants: frozenset[str], path: str) -> None:
    place = path.rstrip("/")
    needed = next((grant for grant, places in _GRANTED.items() if place in places), None)
    if needed is None:
        raise Forbidden("an access token does not permit this; send an API key")
    if needed not in grants:
        permitted = ", ".join(sorted(grants)) or "nothing"
        raise Forbidden(f"this access token permits {permitted}; this path needs {needed}")


def _presented(connection: HTTPConnection) -> Iterator[str]:
    if key := connection.headers.get("x-api-key"):
        yield key
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        yield token.strip()
    for name in ("api_key", "access_token"):
        if key := connection.query_params.get(name):
            yield key
