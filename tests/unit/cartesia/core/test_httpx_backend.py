from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiError,
    ApiResponseError,
    ApiTimeoutError,
    InvalidArgumentError,
)
from cartesia.core.client_config import Timeouts
from cartesia.core.httpx_backend import AsyncHttpxBackend, HttpxBackend
from cartesia.core.outgoing import Outgoing

OUTGOING = Outgoing(
    "POST", "http://host/a?b=1", {"X-Mine": "1"}, b"body", timeout=Timeouts.of(5), repeatable=True
)
Handler = Callable[[httpx.Request], httpx.Response]


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that may break off."""

    def __init__(self, *pieces: bytes, error: Exception | None = None) -> None:
        self.pieces = pieces
        self.error = error
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.error:
            raise self.error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def backends(handler: Handler, **settings: Any) -> tuple[HttpxBackend, AsyncHttpxBackend]:
    transport = httpx.MockTransport(handler)
    return (
        HttpxBackend(httpx.Client(transport=transport, **settings)),
        AsyncHttpxBackend(httpx.AsyncClient(transport=transport, **settings)),
    )


pytestmark = pytest.mark.anyio


async def test_the_clients_own_settings_are_kept() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, headers={"X-A": "1"}, content=b"answer")

    sync, asynchronous = backends(handler, headers={"X-Theirs": "2"}, timeout=7)
    unlimited = OUTGOING._replace(timeout=None, content=b"", method="GET")
    for outgoing in (OUTGOING, unlimited):
        reply = sync.send(outgoing)
        assert (reply.status_code, reply.headers["x-a"]) == (200, "1")
        assert b"".join(reply.pieces) == b"answer"
        again = await asynchronous.send(outgoing)
        assert b"".join([piece async for piece in again.pieces]) == b"answer"
        await again.aclose()
    for request in seen:
        assert (request.headers["x-mine"], request.headers["x-theirs"]) == ("1", "2")
        assert str(request.url) == "http://host/a?b=1"
    assert [request.extensions["timeout"]["read"] for request in seen] == [5, 5, 7, 7]
    assert [request.content for request in seen] == [b"body", b"body", b"", b""]
    sync.close()
    await asynchronous.aclose()


async def test_redirects_are_left_to_us() -> None:
    sync, asynchronous = backends(
        lambda _: httpx.Response(302, headers={"Location": "/b"}), follow_redirects=True
    )
    assert sync.send(OUTGOING).status_code == 302
    assert (await asynchronous.send(OUTGOING)).status_code == 302


@pytest.mark.parametrize(
    ("error", "kind", "arrived"),
    [
        (httpx.ConnectError("no"), ApiConnectionError, False),
        (httpx.ConnectTimeout("slow"), ApiTimeoutError, False),
        (httpx.PoolTimeout("full"), ApiTimeoutError, False),
        (httpx.ProxyError("407"), ApiConnectionError, False),
        (httpx.ReadTimeout("slow"), ApiTimeoutError, True),
        (httpx.ReadError("reset"), ApiConnectionError, True),
        (httpx.RemoteProtocolError("what"), ApiConnectionError, True),
        (httpx.UnsupportedProtocol("ftp"), InvalidArgumentError, None),
        (httpx.InvalidURL("bad"), InvalidArgumentError, None),
        (httpx.DecodingError("gzip"), ApiResponseError, None),
    ],
)
async def test_every_failure_is_an_error_of_ours(
    error: Exception, kind: type[ApiError], arrived: bool | None
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    sync, asynchronous = backends(fail)
    with pytest.raises(ApiError) as caught:
        sync.send(OUTGOING)
    with pytest.raises(ApiError) as caught_async:
        await asynchronous.send(OUTGOING)
    for raised in (caught.value, caught_async.value):
        assert type(raised) is kind
        assert raised.__cause__ is error
        assert getattr(raised, "may_have_arrived", None) is arrived


async def test_a_closed_client_is_refused() -> None:
    with httpx.Client() as client:
        pass
    with pytest.raises(InvalidArgumentError, match="is closed"):
        HttpxBackend(client).send(OUTGOING)
    async with httpx.AsyncClient() as async_client:
        pass
    with pytest.raises(InvalidArgumentError, match="is closed"):
        await AsyncHttpxBackend(async_client).send(OUTGOING)


async def test_a_body_that_breaks_off_is_an_error_of_ours() -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Body(b"a", error=httpx.ReadError("reset")))

    sync, asynchronous = backends(handler)
    reply = sync.send(OUTGOING)
    assert next(reply.pieces) == b"a"
    with pytest.raises(ApiConnectionError):
        next(reply.pieces)
    again = await asynchronous.send(OUTGOING)
    assert await anext(again.pieces) == b"a"
    with pytest.raises(ApiConnectionError):
        await anext(again.pieces)


def test_an_abandoned_answer_is_cut_where_that_harms_no_other() -> None:
    cut = []

    class Stream:
        def close(self) -> None:
            cut.append(1)

    def send(extensions: dict[str, Any]) -> tuple[Any, Body]:
        body = Body(b"a")
        sync, _ = backends(lambda _: httpx.Response(200, stream=body, extensions=extensions))
        return sync.send(OUTGOING), body

    reply, body = send({"http_version": b"HTTP/1.1", "network_stream": Stream()})
    reply.abandon()
    assert len(cut) == 1
    states = [body.closed]
    reply.close()
    assert [*states, body.closed] == [False, True]
    send({"http_version": b"HTTP/1.1"})[0].abandon()
    send({"http_version": b"HTTP/2", "network_stream": Stream()})[0].abandon()
    assert len(cut) == 1
