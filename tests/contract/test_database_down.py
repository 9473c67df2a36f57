"""A server whose database cannot be used: everybody is told so, and when to come again."""

import json
from pathlib import Path

import pytest
from websockets.sync.client import connect

from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request

OWN = "01a219f0-84b0-7f41-a438-84fe90af191a"  # nobody has it


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("data")
    (folder / "voices.db").write_bytes(b"no database " * 1000)
    return Settings(threads=2, data_dir=folder)


@pytest.mark.parametrize("voice", [OWN, "Somebody"])
@pytest.mark.parametrize("path", ["/tts/bytes", "/tts/sse"])
def test_speech_of_a_voice(http, path, voice):
    answer = http.post(path, json=speech_request(voice={"mode": "id", "id": voice}))
    _told(answer)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/voices", {}),
        ("GET", f"/voices/{OWN}", {}),
        ("DELETE", f"/voices/{OWN}", {}),
        ("PATCH", f"/voices/{OWN}", {"json": {"name": "Ada"}}),
        ("POST", "/voices/", {"json": {"name": "A", "description": "", "embedding": [0.1] * 192}}),
        ("POST", "/voices/mix", {"json": {"voices": [{"id": OWN, "weight": 1.0}]}}),
        ("GET", f"/pronunciation-dicts/{OWN}", {}),
        ("POST", "/audio/speech", {"json": {"model": "tts-1", "input": "Hi.", "voice": OWN}}),
    ],
)
def test_voices_and_dictionaries(http, method, path, body):
    _told(http.request(method, path, **body))


def test_a_dictionary_of_a_request_for_speech(http):
    _told(http.post("/tts/bytes", json=speech_request(pronunciation_dict_id=OWN)))


def test_a_socket(server):
    url = server.replace("http", "ws", 1) + "/tts/websocket"
    with connect(url) as socket:
        asked = speech_request(voice={"mode": "id", "id": OWN}, context_id="a")
        socket.send(json.dumps(asked))
        event = json.loads(socket.recv(timeout=60))
        assert (event["type"], event["status_code"], event["context_id"]) == ("error", 503, "a")
        assert "database" in event["error"]


def test_built_in_voices_speak_by_their_id(http):
    answer = http.post("/tts/bytes", json=speech_request())
    assert answer.status_code == 200
    assert answer.content


def test_built_in_voices_speak_by_the_names_of_openai(http):
    answer = http.post("/audio/speech", json={"model": "tts-1", "input": "Hi.", "voice": "alloy"})
    assert answer.status_code == 200
    assert answer.content


def _told(answer):
    assert answer.status_code == 503, answer.text
    assert "database" in answer.text
    assert int(answer.headers["Retry-After"]) >= 1
