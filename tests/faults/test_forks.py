"""A client that is used before a fork and after it, in both processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .peer import Peer, answer
from .sockets.peer import SocketPeer, speak

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")

START = """
import os, sys
from cartesia import Cartesia
from cartesia.core.api_error import WebSocketClosedError

SPEECH = {
    "model_id": "sonic-2",
    "voice": {"id": "voice"},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}
client = Cartesia(base_url=sys.argv[1], timeout=10, max_retries=0)

def fork(child):
    process = os.fork()
    if process == 0:
        child()
        sys.exit()
    assert os.waitpid(process, 0) == (process, 0), "the child has failed"
"""
CALLS = """
def child():
    assert client.api_status.get().ok
    client.close()

client.api_status.get()
fork(child)
client.api_status.get()
"""
SOCKET = """
def child():
    try:
        list(outputs)
    except WebSocketClosedError:
        pass
    else:
        raise AssertionError("this speech was the other process's to hear")
    assert [output.audio for output in ws.send(transcript="b", **SPEECH)] == [b"b"]
    ws.close()

def child_that_forgets():
    global outputs, context, ws
    del outputs, context, ws

ws = client.tts.websocket()
context = ws.context("parent's")
outputs = context.send(transcript="one two", continue_=True, **SPEECH)
assert next(outputs).audio == b"one"
fork(child)
fork(child_that_forgets)
context.send(transcript="three", **SPEECH)
assert [output.audio for output in outputs] == [b"two", b"three"]
"""


def run(program: str, url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", START + program, url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_each_process_calls_over_a_connection_of_its_own() -> None:
    with Peer(answer({"ok": True, "version": "1"})) as peer:
        run(CALLS, peer.url)
        assert (peer.connections, len(peer.requests)) == (2, 3)


def test_a_socket_stays_with_the_process_that_opened_it_and_opens_anew_in_the_other() -> None:
    with SocketPeer(speak) as peer:
        run(SOCKET, peer.url)
        assert peer.handshakes == 2
        assert [message for message in peer.messages if message.get("cancel")] == []
