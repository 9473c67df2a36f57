"""A tunnel through an HTTP proxy (RFC 9110, CONNECT), without its I/O."""

from __future__ import annotations

import base64
from urllib.parse import unquote, urlsplit

from .api_error import InvalidArgumentError, WebSocketConnectError
from .socket_config import SocketConfig

MAX_ANSWER_BYTES = 64 << 10


class ProxyTunnel:
    """The exchange with a proxy before it passes bytes on.

    Attributes:
        address: Host and port of the proxy.
        request: What to send to it first.
    """

    def __init__(self, config: SocketConfig, proxy: str) -> None:
        parts = urlsplit(proxy)
        if parts.scheme != "http" or not parts.hostname:
            # The address may hold a password.
            raise InvalidArgumentError(
                f"proxy: got an address that begins with {parts.scheme!r}; accepted for WebSockets "
                "is an HTTP proxy: http://host:port or http://user:password@host:port"
            )
        self.address = (parts.hostname, parts.port or 80)
        host, port = config.address
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        head = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if parts.username is not None:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            token = base64.b64encode(user.encode()).decode()
            head.append(f"Proxy-Authorization: Basic {token}")
        self.request = "\r\n".join([*head, "", ""]).encode()
        self._config = config
        self._answer = b""

    def feed(self, data: bytes) -> bool:
        """Take in bytes of the proxy's answer; true once it passes bytes on.

        Raises:
            WebSocketConnectError: It does not.
        """
        self._answer += data
        if not data or len(self._answer) > MAX_ANSWER_BYTES:
            raise self._config.failed("the proxy did not answer as one")
        if b"\r\n\r\n" not in self._answer:
            return False
        version, _, status_line = self._answer.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
        status = status_line[:3]
        if not version.startswith("HTTP/") or not status.isdigit():
            raise self._config.failed("the proxy did not answer as one")
        if not status.startswith("2"):
            raise WebSocketConnectError(
                f"Failed to connect to WebSocket at {self._config.display_url}: the proxy refused "
                f"with {status_line!r}",
                status_code=int(status),
                hint="Check the address of the proxy, and the user and password in it.",
            )
        return True
