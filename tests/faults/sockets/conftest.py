"""Sockets of both surfaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .surfaces import Sockets


@pytest.fixture(params=["threads", "tasks"])
def sockets(request: pytest.FixtureRequest) -> Iterator[Sockets]:
    """One of the two surfaces; its sockets are closed after the test."""
    sockets = Sockets(asynchronous=request.param == "tasks")
    yield sockets
    sockets.close()
