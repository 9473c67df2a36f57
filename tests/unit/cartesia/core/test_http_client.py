from __future__ import annotations

import ssl
from typing import Any

import httpcore
import pytest

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiTimeoutError,
    InvalidArgumentError,
)
from cartesia.core.client_config import ClientConfig, Timeouts
from cartesia.core.http_client import AsyncHttpClient, HttpClient, get_request_body
from cartesia.core.outgoing import Outgoing
from cartesia.core.socks_backend import SocksBackend

OUTGOING = Outgoing(
    "POST",
    "http://user@host:81/a?b=1",
    {"Accept": "x"},
    b"body",
    Timeouts(1, 2, 3, 4),
    repeatable=True,
)


class FakePool:
    """Stands where httpcore's pool does."""

    made: list[FakePool]

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments
        self.requests: list[httpcore.Request] = []
        self.closed = False
        self.outcome: Any = httpcore.Response(200, headers=[("X-A", "1")], content=b"answer")
        FakePool.made.append(self)

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        self.requests.append(request)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        assert isinstance(self.outcome, httpcore.Response)
        return self.outcome

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        return self.handle_request(request)

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def pools(monkeypatch: pytest.MonkeyPatch) -> list[FakePool]:
    FakePool.made = []
    monkeypatch.setattr(httpcore, "ConnectionPool", FakePool)
    monkeypatch.setattr(httpcore, "AsyncConnectionPool", FakePool)
    return FakePool.made


def test_a_request_goes_out_with_what_http_needs(pools: list[FakePool]) -> None:
    reply = HttpClient(ClientConfig("http://host")).send(OUTGOING)
    (request,) = pools[0].requests
    headers = {name.lower(): value for name, value in request.headers}
    assert (request.method, request.url.target) == (b"POST", b"/a?b=1")
    assert headers[b"host"] == b"host:81"
    assert headers[b"content-length"] == b"4"
    assert headers[b"accept-encoding"] == b"identity"
    assert headers[b"user-agent"].startswith(b"cartesia-python/")
    assert headers[b"accept"] == b"x"
    assert request.extensions["timeout"] == {"connect": 1, "read": 2, "write": 3, "pool": 4}
    assert (reply.status_code, reply.headers) == (200, {"x-a": "1"})
    assert b"".join(reply.pieces) == b"answer"


def test_a_request_without_body_says_nothing_of_its_length(pools: list[FakePool]) -> None:
    HttpClient(ClientConfig("http://host")).send(OUTGOING._replace(method="GET", content=b""))
    assert b"content-length" not in {name.lower() for name, _ in pools[0].requests[0].headers}


@pytest.mark.anyio
async def test_the_asynchronous_client_does_the_same(pools: list[FakePool]) -> None:
    client = AsyncHttpClient(ClientConfig("http://host"))
    reply = await client.send(OUTGOING)
    assert [piece async for piece in reply.pieces] == [b"answer"]
    await client.aclose()
    assert pools[0].closed
    pools[0].closed = False
    await client.send(OUTGOING)
    assert len(pools) == 2


@pytest.mark.parametrize(
    ("error", "kind", "arrived"),
    [
        (httpcore.ConnectError("no"), ApiConnectionError, False),
        (httpcore.ConnectTimeout("slow"), ApiTimeoutError, False),
        (httpcore.PoolTimeout("full"), ApiTimeoutError, False),
        (httpcore.ProxyError("407"), ApiConnectionError, False),
        (httpcore.ReadTimeout("slow"), ApiTimeoutError, True),
        (httpcore.WriteTimeout("slow"), ApiTimeoutError, True),
        (httpcore.ReadError("reset"), ApiConnectionError, True),
        (httpcore.RemoteProtocolError("what"), ApiConnectionError, True),
        (OSError("strange"), ApiConnectionError, True),
    ],
)
@pytest.mark.anyio
async def test_every_failure_is_an_error_of_ours(
    pools: list[FakePool], error: Exception, kind: type[Exception], arrived: bool
) -> None:
    config = ClientConfig("http://h")
    client = HttpClient(config)
    async_client = AsyncHttpClient(config)
    client.send(OUTGOING)
    await async_client.send(OUTGOING)
    for pool in pools:
        pool.outcome = error
    with pytest.raises(ApiConnectionError) as caught:
        client.send(OUTGOING)
    with pytest.raises(ApiConnectionError) as caught_async:
        await async_client.send(OUTGOING)
    for raised in (caught.value, caught_async.value):
        assert type(raised) is kind
        assert raised.__cause__ is error
        assert raised.may_have_arrived is arrived


