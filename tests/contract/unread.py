"""A socket on which the server has more to say than its peer reads."""

from __future__ import annotations

import time

from tests.contract.conftest import RAW, Socket, speech_request
from tests.contract.scripted import ScriptedSpeech

MUCH = {**RAW, "encoding": "pcm_f32le", "sample_rate": 48000}
_PATIENCE = 60.0


def fill(socket: Socket, engine: ScriptedSpeech) -> None:
    """Ask for more audio than goes into all buffers, and wait until the server can send no more.

    Args:
        socket: opened with a small `max_queue`, so that its client stops to read.
        engine: speaks for the server, and nobody else.
    """
    socket.send(context_id="much", **speech_request(transcript="word " * 8000, output_format=MUCH))
    said, deadline = -1, time.monotonic() + _PATIENCE
    while said < 1 or len(engine.said) > said:
        assert time.monotonic() < deadline, "the server sends on and on"
        said = len(engine.said)
        time.sleep(0.5)
