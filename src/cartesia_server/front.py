"""The front door: request ids, API version, keys, the log, and every refusal pass through here."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from cartesia_server.auth import authenticate
from cartesia_server.errors import answer_to, error_response
from cartesia_server.services import Caller
from cartesia_server.tokens import AccessTokens
from cartesia_server.versions import ApiVersion, error_style

log = logging.getLogger(__name__)

_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})

_POLLED = frozenset({"/health/live", "/health/ready"})
"""Paths that machines ask every few seconds: at ``info`` they would drown all else."""


class FrontDoor:
    """ASGI middleware around the whole application.

    Args:
        app: the application.
        api_keys: keys that callers must present; none means that anyone may call.
        tokens: reads the tokens that callers may present instead.
    """

    def __init__(self, app: ASGIApp, api_keys: Sequence[str], tokens: AccessTokens) -> None:
        self._app = app
        self._authenticate = partial(authenticate, keys=api_keys, tokens=tokens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or socket, or the application's lifespan."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        else:
            await _Visit(self._app, self._authenticate, scope, receive, send).run()


class _Visit:
    """One request, or one socket from handshake to close."""

    def __init__(
        self,
        app: ASGIApp,
        authenticate: Callable[[HTTPConnection], None],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._app = app
        self._authenticate = authenticate
        self._scope = scope
        self._receive = receive
        self._send = send
        self._status: int | None = None
        self._request_id = str(uuid.uuid4())
        self._version = ApiVersion()

    async def run(self) -> None:
        started = time.perf_counter()
        try:
            self._admit()
            await self._app(self._scope, self._receive, self._send_named)
        except (ClientDisconnect, WebSocketDisconnect):
            log.debug("caller left", extra={"request_id": self._request_id})
        except Exception as error:  # noqa: BLE001 -- each becomes an answer, unknown ones are logged
            await self._refuse(error)
        finally:
            # The path alone: a query may hold a key.
            log.log(
                logging.DEBUG if self._scope["path"] in _POLLED else logging.INFO,
                "request",
                extra={
                    "request_id": self._request_id,
                    "method": self._scope.get("method", "WEBSOCKET"),
                    "path": self._scope["path"],
                    "status": self._status,
                    "seconds": round(time.perf_counter() - started, 4),
                },
            )

    def _admit(self) -> None:
        connection = HTTPConnection(self._scope)
        named = connection.query_params.get("cartesia_version")
        self._version = ApiVersion.parse(named or connection.headers.get("cartesia-version"))
        self._authenticate(connection)
        connection.state.caller = Caller(self._request_id, self._version)

    async def _refuse(self, error: Exception) -> None:
        answer = answer_to(error, self._request_id)
        if self._status is not None:
            raise error  # too late to say it; the transport shows that the answer broke off
        response = error_response(
            answer,
            style=error_style(self._scope["path"], self._version),
            request_id=self._request_id,
            doc_url=self._doc_url(),
        )
        await response(self._scope, self._receive, self._send_named)

    def _doc_url(self) -> str:
        base = HTTPConnection(self._scope).base_url
        secure = base.scheme in ("https", "wss")
        return f"{base.replace(scheme='https' if secure else 'http')}openapi.json"

    async def _send_named(self, message: Message) -> None:
        if message["type"] in _STARTS:
            MutableHeaders(scope=message)["X-Request-ID"] = self._request_id
            self._status = message.get("status", 101)
        await self._send(message)
