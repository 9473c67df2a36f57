"""Databases that do not answer."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cartesia_server.voices.schema import StoreUnavailable
from cartesia_server.voices.store import VoiceStore


@pytest.fixture
def silent():
    """A PostgreSQL that takes connections and says nothing."""
    pytest.importorskip("psycopg")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"postgresql+psycopg://ada@127.0.0.1:{listener.getsockname()[1]}/voices"


def test_a_database_that_says_nothing_is_given_up(silent):
    store = VoiceStore(silent + "?connect_timeout=2")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.get("anything")
    assert time.monotonic() - began < 10


def test_it_is_given_up_without_being_told(silent):
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        VoiceStore(silent).get("anything")
    assert time.monotonic() - began < 20


def test_those_who_wait_for_the_same_attempt_share_its_failure(monkeypatch):
    store, begun, go, attempts = VoiceStore("sqlite://"), threading.Event(), threading.Event(), []

    def connect():
        attempts.append(1)
        begun.set()
        assert go.wait(30)
        raise OSError("away")

    monkeypatch.setattr(store, "_connect", connect)
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(store.get, "anything") for _ in range(8)]
        assert begun.wait(30)
        time.sleep(0.2)  # the others have come to the lock
        go.set()
        for one in waiting:
            assert isinstance(one.exception(), StoreUnavailable)
    assert len(attempts) == 1
    with pytest.raises(StoreUnavailable):
        store.get("anything")
    assert len(attempts) == 2
