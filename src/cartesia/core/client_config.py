"""The settings of one client, as given or found, for HTTP and for WebSockets alike."""

from __future__ import annotations

import math
import os
import re
import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlencode, urlsplit, urlunsplit

from .api_error import InvalidArgumentError
from .query_encoder import encode_query

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

DEFAULT_API_VERSION = "2024-11-13"
LONGEST_WAIT = 1e6
"""Eleven days, in seconds: stands for no limit. What is much more, systems do not count."""
DEFAULT_MAX_RETRIES = 2

_HTTP_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_WS_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class Timeouts(NamedTuple):
    """How long the phases of an HTTP call may take, in seconds; `httpx.Timeout` has the same.

    Attributes:
        connect: Connecting.
        read: Waiting for the next bytes.
        write: Getting rid of the next bytes.
        pool: Waiting for a connection that is free.
    """

    connect: float
    read: float
    write: float
    pool: float

    @classmethod
    def of(cls, seconds: float) -> Timeouts:
        """The same for all of them."""
        return cls(seconds, seconds, seconds, seconds)


DEFAULT_TIMEOUT = Timeouts.of(60.0)


@dataclass(frozen=True, eq=False)
class ClientConfig:
    """What a client knows about its server and about how to talk to it.

    Attributes:
        base_url: `http` or `https` address, with a path prefix if any, without a final slash.
            What stood in it for user and password is in `headers`.
        api_key: Key for the header `X-API-Key`; None sends none.
        api_version: Value of the header `Cartesia-Version`.
        headers: Further headers of every request; they win over the library's own.
        timeout: How long connecting, or waiting for the next bytes, may take.
        max_retries: How often a failed request is repeated.
        websocket_base_url: `ws` or `wss` address where it is not that of `base_url`.
        ssl: TLS settings, as given; `tls` has the default too.
        proxy: Address of a proxy; None means what the environment says.
        follow_redirects: Whether HTTP redirects are followed.
    """

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    api_version: str = DEFAULT_API_VERSION
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: Timeouts = DEFAULT_TIMEOUT
    max_retries: int = DEFAULT_MAX_RETRIES
    websocket_base_url: str | None = None
    ssl: SSLContext | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    follow_redirects: bool = True

    @cached_property
    def tls(self) -> SSLContext:
        """TLS settings for HTTP and sockets; by default the usual certificate authorities."""
        if self.ssl is not None:
            return self.ssl
        # Reading them takes a while, so that is done once for all connections of a client.
        import httpcore

        return httpcore.default_ssl_context()

    def auth_headers(self) -> dict[str, str]:
        """The header that carries the API key; empty without a key."""
        return {"X-API-Key": self.api_key} if self.api_key else {}

    def default_headers(self) -> dict[str, str]:
        """Headers of every request and every WebSocket handshake."""
        own = {"Cartesia-Version": self.api_version, **self.auth_headers()}
        return merge_headers(own, self.headers)

    def url(self, path: str) -> str:
        """Address of an HTTP endpoint; an empty path is the base URL with a final slash."""
        return f"{self.base_url}/{path}"

    def websocket_url(self, path: str, query: Mapping[str, object] | None = None) -> str:
        """Address of a WebSocket endpoint: `ws` for `http`, `wss` for `https`, on any host.

        Args:
            path: Path below the base URL, such as `tts/websocket`; a prefix of the base URL stays.
            query: Query parameters, encoded here; values that are None are left out.
        """
        base = urlsplit(self.websocket_base_url or self.base_url)
        target = base._replace(
            scheme=_WS_SCHEMES[base.scheme],
            path=f"{base.path.rstrip('/')}/{path}",
            query=urlencode(encode_query(query)),
        )
        return urlunsplit(target)


def merge_headers(*sources: Mapping[str, Any]) -> dict[str, str]:
    """Join headers; later ones win whatever the case of their names, and None removes one."""
    merged: dict[str, tuple[str, Any]] = {}
    for source in sources:
        for name, value in source.items():
            merged[name.lower()] = (name, value)
    return {name: str(value) for name, value in merged.values() if value is not None}


def resolve_config(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    default_base_url: str,
    timeout: float | httpx.Timeout | None = None,
    max_retries: int | None = None,
    headers: Mapping[str, str] | None = None,
    api_version: str | None = None,
    websocket_url: str | None = None,
    ssl: SSLContext | None = None,
    proxy: str | None = None,
    follow_redirects: bool = True,
    env: Mapping[str, str] = os.environ,
) -> ClientConfig:
    """Settle the settings of a client: arguments first, then the environment, then defaults.

    `CARTESIA_API_KEY` and `CARTESIA_BASE_URL` are looked up in `env`; `default_base_url` is used
    where no address is given at all. An empty text counts as not given.

    Raises:
        InvalidArgumentError: A setting cannot be right, or there is neither key nor address.
    """
    texts = {
        "api_key": api_key,
        "base_url": base_url,
        "api_version": api_version,
        "websocket_url": websocket_url,
    }
    for name, value in texts.items():
        check_text(name, value)
    headers = check_fields("headers", headers)
    key = _clean_key(api_key or env.get("CARTESIA_API_KEY") or "")
    address = base_url or env.get("CARTESIA_BASE_URL") or None
    names = {name.lower() for name in headers}
    if key is None and address is None and not names & {"authorization", "x-api-key"}:
        raise InvalidArgumentError(
            "Neither an API key nor an address is known. Pass api_key=... or set CARTESIA_API_KEY "
            "to use the cloud; pass base_url=... or set CARTESIA_BASE_URL to use another server. "
            "`cartesia serve` starts one on this machine, which needs no key."
        )
    server, credentials = _http_address(address or default_base_url)
    return ClientConfig(
        base_url=server,
        api_key=key,
        api_version=api_version or DEFAULT_API_VERSION,
        headers=merge_headers(credentials, headers),
        timeout=DEFAULT_TIMEOUT if timeout is None else check_timeouts("timeout", timeout),
        max_retries=DEFAULT_MAX_RETRIES
        if max_retries is None
        else check_count("max_retries", max_retries),
        websocket_base_url=_split("websocket_url", websocket_url).geturl()
        if websocket_url
        else None,
        ssl=check_ssl(ssl),
        proxy=check_text("proxy", proxy),
        follow_redirects=follow_redirects,
    )


