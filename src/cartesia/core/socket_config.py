"""How a WebSocket is opened and kept: one value for both surfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .api_error import (
    ApiConnectionError,
    ApiTimeoutError,
    WebSocketCancelledError,
    WebSocketConnectError,
    WebSocketTimeoutError,
)
from .arguments import check_numbers
from .client_config import ClientConfig, check_ssl, check_text, check_timeout
from .proxies import proxy_for
from .proxy_exchange import ProxyRefusalError
from .retry import RetryPolicy, should_retry
from .socket_inbox import Source

if TYPE_CHECKING:
    from ssl import SSLContext


@dataclass(frozen=True)
class SocketConfig:
    """Where a socket leads and how it behaves.

    Attributes:
        url: `ws` or `wss` address with its query; it holds no key.
        headers: Headers of the handshake.
        tls: Gives the TLS settings.
        timeout: Seconds that sending a message, or waiting for one, may take.
        open_timeout: Seconds that opening may take.
        ping_interval: Seconds between pings that keep the socket alive; None sends none.
        proxy: Address of an HTTP or SOCKS proxy; None means what the environment says.
        retries: How often opening is tried again.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    tls: Callable[[], SSLContext] = field(repr=False)
    timeout: float = 60.0
    open_timeout: float = 60.0
    ping_interval: float | None = None
    proxy: str | None = field(default=None, repr=False)
    retries: RetryPolicy = field(default_factory=lambda: RetryPolicy(2))

    @property
    def secure(self) -> bool:
        """Whether the connection is encrypted."""
        return self.url.startswith("wss:")

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the server."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if self.secure else 80)

    @property
    def display_url(self) -> str:
        """The address for errors: without query and user."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def proxy_url(self) -> str | None:
        """The proxy to go through, or None."""
        return self.proxy or proxy_for(self.url)

    def failed(self, reason: BaseException | str) -> WebSocketConnectError:
        """The error for a connection that could not be made."""
        text = str(reason) or type(reason).__name__
        return WebSocketConnectError(
            f"Failed to connect to WebSocket at {self.display_url}: {text}"
        )

    def refused(self, refusal: ProxyRefusalError) -> WebSocketConnectError:
        """The error for a proxy that does not pass bytes on."""
        return WebSocketConnectError(
            f"Failed to connect to WebSocket at {self.display_url}: the proxy {refusal}",
            status_code=refusal.status_code,
            hint=refusal.hint,
        )

    def timed_out(self) -> WebSocketTimeoutError:
        """The error for a connection that was not made in time."""
        return WebSocketTimeoutError(
            f"Failed to connect to WebSocket at {self.display_url}: no answer within "
            f"{self.open_timeout:g} s",
            hint="Raise timeout=..., or check base_url and the network.",
        )

    def nothing_came(self, waiting_for: str) -> WebSocketTimeoutError:
        """The error for what did not happen in time on an open connection."""
        return WebSocketTimeoutError(
            f"Timeout while waiting for {waiting_for}: nothing came within {self.timeout:g} s",
            hint="Raise timeout=... of the socket or of the client.",
        )

    def closed_by_program(self) -> WebSocketCancelledError:
        """The error for whoever still uses a connection that the program has closed."""
        return WebSocketCancelledError(f"The program closed the WebSocket to {self.display_url}")

    def wait_before_retry(self, error: ApiConnectionError, retry: int) -> float | None:
        """Seconds to wait before opening is tried again, or None if that would not help.

        Args:
            error: Why opening failed.
            retry: How many retries there were before.
        """
        if retry >= self.retries.max_retries or isinstance(error, ApiTimeoutError):
            return None
        if error.status_code is None:
            return self.retries.wait_after_failure(retry)
        if should_retry(error.status_code, error.headers, repeatable=True):
            return self.retries.wait_after_answer(retry, error.headers)
        return None


def socket_config(
    config: ClientConfig,
    path: str,
    query: Mapping[str, object] | None = None,
    *,
    timeout: float | None = None,
    ping_interval: float | None = None,
    ssl: SSLContext | None = None,
    proxy: str | None = None,
) -> SocketConfig:
    """Settle how a socket of a client behaves.

    Args:
        config: The client's settings.
        path: Of the endpoint, such as `tts/websocket`.
        query: Query parameters of the endpoint; values that are None are left out.
        timeout: In place of the client's.
        ping_interval: Seconds between pings; None sends none.
        ssl: In place of the client's.
        proxy: In place of the client's.

    Raises:
        InvalidArgumentError: An argument cannot be right.
    """
    own_timeout = None if timeout is None else check_timeout("timeout", timeout)
    if ping_interval is not None:
        ping_interval = check_timeout("ping_interval", ping_interval)
    check_numbers(query)
    own_tls = check_ssl(ssl)
    return SocketConfig(
        url=config.websocket_url(path, {**(query or {}), "cartesia_version": config.api_version}),
        headers=config.default_headers(),
        timeout=own_timeout or config.timeout.read,
        open_timeout=own_timeout or config.timeout.connect,
        ping_interval=ping_interval,
        tls=lambda: own_tls or config.tls,
        proxy=check_text("proxy", proxy) or config.proxy,
        retries=RetryPolicy(config.max_retries),
    )


class Patience:
    """How long a reader goes on waiting.

    Args:
        config: Of the socket; holds the timeout.
        waiting_for: What the error says did not come.
        now: Gives the time in seconds.
    """

    def __init__(self, config: SocketConfig, waiting_for: str, now: Callable[[], float]) -> None:
        self._config = config
        self._waiting_for = waiting_for
        self._now = now
        self._deadline: float | None = None

    def left(self, source: Source[Any]) -> float | None:
        """Seconds to wait for a source; None without limit.

        Raises:
            WebSocketTimeoutError: The limit is reached.
        """
        if source.patient:
            self._deadline = None
            return None
        now = self._now()
        if self._deadline is None:
            self._deadline = now + self._config.timeout
        if now >= self._deadline:
            raise self._config.nothing_came(self._waiting_for)
        return self._deadline - now
