"""A server with scripted engines for each test module, on a real socket."""

import io
import json
import wave
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
import pytest
from websockets.sync.client import connect

from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.scripted import ScriptedSpeech, scripted_engines

VOICE = "694f9389-aac1-45b6-b726-9d9369183238"
RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}


def speech_request(**changes):
    """A valid request for speech; a change to None takes the field out."""
    request = {
        "model_id": "sonic-2",
        "transcript": "one two three",
        "voice": {"mode": "id", "id": VOICE},
        "output_format": RAW,
        **changes,
    }
    return {name: value for name, value in request.items() if value is not None}


@pytest.fixture(scope="module")
def script():
    return ScriptedSpeech()


@pytest.fixture
def engine(script):
    """The server's speech engine, as new."""
    script.reset()
    return script


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Override in a test module or class to run its server with other settings."""
    return Settings(threads=2, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def server(script, settings):
    with embedded(settings, engines=scripted_engines(script)) as base_url:
        yield base_url


@pytest.fixture
def http(server):
    with httpx.Client(base_url=server, timeout=120) as client:
        yield client


class Socket:
    """A WebSocket that speaks JSON."""

    def __init__(self, connection):
        self.raw = connection

    def send(self, **message):
        self.raw.send(json.dumps(message))

    def send_together(self, *messages):
        """Send messages, some perhaps no JSON, in such a way that they arrive at once."""
        with self.raw.protocol_mutex:
            for message in messages:
                text = message if isinstance(message, str) else json.dumps(message)
                self.raw.protocol.send_text(text.encode())
            self.raw.socket.sendall(b"".join(self.raw.protocol.data_to_send()))

    def receive(self):
        return json.loads(self.raw.recv(timeout=120))

    def receive_context(self, context_id):
        """Everything up to the end of one context; nothing else may come in between."""
        messages: list[Any] = []
        while not messages or not messages[-1]["done"]:
            messages.append(self.receive())
            assert messages[-1]["context_id"] == context_id
        return messages


@pytest.fixture
def dial(server):
    """Open a TTS socket as a client of some API version does."""

    @contextmanager
    def dial(version="2024-11-13", **options):
        url = server.replace("http", "ws") + f"/tts/websocket?cartesia_version={version}"
        with connect(url, max_size=2**24, **options) as connection:
            yield Socket(connection)

    return dial


@pytest.fixture(scope="session")
def buzz():
    """Three seconds of something like a voice: a buzz at 120 Hz that comes and goes."""
    rate = 16000
    time = np.arange(3 * rate) / rate
    pitch = 120 + 10 * np.sin(2 * np.pi * 3 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    buzz = sum(np.sin(n * phase) / n for n in range(1, 30)) * (0.6 + 0.4 * np.sin(8 * time))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes((buzz / np.abs(buzz).max() * 20000).astype("<i2").tobytes())
    return file.getvalue()
