"""The front door: request ids, API version, keys, the log, and every refusal pass through here."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from cartesia_server.auth import authenticate, check_origin
from cartesia_server.errors import ServerError, answer_to, error_response
from cartesia_server.metrics import Metrics
from cartesia_server.paths import path_in
from cartesia_server.services import Caller
from cartesia_server.tokens import AccessTokens
from cartesia_server.versions import ApiVersion, error_style

log = logging.getLogger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What is taken for an id: nothing that a log or a header could stumble over."""

_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
"""What is taken for a path that a proxy took away: an address of this host and no other."""

_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})

_UPGRADED = 101
_NO_ROUTE = "none"
_LEFT = 499  # the status that nginx gives to those who leave before their answer begins

_POLLED = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Routes that machines ask every few seconds: at ``info`` they would drown all else."""


class BrokenOff(Exception):
    """An answer had begun and could not be finished. Why is in the log, under the request's id."""

    def __init__(self, answer: ServerError, request_id: str) -> None:
        super().__init__(f"request {request_id} broke off: {answer.message}")


class FrontDoor:
    """ASGI middleware around the whole application.

    Args:
        app: the application.
        api_keys: keys that callers must present; none means that anyone may call.
        tokens: reads the tokens that callers may present instead.
        origins: whose pages may open sockets.
        routes: of the application.
        metrics: of the application.
    """

    def __init__(
        self,
        app: ASGIApp,
        api_keys: Sequence[str],
        tokens: AccessTokens,
        origins: Sequence[str],
        routes: Sequence[BaseRoute],
        metrics: Metrics,
    ) -> None:
        self._parts = _Parts(
            app=app,
            authenticate=partial(authenticate, keys=api_keys, tokens=tokens),
            check_origin=partial(check_origin, origins=origins),
            routes=routes,
            metrics=metrics,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or socket, or the application's lifespan."""
        if scope["type"] == "lifespan":
            await self._parts.app(scope, receive, send)
        else:
            await _Visit(self._parts, _without_slash(scope), receive, send).run()


@dataclass(frozen=True)
class _Parts:
    """What every visit works with."""

    app: ASGIApp
    authenticate: Callable[[HTTPConnection], None]
    check_origin: Callable[[HTTPConnection], None]
    routes: Sequence[BaseRoute]
    metrics: Metrics

    def route_of(self, scope: Scope) -> str:
        """The template of the path that a request will be routed to, as Starlette routes it."""
        partial_match = _NO_ROUTE
        for route in self.routes:
            match, _ = route.matches(scope)
            path: str = getattr(route, "path", _NO_ROUTE)
            if match is Match.FULL:
                return path
            if match is Match.PARTIAL and partial_match is _NO_ROUTE:
                partial_match = path
        return partial_match


def _without_slash(scope: Scope) -> Scope:
    """The same request, for a path without a slash at its end.

    Both forms are asked for, and a redirect would lose the body of what is posted.
    """
    path: str = scope["path"]
    if not path.endswith("/") or path_in(scope) == "/":
        return scope
    return {**scope, "path": path[:-1]}


def _given_id(scope: Scope) -> str | None:
    """The id that a proxy or the caller gave a request: one name runs through all logs."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else None


def _taken_away(scope: Scope) -> str:
    """The path under which a proxy offers the server, if it says so."""
    given = Headers(scope=scope).get("x-forwarded-prefix", "").rstrip("/")
    return given if _PREFIX.fullmatch(given) else ""


class _Visit:
    """One request, or one socket from handshake to close."""

    def __init__(self, parts: _Parts, scope: Scope, receive: Receive, send: Send) -> None:
        self._parts = parts
        self._metrics = parts.metrics
        self._scope = scope
        self._receive = receive
        self._send = send
        self._status: int | None = None
        self._request_id = _given_id(scope) or str(uuid.uuid4())
        self._version = ApiVersion()
        self._came_at = time.monotonic()
        self._route = parts.route_of(scope)
        self._notes: dict[str, Any] = {}

    async def run(self) -> None:
        try:
            self._admit()
            await self._parts.app(self._scope, self._receive_noted, self._send_named)
        except (ClientDisconnect, WebSocketDisconnect):
            log.debug("caller left", extra={"request_id": self._request_id})
        except Exception as error:  # noqa: BLE001 -- each becomes an answer, unknown ones are logged
            await self._refuse(error)
        finally:
            self._leave()

    def _leave(self) -> None:
        method = self._scope.get("method", "WEBSOCKET")
        seconds = time.monotonic() - self._came_at
        if self._status == _UPGRADED:
            self._metrics.sockets.labels(self._route).dec()
        self._metrics.visited(method, self._route, self._status or _LEFT, seconds)
        # The path alone: a query may hold a key.
        log.log(
            logging.DEBUG if self._route in _POLLED else logging.INFO,
            "request",
            extra={
                "request_id": self._request_id,
                "method": method,
                "path": self._scope["path"],
                "status": self._status,
                "seconds": round(seconds, 4),
                **self._notes,
            },
        )

    def _admit(self) -> None:
        connection = HTTPConnection(self._scope)
        named = connection.query_params.get("cartesia_version")
        self._version = ApiVersion.parse(named or connection.headers.get("cartesia-version"))
        self._parts.authenticate(connection)
        if self._scope["type"] == "websocket":
            self._parts.check_origin(connection)
        connection.state.caller = Caller(
            self._request_id, self._version, self._route, self._came_at, self._notes
        )

    async def _refuse(self, error: Exception) -> None:
        answer = answer_to(error, self._request_id)
        self._metrics.errors.labels(self._route, answer.status).inc()
        if self._status is not None:
            # Too late to say it; the transport shows that the answer broke off.
            self._notes["broke_off"] = answer.title
            raise BrokenOff(answer, self._request_id) from None
        response = error_response(
            answer,
            style=error_style(path_in(self._scope), self._version),
            request_id=self._request_id,
            doc_url=self._doc_url(),
        )
        await response(self._scope, self._receive, self._send_named)

    def _doc_url(self) -> str:
        # Starlette leads to the outermost application, which knows nothing of this one's paths.
        root = _taken_away(self._scope) + self._scope.get("root_path", "")
        here = {**self._scope, "app_root_path": root}
        base = HTTPConnection(here).base_url
        secure = base.scheme in ("https", "wss")
        return f"{base.replace(scheme='https' if secure else 'http')}openapi.json"

    async def _receive_noted(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._notes.setdefault("close_code", message.get("code"))
        return message

    async def _send_named(self, message: Message) -> None:
        kind = message["type"]
        if kind in _STARTS:
            MutableHeaders(scope=message)["X-Request-ID"] = self._request_id
            self._status = message.get("status", _UPGRADED)
            if self._status == _UPGRADED:
                self._metrics.sockets.labels(self._route).inc()
        elif kind == "websocket.close":
            self._notes.setdefault("close_code", message.get("code"))
        await self._send(message)
