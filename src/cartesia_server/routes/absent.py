"""What the API has and a server of one's own does not: each path says so."""

from __future__ import annotations

from typing import NoReturn

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from cartesia_server.errors import NotOffered
from cartesia_server.paths import path_in

_ABSENT = {
    "datasets": "stores no data sets",
    "fine-tunes": "trains no models; POST /voices/clone makes a voice of a recording",
    "agents": "runs no agents",
}
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


async def absent(request: Request) -> NoReturn:
    """Refuse whatever is asked of the path.

    Raises:
        NotOffered: always.
    """
    kind = path_in(request.scope).split("/")[1]
    raise NotOffered(f"this server {_ABSENT[kind]}")


routes: list[BaseRoute] = [
    Route(path, absent, methods=_METHODS)
    for kind in _ABSENT
    for path in (f"/{kind}", f"/{kind}/{{rest:path}}")
]
