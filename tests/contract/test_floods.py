"""Peers that send without end, or never read: what waits for them is bounded, and let go."""

import json
import re
import socket
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from cartesia_server import peers
from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request
from tests.contract.unread import MUCH, fill

WAITING = 5

counts_descriptors = pytest.mark.skipif(
    sys.platform != "linux", reason="counts descriptors where Linux lists them"
)


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


@counts_descriptors
def test_a_closed_socket_is_let_go_though_its_peer_reads_nothing(dial, engine, monkeypatch):
    monkeypatch.setattr(peers, "UNREAD", 0.5)
    with dial(max_queue=1, ping_interval=None) as socket:
        fill(socket, engine)
        with _let_go():
            socket.send_together(*["no JSON"] * 10 * WAITING)


@counts_descriptors
@pytest.mark.parametrize("path", ["/tts/bytes", "/tts/sse"])
def test_an_answer_is_let_go_whose_peer_stops_to_read(http, engine, monkeypatch, path):
    monkeypatch.setattr(peers, "UNREAD", 0.5)
    asked = speech_request(transcript="word " * 8000, output_format=MUCH)
    with _idle_answer(http, path, asked), _let_go():
        pass
    [active] = re.findall(r"\ncartesia_speech_streams_active (\S+)", http.get("/metrics").text)
    assert float(active) == 0
    assert len(engine.said) < 8000


@counts_descriptors
def test_one_who_does_not_ask_is_let_go(http, monkeypatch):
    with _connected(http) as peer:
        monkeypatch.setattr(peers, "UNASKED", 0.5)
        with _let_go():
            peer.settimeout(60)
            assert peer.recv(1) == b""


@contextmanager
def _idle_answer(http, path, asked):
    """Ask for speech, read the beginning of it, and rest."""
    body = json.dumps(asked).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
    with _connected(http) as peer:
        peer.sendall(head.encode() + body)
        assert peer.recv(100).startswith(b"HTTP/1.1 200")
        yield


@contextmanager
def _connected(http):
    before = _sockets()
    with socket.create_connection((http.base_url.host, http.base_url.port)) as peer:
        deadline = time.monotonic() + 60
        while _sockets() < before + 2:  # this end, and that of the server
            assert time.monotonic() < deadline, "the server accepts nobody"
            time.sleep(0.01)
        yield peer


@contextmanager
def _let_go():
    """See that the server has a socket less some time after what is done meanwhile.

    Others that nobody asks on, those of tests before, may be let go at the same time.
    """
    opened = _sockets()
    yield
    deadline = time.monotonic() + 60
    while _sockets() >= opened:
        assert time.monotonic() < deadline, "the server keeps the socket"
        time.sleep(0.1)


def _sockets():
    """How many sockets this process has open, which runs the server and its clients."""
    return sum(map(_is_socket, Path("/proc/self/fd").iterdir()))


def _is_socket(descriptor):
    with suppress(OSError):  # closed meanwhile
        return str(descriptor.readlink()).startswith("socket:")
    return False
