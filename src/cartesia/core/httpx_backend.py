"""HTTP over an httpx client that the caller made: its transports, proxies, TLS and timeout."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import httpx

from .api_error import ApiError, ApiResponseError, InvalidArgumentError
from .backend import PIECE_BYTES, AsyncBody, AsyncReply, Body, Reply, failure
from .outgoing import Outgoing

_FAILURES = (httpx.RequestError, httpx.InvalidURL)
_NOT_CONNECTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class HttpxBackend:
    """Sends requests with an `httpx.Client`, which stays its maker's to close."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def send(self, outgoing: Outgoing) -> Reply:
        """Send a request and read the head of its answer."""
        _check_open(self._client)
        try:
            request = self._client.build_request(**_arguments(outgoing, Body))
            response = self._client.send(request, stream=True, follow_redirects=False)
        except _FAILURES as error:
            raise _translate(error, outgoing) from error
        return _HttpxReply(outgoing, response)

    def close(self) -> None:
        """Leave the client as it is."""


class AsyncHttpxBackend:
    """Sends requests with an `httpx.AsyncClient`, which stays its maker's to close."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send(self, outgoing: Outgoing) -> AsyncReply:
        """Send a request and read the head of its answer."""
        _check_open(self._client)
        try:
            request = self._client.build_request(**_arguments(outgoing, AsyncBody))
            response = await self._client.send(request, stream=True, follow_redirects=False)
        except _FAILURES as error:
            raise _translate(error, outgoing) from error
        return _AsyncHttpxReply(outgoing, response)

    async def aclose(self) -> None:
        """Leave the client as it is."""


class _HttpxReply:
    def __init__(self, outgoing: Outgoing, response: httpx.Response) -> None:
        self.status_code = response.status_code
        self.headers = dict(response.headers)
        self.pieces = self._read(outgoing)
        self._response = response

    def _read(self, outgoing: Outgoing) -> Iterator[bytes]:
        try:
            yield from self._response.iter_bytes()
        except _FAILURES as error:
            raise _translate(error, outgoing, self.headers) from error

    def close(self) -> None:
        self._response.close()

    def abandon(self) -> None:
        # A connection of HTTP/2 carries other answers too.
        if self._response.http_version.startswith("HTTP/1"):
            stream = self._response.extensions.get("network_stream")
            if stream is not None:
                stream.close()


class _AsyncHttpxReply:
    def __init__(self, outgoing: Outgoing, response: httpx.Response) -> None:
        self.status_code = response.status_code
        self.headers = dict(response.headers)
        self.pieces = self._read(outgoing)
        self._response = response

    async def _read(self, outgoing: Outgoing) -> AsyncIterator[bytes]:
        try:
            async for piece in self._response.aiter_bytes():
                yield piece
        except _FAILURES as error:
            raise _translate(error, outgoing, self.headers) from error

    async def aclose(self) -> None:
        await self._response.aclose()


def _check_open(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise InvalidArgumentError("httpx_client: got one that is closed; accepted is an open one")


def _arguments(outgoing: Outgoing, body: Callable[[bytes], Body | AsyncBody]) -> dict[str, Any]:
    content, headers = outgoing.content, dict(outgoing.headers)
    if len(content) > PIECE_BYTES:
        headers["Content-Length"] = str(len(content))
    timeout = {} if outgoing.timeout is None else {"timeout": outgoing.timeout}
    return {
        "method": outgoing.method,
        "url": outgoing.url,
        "headers": headers,
        "content": body(content) if len(content) > PIECE_BYTES else content or None,
        **timeout,
    }


def _translate(
    error: Exception, outgoing: Outgoing, headers: Mapping[str, str] | None = None
) -> ApiError:
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)):
        return InvalidArgumentError(f"The request cannot be sent: {error}")
    if isinstance(error, httpx.DecodingError):
        return ApiResponseError(f"The answer cannot be decompressed: {error}", headers=headers)
    return failure(
        outgoing,
        error,
        connected=not isinstance(error, _NOT_CONNECTED),
        timed_out=isinstance(error, httpx.TimeoutException),
        headers=headers,
    )
