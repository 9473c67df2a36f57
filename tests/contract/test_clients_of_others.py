"""What clients of other generations ask and read, beyond what ours does."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings, SettingsError
from tests.contract.conftest import VOICE, speech_request
from tests.contract.scripted import scripted_engines

NEW = {"Cartesia-Version": "2026-08-14"}
PEM = Path(__file__).parents[1] / "faults" / "sockets" / "localhost.pem"


@pytest.fixture
def mine(http):
    """A voice of one's own; deleted at the end."""
    embedding = http.get(f"/voices/{VOICE}").json()["embedding"]
    body = {"name": "Ada", "description": "Clear.", "embedding": embedding}
    voice = http.post("/voices", json=body).json()
    yield voice
    http.delete(f"/voices/{voice['id']}")


# --- errors ---------------------------------------------------------------------------------------


def test_newer_clients_get_structured_errors(http):
    answer = http.post("/tts/bytes", json=speech_request(model_id="sonic-9"), headers=NEW)
    body = answer.json()
    assert answer.status_code == 400
    assert body.keys() == {"error_code", "title", "message", "request_id", "doc_url"}
    assert body["error_code"] == "model_not_found"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert http.get(body["doc_url"]).json()["openapi"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/datasets/"),
        ("POST", "/datasets"),
        ("POST", "/datasets/some-id/files"),
        ("GET", "/fine-tunes/"),
        ("DELETE", "/fine-tunes/some-id"),
        ("GET", "/agents"),
        ("GET", "/agents/metrics/results/export"),
    ],
)
def test_what_the_server_has_not_is_said_and_not_tried_again(http, method, path):
    answer = http.request(method, path, headers=NEW)
    assert answer.status_code == 501
    assert answer.headers["x-should-retry"] == "false"
    assert answer.json()["message"].startswith("this server ")
    assert http.request(method, path).text.startswith("Not implemented: this server ")


def test_saving_is_refused_because_nothing_is_kept(http):
    answer = http.post("/tts/bytes", json=speech_request(save=True), headers=NEW)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("save: got True, accepted: false")
    assert http.post("/tts/bytes", json=speech_request(save=False)).status_code == 200


# --- voices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_accents_can_be_listed(http, slash):
    accents = http.get(f"/accents{slash}", headers=NEW).json()["accents"]
    british = next(accent for accent in accents if accent["id"] == "british")
    assert british == {
        "id": "british",
        "name": "British",
        "locale": "en-GB",
        "language": "en",
        "is_locale_default": True,
        "is_localizable": True,
    }


def test_a_voice_gets_and_loses_accents(http, mine):
    path = f"/voices/{mine['id']}"
    changed = http.patch(f"{path}/accents", json={"accents": ["british", "castilian"]}).json()
    own = {"locale": mine["locales"][0]["locale"], "is_native": True}
    added = [{"locale": locale, "is_native": False} for locale in ("en-GB", "es-ES")]
    assert changed["locales"] == [own, *added]
    assert http.get(path).json()["locales"] == [own, *added]
    assert http.delete(f"{path}/accents/british").json()["locales"] == [own, added[1]]
    assert http.get(path).json()["locales"] == [own, added[1]]


def test_bad_accents_are_refused_by_field(http, mine):
    path = f"/voices/{mine['id']}/accents"
    answer = http.patch(path, json={"accents": ["british", "martian"]}, headers=NEW)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("accents.1: got 'martian', accepted: general-amer")
    missing = http.delete(f"{path}/castilian", headers=NEW)
    assert missing.status_code == 404
    assert missing.json()["message"].startswith("accent_id: got 'castilian', accepted: none")
    assert http.patch(f"/voices/{VOICE}/accents", json={"accents": []}).status_code == 403
    nobody = "00000000-0000-0000-0000-000000000000"
    assert http.patch(f"/voices/{nobody}/accents", json={"accents": []}).status_code == 404
    assert http.delete(f"/voices/{nobody}/accents/british").status_code == 404


def test_the_own_accent_of_a_voice_is_changed_not_deleted(http, mine):
    path = f"/voices/{mine['id']}"
    moved = http.patch(path, json={"accent": "british"}, headers=NEW).json()
    assert (moved["accent"], moved["language"], moved["country"]) == ("british", "en", "GB")
    answer = http.delete(f"{path}/accents/british", headers=NEW)
    assert answer.status_code == 400
    assert "the voice's own" in answer.json()["message"]


def test_a_bare_voice_an_accent_and_a_locale(http, engine):
    plain = speech_request(voice=VOICE)
    assert http.post("/tts/bytes", json=plain, headers=NEW).status_code == 200
    asked = {**plain, "accent": "british"}
    assert http.post("/tts/bytes", json=asked, headers=NEW).status_code == 200
    assert http.post("/tts/bytes", json={**plain, "locale": "en-gb"}).status_code == 200
    assert (engine.voices[0] != engine.voices[1]).any()
    assert (engine.voices[0] == engine.voices[2]).all()


# --- TLS ------------------------------------------------------------------------------------------


def test_a_certificate_makes_it_https_and_wss(tmp_path):
    settings = Settings(threads=1, data_dir=tmp_path, ssl_certfile=PEM)
    trusted = ssl.create_default_context(cafile=str(PEM))
    with embedded(settings, engines=scripted_engines()) as base_url:
        assert base_url.startswith("https://")
        local = base_url.replace("127.0.0.1", "localhost")
        assert httpx.get(local, verify=trusted).json()["ok"] is True
        answer = httpx.get(f"{local}/nowhere", verify=trusted, headers=NEW)
        assert answer.json()["doc_url"] == f"{local}/openapi.json"
        with connect(local.replace("https", "wss") + "/tts/websocket", ssl=trusted) as connection:
            assert connection.response is not None
            assert connection.response.headers["X-Request-ID"]


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_bad_certificate_is_refused_at_once(tmp_path, content):
    file = tmp_path / "server.pem"
    if content is not None:
        file.write_bytes(content)
    settings = Settings(ssl_certfile=file)
    with (
        pytest.raises(SettingsError, match=f"ssl_certfile, ssl_keyfile: got {file}, the key"),
        embedded(settings, engines=scripted_engines()),
    ):
        pass
