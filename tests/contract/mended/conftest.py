"""Both surfaces, and a server that lets not everybody in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.mended.speech import KEY
from tests.contract.scripted import scripted_engines
from tests.faults.sockets.surfaces import Sockets
from tests.faults.surfaces import Runner, Surface


@pytest.fixture(params=["sync", "async"])
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    surface = Surface(None if request.param == "sync" else Runner())
    yield surface
    surface.close()


@pytest.fixture(params=["threads", "tasks"])
def sockets(request: pytest.FixtureRequest) -> Iterator[Sockets]:
    sockets = Sockets(asynchronous=request.param == "tasks")
    yield sockets
    sockets.close()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cartesia.core.retry.FIRST_WAIT", 0.001)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that lets nobody in but the holder of `KEY`."""
    settings = Settings(api_keys=(KEY,), data_dir=tmp_path_factory.mktemp("data"))
    with embedded(settings, engines=scripted_engines()) as base_url:
        yield base_url
