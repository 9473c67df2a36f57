"""HTTP through SOCKS proxies: network connections that begin with the exchange with a proxy."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import httpcore

from .http_network import Network
from .proxy_exchange import ProxyRefusalError
from .proxy_tunnel import ProxyTunnel

READ_BYTES = 4096


class SocksBackend(httpcore.NetworkBackend):
    """Connects to servers through a proxy.

    Args:
        proxy: Its address.

    Raises:
        InvalidArgumentError: It is of a kind that is not known.
    """

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy
        self._network = Network()
        ProxyTunnel(proxy)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a server; `timeout` is that of each step."""
        tunnel = ProxyTunnel(self._proxy)
        stream = self._network.connect_tcp(*tunnel.address, timeout, local_address, socket_options)
        try:
            if tunnel.wants_address:
                host = _first(socket.getaddrinfo(host, port, socket.AF_INET))
            stream.write(tunnel.start(host, port), timeout)
            while not tunnel.passed:
                stream.write(tunnel.feed(stream.read(READ_BYTES, timeout)), timeout)
        except BaseException as error:
            stream.close()
            if isinstance(error, (ProxyRefusalError, OSError)):
                raise _translated(error) from error
            raise
        return stream


class AsyncSocksBackend(httpcore.AsyncNetworkBackend):
    """`SocksBackend` for tasks."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy
        self._network = httpcore.AnyIOBackend()
        ProxyTunnel(proxy)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a server; `timeout` is that of each step."""
        import anyio

        tunnel = ProxyTunnel(self._proxy)
        stream = await self._network.connect_tcp(
            *tunnel.address, timeout, local_address, socket_options
        )
        try:
            if tunnel.wants_address:
                host = _first(await anyio.getaddrinfo(host, port, family=socket.AF_INET))
            await stream.write(tunnel.start(host, port), timeout)
            while not tunnel.passed:
                answer = tunnel.feed(await stream.read(READ_BYTES, timeout))
                await stream.write(answer, timeout)
        except BaseException as error:
            await stream.aclose()
            if isinstance(error, (ProxyRefusalError, OSError)):
                raise _translated(error) from error
            raise
        return stream


def _first(found: Iterable[Any]) -> str:
    return str(next(iter(found))[4][0])


def _translated(error: ProxyRefusalError | OSError) -> httpcore.NetworkError | httpcore.ProxyError:
    if isinstance(error, ProxyRefusalError):
        return httpcore.ProxyError(f"the proxy {error}")
    return httpcore.ConnectError(str(error))
