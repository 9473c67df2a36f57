"""The application within another one, under a prefix, and under a server of the user's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from cartesia_server.app import create_app
from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request
from tests.contract.scripted import scripted_engines

pytestmark = pytest.mark.anyio

KEY = {"X-API-Key": "sk_local_7f3a"}


async def home(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("home")


def applications(tmp_path: Any) -> tuple[Starlette, Starlette]:
    """One that speaks, and one around it, as the guide has it."""
    settings = Settings(threads=1, api_keys=tuple(KEY.values()), data_dir=tmp_path)
    speech = create_app(settings, engines=scripted_engines())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[Any]:
        async with speech.router.lifespan_context(speech) as state:
            yield state

    routes = [Route("/home", home), Mount("/speech", speech)]
    return speech, Starlette(routes=routes, lifespan=lifespan)


@asynccontextmanager
async def calling(app: Starlette, state: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application, behind what a server adds to each request."""

    async def server(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    transport = httpx.ASGITransport(server, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://a/speech") as client:
        yield client


@pytest.fixture
async def client(tmp_path):
    _, around = applications(tmp_path)
    async with (
        around.router.lifespan_context(around) as state,
        calling(around, state) as client,
    ):
        yield client


async def test_it_speaks_under_a_prefix(client):
    answer = await client.post("/tts/bytes", json=speech_request(), headers=KEY)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/pcm")
    assert len(answer.content) == 3 * 4800
    assert (await client.get("http://a/home")).text == "home"


@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready", "/openapi.json"])
async def test_what_needs_no_key_needs_none_there(client, path):
    assert (await client.get(path)).status_code == 200


async def test_what_needs_a_key_needs_it_there(client):
    assert (await client.get("/voices")).status_code == 401
    assert (await client.get("/voices/", headers=KEY)).status_code == 200


async def test_a_token_opens_there_what_it_opens_elsewhere(client):
    asked = {"grants": {"tts": True}, "expires_in": 60}
    token = (await client.post("/access-token", json=asked, headers=KEY)).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert (await client.post("/tts/bytes", json=speech_request(), headers=bearer)).is_success
    assert (await client.get("/voices", headers=bearer)).status_code == 403


async def test_errors_look_as_elsewhere(client):
    assert "error" in (await client.get("/v1/nothing", headers=KEY)).json()
    assert (await client.get("/agents", headers=KEY)).status_code == 501
    answer = await client.get("/none", headers={**KEY, "Cartesia-Version": "2026-03-01"})
    assert answer.json()["doc_url"] == "http://a/speech/openapi.json"


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("/host", "http://a/host/speech/openapi.json"),
        ("/two/parts/", "http://a/two/parts/speech/openapi.json"),
        ("", "http://a/speech/openapi.json"),
        ("//b.example", "http://a/speech/openapi.json"),
        ("/?x", "http://a/speech/openapi.json"),
        ("@b.example", "http://a/speech/openapi.json"),
    ],
)
async def test_errors_lead_through_a_proxy_that_took_a_path_away(client, prefix, told):
    headers = {**KEY, "Cartesia-Version": "2026-03-01", "X-Forwarded-Prefix": prefix}
    answer = await client.get("/none", headers=headers)
    assert answer.json()["doc_url"] == told


async def test_without_its_lifespan_the_log_says_what_is_missing(tmp_path, caplog):
    speech, _ = applications(tmp_path)
    async with calling(Starlette(routes=[Mount("/speech", speech)]), {}) as client:
        assert (await client.get("/health/ready")).status_code == 500
    assert "has to run its lifespan" in caplog.text
