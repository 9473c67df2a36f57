"""Peers that send without end: what waits for them is bounded, and others have their turn."""

import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from cartesia_server import main
from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request
from tests.contract.unread import fill

WAITING = 5


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=2, max_queue=WAITING)


def test_many_messages_at_once_are_answered_one_by_one(dial):
    with dial() as socket:
        socket.send_together(*["no JSON"] * 10 * WAITING)
        for _ in range(10 * WAITING):
            assert socket.receive()["error"].startswith("message: got")
        socket.send(context_id="a", **speech_request())
        assert socket.receive_context("a")[-1]["type"] == "done"


def test_who_reads_no_answers_is_left(dial, engine):
    with dial(max_queue=1, ping_interval=None) as socket:
        fill(socket, engine)
        socket.send_together(*["no JSON"] * 10 * WAITING)
        with pytest.raises(ConnectionClosed):
            while True:
                socket.receive()


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors where Linux lists them")
def test_a_closed_socket_is_let_go_though_its_peer_reads_nothing(dial, engine, monkeypatch):
    monkeypatch.setattr(main, "_UNREAD", 0.5)
    with dial(max_queue=1, ping_interval=None) as socket:
        fill(socket, engine)
        opened = _sockets()
        socket.send_together(*["no JSON"] * 10 * WAITING)
        deadline = time.monotonic() + 30
        while _sockets() == opened:
            assert time.monotonic() < deadline, "the server keeps the socket"
            time.sleep(0.1)
        assert _sockets() == opened - 1


def _sockets():
    """How many sockets this process has open, which runs the server and its clients."""
    return sum(map(_is_socket, Path("/proc/self/fd").iterdir()))


def _is_socket(descriptor):
    with suppress(OSError):  # closed meanwhile
        return str(descriptor.readlink()).startswith("socket:")
    return False
