"""Keys, request ids, versions and limits that hold for every route."""

import logging
import uuid
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request
from tests.contract.scripted import scripted_engines

KEY = "sk_local_7f3a"


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=1, api_keys=("other", KEY), max_sockets=2)


@pytest.mark.parametrize("name", ["X-API-Key", "x-api-key"])
def test_key_as_header(http, name):
    assert http.get("/voices", headers={name: KEY}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_key_as_bearer(http, scheme):
    headers = {"Authorization": f"{scheme} {KEY}"}
    assert http.get("/voices", headers=headers).status_code == 200


@pytest.mark.parametrize("name", ["api_key", "access_token"])
def test_key_in_the_query(http, name):
    assert http.get("/voices", params={name: KEY}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": "sk_wrong"},
        {"X-API-Key": ""},
        {"X-API-Key": "ü".encode()},
        {"Authorization": "Basic abc"},
        {"Authorization": "Bearer"},
    ],
)
@pytest.mark.parametrize("path", ["/voices", "/voices/x", "/nowhere"])
def test_without_a_known_key_nothing_is_told(http, path, headers):
    answer = http.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.text.startswith("Unauthorized: ")
    assert "sk_wrong" not in answer.text
    assert answer.headers["www-authenticate"] == "Bearer"


def test_status_and_description_need_no_key(http):
    assert http.get("/").json()["ok"] is True


def socket_url(server, query=""):
    return server.replace("http", "ws") + f"/tts/websocket{query}"


def test_socket_takes_keys_from_query_and_header(server):
    with connect(socket_url(server, f"?api_key={KEY}")) as connection:
        assert connection.response is not None
        assert connection.response.headers["X-Request-ID"]
    with connect(socket_url(server, f"?access_token={KEY}")):
        pass
    with connect(socket_url(server), additional_headers={"X-API-Key": KEY}):
        pass


def test_socket_without_a_key_is_refused_with_a_status(server):
    with pytest.raises(InvalidStatus) as refusal:
        connect(socket_url(server, "?api_key=sk_wrong"))
    response = refusal.value.response
    assert response.status_code == 401
    assert response.headers["X-Request-ID"]
    assert b"sk_wrong" not in response.body


def test_pages_of_other_origins_open_no_sockets(settings):
    chosen = replace(settings, cors_origins=("https://app.example",))
    with embedded(chosen, engines=scripted_engines()) as base_url:
        url = f"{base_url.replace('http', 'ws')}/tts/websocket?api_key={KEY}"
        with connect(url, origin=Origin("https://app.example")), connect(url):
            pass
        with pytest.raises(InvalidStatus) as refusal:
            connect(url, origin=Origin("https://evil.example"))
    assert refusal.value.response.status_code == 403


def test_unknown_socket_is_refused_with_404(server):
    with pytest.raises(InvalidStatus) as refusal:
        connect(server.replace("http", "ws") + f"/tts/other?api_key={KEY}")
    assert refusal.value.response.status_code == 404


@pytest.mark.parametrize("path", ["/tts/websocket", "/stt/websocket", "/stt/turns/websocket"])
def test_a_socket_whose_upgrade_a_proxy_dropped_says_so(http, path):
    answer = http.get(path, headers={"X-API-Key": KEY})
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")
    assert "a proxy on the way must" in answer.text


def test_sockets_past_the_limit_are_refused_with_429(server):
    query = f"?api_key={KEY}"
    with (
        connect(socket_url(server, query)),
        connect(socket_url(server, query)),
        pytest.raises(InvalidStatus) as refusal,
    ):
        connect(socket_url(server, query))
    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["Retry-After"]


def test_every_answer_has_an_id_of_its_own(http):
    answers = [http.get("/"), http.get("/"), http.get("/nowhere"), http.get("/voices")]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 4


def test_an_id_that_a_proxy_gave_is_kept(http):
    answer = http.get("/voices", headers={"X-Request-ID": "fe1ede55-9bad.7"})
    assert answer.status_code == 401
    assert answer.headers["X-Request-ID"] == "fe1ede55-9bad.7"


@pytest.mark.parametrize("given", ["", "a" * 65, "two words", "<b>"])
def test_what_is_no_id_is_replaced(http, given):
    named = http.get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert str(uuid.UUID(named)) == named


@pytest.mark.parametrize("version", ["2024-11-13", "2026-03-01"])
def test_unknown_path_and_method(http, version):
    headers = {"X-API-Key": KEY, "Cartesia-Version": version}
    missing = http.get("/nowhere", headers=headers)
    assert missing.status_code == 404
    assert "/openapi.json" in missing.text
    wrong = http.get("/tts/bytes", headers=headers)
    assert wrong.status_code == 405
    assert "POST" in wrong.text


def test_pages_of_other_origins_may_call(http):
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key,cartesia-version,content-type",
    }
    answer = http.options("/tts/bytes", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    refused = http.post("/tts/bytes", json={}, headers={"Origin": "https://app.example"})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "*"


def test_log_has_requests_but_no_keys(server, caplog):
    with caplog.at_level(logging.DEBUG):
        httpx.get(f"{server}/voices", params={"api_key": KEY}).raise_for_status()
        with connect(socket_url(server, f"?api_key={KEY}")):
            pass
        httpx.get(f"{server}/voices", params={"api_key": "sk_wrong"})
    ours = [r for r in caplog.records if r.name.split(".")[0] in ("cartesia_server", "uvicorn")]
    noted = [r for r in ours if r.message == "request"]
    # The record of a request of the test before may come late.
    assert {("GET", "/voices", 200), ("WEBSOCKET", "/tts/websocket", 101)} <= {
        (r.method, r.path, r.status) for r in noted
    }
    assert all(r.request_id for r in noted)
    for record in ours:
        assert KEY not in str(vars(record))
        assert "sk_wrong" not in str(vars(record))


def test_key_holder_is_served(http):
    answer = http.post("/tts/bytes", json=speech_request(), headers={"X-API-Key": KEY})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tts/bytes/", 200),
        ("/tts/sse/", 200),
        ("/stt/", 400),
        ("/infill/bytes/", 400),
        ("/voice-changer/bytes/", 400),
        ("/v1/audio/speech/", 400),
        ("/datasets/", 501),
        ("/nowhere/", 404),
    ],
)
def test_a_slash_at_the_end_of_a_path_makes_no_difference(http, path, status):
    asked = {"json": speech_request(), "headers": {"X-API-Key": KEY}, "follow_redirects": False}
    assert http.post(path, **asked).status_code == status
    assert http.post(path[:-1], **asked).status_code == status


def test_it_makes_none_to_sockets(server):
    address = server.replace("http", "ws", 1) + f"/tts/websocket/?api_key={KEY}"
    with connect(address) as socket:
        socket.send("{}")
        assert "error" in socket.recv(timeout=60)