def _clean_key(api_key: str) -> str | None:
    # Keys read from files end in a line break, which no header may hold.
    key = api_key.strip()
    if not (key.isascii() and key.isprintable()):
        raise InvalidArgumentError(
            "api_key: got characters that a header cannot hold; accepted is printable ASCII"
        )
    return key or None


def _http_address(base_url: str) -> tuple[str, dict[str, str]]:
    """The address of a server, and the header with the user and password that were in it.

    As a header they reach sockets and every HTTP backend alike, and no text that shows the address.
    """
    parts = _split("base_url", base_url)
    userinfo, _, server = parts.netloc.rpartition("@")
    # 2.x accepted ws:// here for sockets alone; the same server answers HTTP on the same port.
    scheme, path = _HTTP_SCHEMES[parts.scheme], parts.path.rstrip("/")
    address = urlunsplit((scheme, server, path, "", ""))
    if not userinfo:
        return address, {}
    user, _, password = userinfo.partition(":")
    pair = f"{unquote(user)}:{unquote(password)}".encode()
    return address, {"Authorization": f"Basic {b64encode(pair).decode()}"}


def _split(field_name: str, address: str) -> SplitResult:
    try:
        parts = urlsplit(address.strip())
        usable = parts.scheme in _HTTP_SCHEMES and parts.hostname and parts.port != 0
        usable = usable and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not (usable and address.isascii()):
        shown = re.sub(r"//.*@", "//***@", address)
        raise InvalidArgumentError(
            f"{field_name}: got {shown!r}; accepted is an ASCII address with scheme and host, "
            "and without query or fragment, such as https://api.cartesia.ai or "
            "http://127.0.0.1:8000"
        )
    return parts


def check_timeout(field_name: str, seconds: object) -> float:
    """Give back a timeout that can be right, or raise `InvalidArgumentError`."""
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, (int, float))
        or not (seconds > 0 and math.isfinite(seconds))
    ):
        raise InvalidArgumentError(f"{field_name}: got {seconds!r}; accepted are seconds above 0")
    return min(seconds, LONGEST_WAIT)


def check_timeouts(field_name: str, given: float | httpx.Timeout) -> Timeouts:
    """Give back timeouts that can be right, or raise `InvalidArgumentError`."""
    # Importing httpx takes a while; whoever has one of its timeouts has done it.
    httpx = sys.modules.get("httpx")
    if httpx is None or not isinstance(given, httpx.Timeout):
        return Timeouts.of(check_timeout(field_name, given))
    return Timeouts(
        **{
            phase: LONGEST_WAIT if limit is None else check_timeout(f"{field_name}.{phase}", limit)
            for phase, limit in given.as_dict().items()
        }
    )


def check_count(field_name: str, count: int, *, least: int = 0) -> int:
    """Give back a whole number that can be right, or raise `InvalidArgumentError`."""
    if isinstance(count, bool) or not isinstance(count, int) or count < least:
        raise InvalidArgumentError(
            f"{field_name}: got {count!r}; accepted is a whole number from {least}"
        )
    return count


# What is given in place of a text or a dictionary may hold a key, so errors only tell its kind.


def check_text(field_name: str, text: str | None) -> str | None:
    """Give back a text or None, or raise `InvalidArgumentError`."""
    if text is not None and not isinstance(text, str):
        raise InvalidArgumentError(f"{field_name}: got {type(text).__name__}; accepted is text")
    return text


def check_fields(field_name: str, fields: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Give back a dictionary with keys of text, for None an empty one, or raise an error."""
    if fields is None:
        return {}
    if not isinstance(fields, Mapping) or not all(isinstance(key, str) for key in fields):
        raise InvalidArgumentError(
            f"{field_name}: got {type(fields).__name__}; accepted is a dictionary whose keys are "
            "text"
        )
    return fields


def check_ssl(context: SSLContext | None) -> SSLContext | None:
    """Give back TLS settings or None, or raise `InvalidArgumentError`."""
    if context is not None:
        from ssl import SSLContext

        if not isinstance(context, SSLContext):
            raise InvalidArgumentError(
                f"ssl: got {context!r}; accepted is an ssl.SSLContext, such as "
                "ssl.create_default_context()"
            )
    return context
