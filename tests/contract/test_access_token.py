"""Tokens for browsers: what they open, on both surfaces of our library and as others send them."""

import json
import time

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import ApiError
from cartesia_server.settings import Settings
from cartesia_server.tokens import AccessTokens
from tests.contract.conftest import speech_request

pytestmark = pytest.mark.anyio

KEY = "sk_local_51c2"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(threads=1, api_keys=(KEY,), data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture
def client(server):
    with Cartesia(api_key=KEY, base_url=server) as client:
        yield client


def spoken(http, token, **query):
    headers = {} if query else {"Authorization": f"Bearer {token}"}
    return http.post("/tts/bytes", json=speech_request(), headers=headers, params=query)


def socket_url(server, token):
    query = f"cartesia_version=2024-11-13&access_token={token}"
    return f"{server.replace('http', 'ws')}/tts/websocket?{query}"


def test_a_token_speaks_wherever_it_is_sent(client, http, server):
    token = client.auth.access_token(grants={"tts": True}, expires_in=60).token
    assert KEY not in token
    assert spoken(http, token).status_code == 200
    assert spoken(http, token, access_token=token).status_code == 200
    with connect(socket_url(server, token)) as socket:
        socket.send(json.dumps({**speech_request(), "context_id": "a"}))
        assert json.loads(socket.recv(timeout=120))["type"] == "chunk"


async def test_a_token_async(server, http):
    async with AsyncCartesia(api_key=KEY, base_url=server) as client:
        answer = await client.auth.access_token(grants={"tts": True, "stt": False}, expires_in=3600)
    assert answer.token not in repr(answer)
    assert spoken(http, answer.token).status_code == 200


def test_a_token_does_what_it_permits(client, http, server):
    token = client.auth.access_token(grants={"stt": True}, expires_in=60).token
    refused = spoken(http, token)
    assert (refused.status_code, refused.text) == (
        403,
        "Forbidden: this access token permits stt; this path needs tts",
    )
    with pytest.raises(InvalidStatus) as closed, connect(socket_url(server, token)):
        pass
    assert closed.value.response.status_code == 403
    for method, path in [("GET", "/voices"), ("POST", "/access-token")]:
        answer = http.request(method, path, json={}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403


def test_an_expired_token_is_turned_away(http):
    token = AccessTokens((KEY,)).issue(["tts"], expires_at=time.time() - 1)
    answer = spoken(http, token)
    assert answer.status_code == 401
    assert answer.text.startswith("Unauthorized: this access token has expired")


@pytest.mark.parametrize("slash", ["", "/"])
def test_what_is_left_out_has_a_default(http, slash):
    answer = http.post(f"/access-token{slash}", json={}, headers={"X-API-Key": KEY})
    assert answer.headers["cache-control"] == "no-store"
    assert spoken(http, answer.json()["token"]).status_code == 200


@pytest.mark.parametrize("seconds", [0, -5, 3601])
def test_a_token_lasts_an_hour_at_most(client, seconds):
    with pytest.raises(ApiError) as refusal:
        client.auth.access_token(grants={"tts": True}, expires_in=seconds)
    assert refusal.value.status_code == 400
    assert f"expires_in: got {seconds}, accepted: 1 to 3600 seconds" in str(refusal.value.body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"grants": {"tts": "perhaps"}}, "grants.tts: got 'perhaps', accepted: "),
        ({"grants": "tts"}, "grants: got 'tts', accepted: "),
        ({"expires_in": "soon"}, "expires_in: got 'soon', accepted: "),
    ],
)
def test_bad_requests_name_the_field(http, body, said):
    answer = http.post("/access-token", json=body, headers={"X-API-Key": KEY})
    assert answer.status_code == 400
    assert answer.text.startswith(f"Invalid request: {said}")


def test_nobody_gets_a_token_without_a_key(server):
    assert httpx.post(f"{server}/access-token", json={}).status_code == 401
