"""What a WebSocket's path answers to a plain request: mostly, a proxy has dropped the upgrade."""

from __future__ import annotations

from typing import NoReturn

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from cartesia_server.errors import UpgradeRequired

_SOCKETS = ("/tts/websocket", "/stt/websocket", "/stt/turns/websocket")


async def plain(_request: Request) -> NoReturn:
    """Refuse a request that asks for no WebSocket.

    Raises:
        UpgradeRequired: always.
    """
    raise UpgradeRequired(
        "this path is a WebSocket, and the request did not ask for one; a proxy on the way must "
        "speak HTTP/1.1 and pass on the headers Upgrade and Connection"
    )


routes: list[BaseRoute] = [Route(path, plain) for path in _SOCKETS]
