"""Limits of ``/stt/websocket``: idle sockets, and more audio than can wait."""

import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from cartesia_server.settings import Settings


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=1, stt_idle_timeout=0.3, max_audio_seconds=2.0)


@pytest.fixture
def connection(server):
    query = "model=ink-whisper&encoding=pcm_s16le&sample_rate=16000"
    with connect(server.replace("http", "ws") + f"/stt/websocket?{query}") as connection:
        yield connection


def test_an_idle_socket_is_closed(connection):
    with pytest.raises(ConnectionClosed) as closed:
        connection.recv(timeout=120)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1000


def test_more_audio_than_can_wait_ends_the_session(connection):
    connection.send(b"\x00\x40" * 16000 * 20)
    message = json.loads(connection.recv(timeout=120))
    while message["type"] == "transcript":
        message = json.loads(connection.recv(timeout=120))
    assert (message["type"], message["status_code"]) == ("error", 429)
    assert "send slower" in message["message"]
    with pytest.raises(ConnectionClosed) as closed:
        connection.recv(timeout=120)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1013
