"""A pool's sense of time, held by tests."""

import pytest

from cartesia_server.scale import pool as pool_module


class Clock:
    """The time, as the pool sees it."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pool_module, "time", clock)
    return clock
