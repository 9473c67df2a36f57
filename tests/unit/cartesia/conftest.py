"""A client of each surface whose requests are answered in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import httpx
import pytest

from tests.faults.surfaces import Runner, Surface


class Server:
    """Answers in place of one, and keeps what it is sent."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.requests: list[httpx.Request] = []
        self.names_requests = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        names = {"X-Request-ID": f"r-{len(self.requests)}"} if self.names_requests else {}
        return httpx.Response(200, content=content, headers=names)


@pytest.fixture(params=["sync", "async"])
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    """Each of the two surfaces."""
    surface = Surface(None if request.param == "sync" else Runner())
    yield surface
    surface.close()


@pytest.fixture
def server() -> Server:
    """What answers the client."""
    return Server()


@pytest.fixture
def client(surface: Surface, server: Server) -> Iterator[Any]:
    """A client that the server answers."""
    transport = httpx.MockTransport(server)
    if surface.runner is None:
        with httpx.Client(transport=transport) as own:
            yield surface.client("http://h/api", api_key="sk-1", httpx_client=own)
    else:
        own_async = httpx.AsyncClient(transport=transport)
        yield surface.client("http://h/api", api_key="sk-1", httpx_client=own_async)
        surface.runner.run(own_async.aclose())


def form_of(request: httpx.Request) -> list[tuple[Any, Any]]:
    """The names and values of a form that was sent."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts: Any = message_from_bytes(head + request.content).get_payload()
    return [
        (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        for part in parts
    ]