def test_connections_are_kept_and_authorities_are_read_only_for_tls(
    pools: list[FakePool], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def read_authorities() -> ssl.SSLContext:
        read.append(1)
        return context

    monkeypatch.setattr(httpcore, "default_ssl_context", read_authorities)
    client = HttpClient(ClientConfig("http://host"))
    client.send(OUTGOING)
    client.send(OUTGOING)
    assert len(pools) == 1
    assert read == []
    secure = OUTGOING._replace(url="https://host/")
    client.send(secure)
    client.close()
    assert [pool.closed for pool in pools] == [True, True]
    client.send(secure)
    assert len(pools) == 3
    assert read == [1]
    assert pools[2].arguments["ssl_context"] is context


def test_tls_settings_are_those_given(pools: list[FakePool]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    HttpClient(ClientConfig("https://h", ssl=context)).send(OUTGOING._replace(url="https://h/"))
    assert pools[0].arguments["ssl_context"] is context


@pytest.mark.parametrize(
    ("address", "auth"),
    [
        ("http://proxy:3128", None),
        ("https://us%40er:p%3Aw@proxy:3128", b"us@er:p:w"),
        ("http://user@proxy", b"user:"),
    ],
)
def test_a_proxy_is_used(pools: list[FakePool], address: str, auth: bytes | None) -> None:
    from base64 import b64encode

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    HttpClient(ClientConfig("http://h", proxy=address, ssl=context)).send(OUTGOING)
    proxy = pools[0].arguments["proxy"]
    assert proxy.url.host == b"proxy"
    expected = [(b"Proxy-Authorization", b"Basic " + b64encode(auth))] if auth else []
    assert proxy.headers == expected


def test_the_environment_names_a_proxy(
    pools: list[FakePool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartesia.core.http_client.proxy_for", lambda _: "http://of-env:1")
    HttpClient(ClientConfig("http://h")).send(OUTGOING)
    assert pools[0].arguments["proxy"].url.host == b"of-env"


@pytest.mark.parametrize("address", ["proxy:3128", "ftp://proxy", "http://", "socks6://proxy"])
def test_a_proxy_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidArgumentError, match="proxy: got"):
        HttpClient(ClientConfig("http://h", proxy=address)).send(OUTGOING)


def test_socks_is_spoken_below_the_pool(pools: list[FakePool]) -> None:
    HttpClient(ClientConfig("http://h", proxy="socks5://u:pw@proxy:1")).send(OUTGOING)
    assert isinstance(pools[0].arguments["network_backend"], SocksBackend)
    assert "proxy" not in pools[0].arguments


def test_body_parameters_are_added_as_in_2x() -> None:
    def body(json: Any, data: Any, **added: Any) -> Any:
        options: Any = {"additional_body_parameters": added} if added else None
        return get_request_body(json=json, data=data, request_options=options)

    assert body({"a": 1, "b": ...}, None) == ({"a": 1}, None)
    assert body({"a": 1}, None, b=2) == ({"a": 1, "b": 2}, None)
    assert body(None, {"a": 1}, b=2) == (None, {"a": 1, "b": 2})
    assert body(None, None, b=2) == ({"b": 2}, None)
    assert body(None, None) == (None, None)
    assert body([1], None) == ([1], None)
