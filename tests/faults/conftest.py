"""Both surfaces, for tests that are written once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .surfaces import Runner, Surface


@pytest.fixture(params=["sync", "async"])
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    """One of the two surfaces; its clients are closed after the test."""
    surface = Surface(None if request.param == "sync" else Runner())
    yield surface
    surface.close()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries come at once."""
    monkeypatch.setattr("cartesia.core.retry.FIRST_WAIT", 0.001)
