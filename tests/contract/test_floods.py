"""Peers that send without end: what waits for them is bounded, and others have their turn."""

import pytest
from websockets.exceptions import ConnectionClosed

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
