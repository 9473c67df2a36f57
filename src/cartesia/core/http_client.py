"""HTTP over httpcore, the engine below httpx.

httpx itself is used where the caller hands in a client of its own. Importing it takes longer than
all else that a first call does, and what it adds to httpcore is done here in other ways: bodies
are kept for retries, and redirects do not carry the key to other servers.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import httpcore

from cartesia.version import __version__

from .api_error import ApiConnectionError, InvalidArgumentError
from .backend import PIECE_BYTES, AsyncBody, AsyncReply, Body, Reply, failure, server_of
from .client_config import ClientConfig, merge_headers
from .endpoint import OMIT
from .http_network import Network
from .outgoing import Outgoing
from .proxies import proxy_for
from .request_options import RequestOptions
from .socks_backend import AsyncSocksBackend, SocksBackend

MAX_CONNECTIONS = 1000
MAX_IDLE_CONNECTIONS = 100
IDLE_SECONDS = 30.0

# They share no base class.
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    OSError,
)
_NOT_CONNECTED = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
)

Pool = TypeVar("Pool")


class HttpClient:
    """Sends requests over connections that it keeps for later ones. Threads may share it.

    Args:
        config: TLS and proxy settings.
    """

    def __init__(self, config: ClientConfig) -> None:
        self._pools = _Pools(config, httpcore.ConnectionPool, Network, SocksBackend)

    def send(self, outgoing: Outgoing) -> Reply:
        """Send a request and read the head of its answer.

        Raises:
            ApiConnectionError: No answer came.
        """
        pool = self._pools.pool_for(outgoing.url)
        try:
            return _HttpcoreReply(outgoing, pool.handle_request(_request(outgoing, Body)))
        except _FAILURES as error:
            raise _translate(error, outgoing) from error

    def close(self) -> None:
        """Close all connections; a later `send` opens new ones."""
        for pool in self._pools.take_all():
            pool.close()


class AsyncHttpClient:
    """Sends requests over connections that it keeps for later ones, in one event loop.

    Args:
        config: TLS and proxy settings.
    """

    def __init__(self, config: ClientConfig) -> None:
        self._pools = _Pools(
            config, httpcore.AsyncConnectionPool, httpcore.AnyIOBackend, AsyncSocksBackend
        )

    async def send(self, outgoing: Outgoing) -> AsyncReply:
        """Send a request and read the head of its answer.

        Raises:
            ApiConnectionError: No answer came.
        """
        pool = self._pools.pool_for(outgoing.url)
        try:
            response = await pool.handle_async_request(_request(outgoing, AsyncBody))
        except _FAILURES as error:
            raise _translate(error, outgoing) from error
        return _AsyncHttpcoreReply(outgoing, response)

    async def aclose(self) -> None:
        """Close all connections; a later `send` opens new ones."""
        for pool in self._pools.take_all():
            await pool.aclose()


def get_request_body(
    *,
    json: Any | None,
    data: Any | None,
    request_options: RequestOptions | None,
    omit: Any | None = OMIT,
) -> tuple[Any | None, Any | None]:
    """Add the body parameters of a call to its JSON body, or to its form if it has only that.

    Returns:
        The JSON body and the form; one of them is None.
    """
    added = (request_options or {}).get("additional_body_parameters") or {}
    fields = data if json is None and data is not None else json
    if isinstance(fields, Mapping) or (fields is None and added):
        fields = {k: v for k, v in {**(fields or {}), **added}.items() if v is not omit}
    return (None, fields) if json is None and data is not None else (fields, None)


class _HttpcoreReply:
    def __init__(self, outgoing: Outgoing, response: httpcore.Response) -> None:
        self.status_code = response.status
        self.headers = _headers(response)
        self.pieces = self._read(outgoing)
        self._response = response

    def _read(self, outgoing: Outgoing) -> Iterator[bytes]:
        try:
            yield from self._response.iter_stream()
        except _FAILURES as error:
            raise _translate(error, outgoing, self.headers) from error
        self._response.close()

    def close(self) -> None:
        self._response.close()

    def abandon(self) -> None:
        self._response.extensions["network_stream"].close()


class _AsyncHttpcoreReply:
    def __init__(self, outgoing: Outgoing, response: httpcore.Response) -> None:
        self.status_code = response.status
        self.headers = _headers(response)
        self.pieces = self._read(outgoing)
        self._response = response

    async def _read(self, outgoing: Outgoing) -> AsyncIterator[bytes]:
        try:
            async for piece in self._response.aiter_stream():
                yield piece
        except _FAILURES as error:
            raise _translate(error, outgoing, self.headers) from error
        await self._response.aclose()

    async def aclose(self) -> None:
        await self._response.aclose()


class _Pools(Generic[Pool]):
    """The connection pools of a client: for each proxy one, with and without TLS."""

    def __init__(
        self,
        config: ClientConfig,
        make: Callable[..., Pool],
        network: Callable[[], Any],
        socks: Callable[[str], Any],
    ) -> None:
        self._config = config
        self._make = make
        self._network = network
        self._socks = socks
        self._lock = threading.Lock()
        self._pools: dict[tuple[str | None, bool], Pool] = {}

    def pool_for(self, url: str) -> Pool:
        proxy = self._config.proxy or proxy_for(url)
        secure = url.startswith("https:")
        with self._lock:
            if (proxy, secure) not in self._pools:
                self._pools[proxy, secure] = self._new(proxy, secure)
            return self._pools[proxy, secure]

    def take_all(self) -> list[Pool]:
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        return pools

    def _new(self, proxy: str | None, secure: bool) -> Pool:
        return self._make(
            ssl_context=self._config.tls if secure else None,
            **self._way(proxy),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
        )

    def _way(self, proxy: str | None) -> dict[str, Any]:
        """How a pool is told what makes its connections, and of a proxy."""
        if proxy is not None and urlsplit(proxy).scheme.startswith("socks"):
            return {"network_backend": self._socks(proxy)}
        return {
            "network_backend": self._network(),
            "proxy": None if proxy is None else _proxy(proxy, self._config),
        }


def _proxy(address: str, config: ClientConfig) -> httpcore.Proxy:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidArgumentError(
            f"proxy: got {server_of(address)!r}; accepted is an address such as "
            "http://proxy.example.com:8080 or socks5://127.0.0.1:1080"
        )
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore.Proxy(
        server_of(address), auth=auth, ssl_context=config.tls if parts.scheme == "https" else None
    )


def _request(outgoing: Outgoing, body: Callable[[bytes], Body | AsyncBody]) -> httpcore.Request:
    own = {
        "Host": urlsplit(outgoing.url).netloc.rpartition("@")[2],
        "User-Agent": f"cartesia-python/{__version__}",
        "Accept-Encoding": "identity",
    }
    if outgoing.content or outgoing.method not in ("GET", "HEAD", "DELETE"):
        own["Content-Length"] = str(len(outgoing.content))
    content, timeout = outgoing.content, outgoing.timeout
    return httpcore.Request(
        outgoing.method,
        outgoing.url,
        headers=list(merge_headers(own, outgoing.headers).items()),
        content=content if len(content) <= PIECE_BYTES else body(content),
        extensions={"timeout": {} if timeout is None else timeout._asdict()},
    )


def _headers(response: httpcore.Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }


def _translate(
    error: Exception, outgoing: Outgoing, headers: Mapping[str, str] | None = None
) -> ApiConnectionError:
    return failure(
        outgoing,
        error,
        connected=not isinstance(error, _NOT_CONNECTED),
        timed_out=isinstance(error, httpcore.TimeoutException),
        headers=headers,
    )
