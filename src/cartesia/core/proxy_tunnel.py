"""The way through a proxy, without its I/O."""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

from .api_error import InvalidArgumentError
from .proxy_exchange import Exchange, ProxyRefusalError, http, socks4, socks5

MAX_ANSWER_BYTES = 64 << 10

_PORTS = {
    "http": 80,
    "https": 443,
    "socks4": 1080,
    "socks4a": 1080,
    "socks5": 1080,
    "socks5h": 1080,
}


class ProxyTunnel:
    """The exchange with a proxy before it passes bytes on.

    Attributes:
        address: Host and port of the proxy.
        secure: Whether TLS is spoken with the proxy itself.
        wants_address: Whether it cannot look up names, and `start` is to be given an IPv4 address.
        passed: Whether it passes bytes on.

    Raises:
        InvalidArgumentError: The proxy is of a kind that is not known.
    """

    def __init__(self, proxy: str) -> None:
        parts = urlsplit(proxy)
        self.address = _address(parts)
        self.secure = parts.scheme == "https"
        self.wants_address = parts.scheme == "socks4"
        self.passed = False
        self._scheme = parts.scheme
        self._user = None if parts.username is None else unquote(parts.username)
        self._password = unquote(parts.password or "")
        self._answer = bytearray()
        self._until: int | bytes = 0

    def start(self, host: str, port: int) -> bytes:
        """Begin.

        Args:
            host: Name of the server, or its address where the proxy wants that.
            port: Of the server.

        Returns:
            What to send to the proxy.

        Raises:
            ProxyRefusalError: The name cannot be told to the proxy.
        """
        self._exchange = self._talk(host, port)
        return self._go_on(None)

    def feed(self, data: bytes) -> bytes:
        """Take in bytes of the proxy's answer, and give what to send to it next.

        Raises:
            ProxyRefusalError: It does not pass bytes on.
        """
        self._answer += data
        if not data or len(self._answer) > MAX_ANSWER_BYTES:
            raise ProxyRefusalError("did not answer as one")
        sent = b""
        while not self.passed and (end := self._end_of_answer()):
            answer = bytes(self._answer[:end])
            del self._answer[:end]
            sent += self._go_on(answer)
        return sent

    def _talk(self, host: str, port: int) -> Exchange:
        if self._scheme in ("http", "https"):
            return http(host, port, self._user, self._password)
        if self._scheme in ("socks4", "socks4a"):
            return socks4(host, port, self._user)
        return socks5(host, port, self._user, self._password)

    def _end_of_answer(self) -> int:
        """How long the answer is that the exchange waits for; 0 if it has not all come."""
        if isinstance(self._until, int):
            return self._until if len(self._answer) >= self._until else 0
        return (
            self._answer.find(self._until) + len(self._until) if self._until in self._answer else 0
        )

    def _go_on(self, answer: bytes | None) -> bytes:
        try:
            want = next(self._exchange) if answer is None else self._exchange.send(answer)
        except StopIteration:
            self.passed = True
            return b""
        self._until = want.until
        return want.send


def _address(parts: SplitResult) -> tuple[str, int]:
    """Host and port of a proxy.

    Raises:
        InvalidArgumentError: The proxy is of a kind that is not known.
    """
    try:
        if parts.scheme in _PORTS and parts.hostname:
            return parts.hostname, parts.port or _PORTS[parts.scheme]
    except ValueError:  # the port is no number
        pass
    # The address may hold a password.
    raise InvalidArgumentError(
        f"proxy: got an address that begins with {parts.scheme!r}; accepted are "
        "scheme://host:port and scheme://user:password@host:port, where the scheme is "
        f"{', '.join(_PORTS)}"
    )
