"""What is said to a proxy before it passes bytes on; without I/O, each exchange is a generator.

HTTP: RFC 9110, CONNECT. SOCKS 5: RFC 1928 and 1929. SOCKS 4 and 4a have no RFC.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Generator
from typing import NamedTuple, TypeAlias


class ProxyRefusalError(Exception):
    """A proxy does not do as asked; its text goes on where "the proxy ..." begins.

    Attributes:
        status_code: What an HTTP proxy answers.
        hint: What to do about it.
    """

    hint = "Check the address of the proxy, and the user and password in it."

    def __init__(self, text: str, status_code: int | None = None) -> None:
        super().__init__(text)
        self.status_code = status_code


class Want(NamedTuple):
    """What goes to the proxy, and how much of its answer comes next.

    Attributes:
        send: The bytes to send.
        until: How many bytes come, or the bytes that end them.
    """

    send: bytes
    until: int | bytes


Exchange: TypeAlias = Generator[Want, bytes, None]
"""Yields what it wants, is sent the bytes that came, and ends once the proxy passes bytes on."""

_NO_METHOD = 0xFF
_REFUSALS = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time to live expired",
    7: "command not supported",
    8: "kind of address not supported",
}
_ADDRESS_BYTES = {1: 4, 4: 16}
"""Lengths of addresses of versions 4 and 6, by what SOCKS 5 calls them."""
_GRANTED_4 = 90


def http(host: str, port: int, user: str | None, password: str) -> Exchange:
    """Ask an HTTP proxy for a tunnel.

    Args:
        host: Name or address of the server.
        port: Of the server.
        user: For the proxy; None for nobody.
        password: Of the user.

    Raises:
        ProxyRefusalError: There is none.
    """
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    head = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if user is not None:
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        head.append(f"Proxy-Authorization: Basic {token}")
    answer = yield Want("\r\n".join([*head, "", ""]).encode(), b"\r\n\r\n")
    version, _, status_line = answer.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
    status = status_line[:3]
    _check(version.startswith("HTTP/") and status.isdigit())
    if not status.startswith("2"):
        raise ProxyRefusalError(f"refused with {status_line!r}", int(status))


def socks5(host: str, port: int, user: str | None, password: str) -> Exchange:
    """Ask a SOCKS 5 proxy for a connection; if the server has a name, it looks that up.

    Args:
        host: Name or address of the server.
        port: Of the server.
        user: For a proxy that asks who one is; None for nobody.
        password: Of the user.

    Raises:
        ProxyRefusalError: There is none.
    """
    methods = b"\0" if user is None else b"\0\2"
    version, method = yield Want(b"\5" + _counted(methods), 2)
    _check(version == 5)
    if method == _NO_METHOD:
        raise ProxyRefusalError("asks for a user and password, or for others")
    if method == 2 and user is not None:
        names = _counted(user.encode()) + _counted(password.encode())
        _, status = yield Want(b"\1" + names, 2)
        if status:
            raise ProxyRefusalError("refused the user or the password")
    else:
        _check(method == 0)
    version, reply, _, kind = yield Want(b"\5\1\0" + _address(host) + port.to_bytes(2, "big"), 4)
    _check(version == 5)
    if reply:
        raise ProxyRefusalError(f"refused: {_REFUSALS.get(reply, f'code {reply}')}")
    if kind == 3:
        (length,) = yield Want(b"", 1)
    else:
        _check(kind in _ADDRESS_BYTES)
        length = _ADDRESS_BYTES[kind]
    yield Want(b"", length + 2)


def socks4(host: str, port: int, user: str | None) -> Exchange:
    """Ask a SOCKS 4 proxy for a connection.

    Args:
        host: IPv4 address of the server, or, if the proxy knows SOCKS 4a, its name.
        port: Of the server.
        user: Who asks; None for nobody.

    Raises:
        ProxyRefusalError: There is none.
    """
    try:
        address, name = ipaddress.IPv4Address(host).packed, b""
    except ValueError:
        address, name = b"\0\0\0\1", _ascii(host) + b"\0"
    asked = b"\4\1" + port.to_bytes(2, "big") + address + (user or "").encode() + b"\0" + name
    zero, reply, *_ = yield Want(asked, 8)
    _check(zero == 0)
    if reply != _GRANTED_4:
        raise ProxyRefusalError(f"refused: code {reply}")


def _address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return b"\3" + _counted(_ascii(host))
    return (b"\1" if address.version == 4 else b"\4") + address.packed


def _ascii(host: str) -> bytes:
    try:
        return host.encode("idna")
    except UnicodeError as error:
        raise ProxyRefusalError(f"cannot be told of a host named {host!r}") from error


def _counted(text: bytes) -> bytes:
    if len(text) > 255:
        raise ProxyRefusalError("takes no name, user or password of more than 255 bytes")
    return bytes([len(text)]) + text


def _check(right: bool) -> None:
    if not right:
        raise ProxyRefusalError("did not answer as one")
