"""Where a socket leads, when opening is tried again, and how long a reader waits."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from cartesia.core.api_error import (
    ApiConnectionError,
    InvalidArgumentError,
    WebSocketConnectError,
    WebSocketTimeoutError,
)
from cartesia.core.client_config import ClientConfig, Timeouts
from cartesia.core.retry import RetryPolicy
from cartesia.core.socket_config import Patience, SocketConfig, socket_config
from cartesia.core.socket_inbox import Inbox

CLIENT = ClientConfig(
    base_url="https://api.example.com/prefix",
    api_key="secret",
    timeout=Timeouts(2.0, 7.0, 8.0, 9.0),
)


def config_of(url: str, **arguments: Any) -> SocketConfig:
    return SocketConfig(url=url, headers={}, tls=ssl.create_default_context, **arguments)


def test_the_key_travels_in_a_header_alone() -> None:
    config = socket_config(CLIENT, "tts/websocket")
    assert config.url == ("wss://api.example.com/prefix/tts/websocket?cartesia_version=2024-11-13")
    assert config.headers == {"Cartesia-Version": "2024-11-13", "X-API-Key": "secret"}
    assert "secret" not in repr(config)


def test_a_query_is_encoded_and_what_is_none_left_out() -> None:
    query = {"model": "a&b c/ü", "language": None, "sample_rate": 16000}
    config = socket_config(CLIENT, "stt/websocket", query)
    assert config.url.endswith(
        "/stt/websocket?model=a%26b+c%2F%C3%BC&sample_rate=16000&cartesia_version=2024-11-13"
    )


def test_a_socket_may_differ_from_its_client() -> None:
    context = ssl.create_default_context()
    plain = socket_config(CLIENT, "tts/websocket")
    own = socket_config(
        CLIENT, "tts/websocket", timeout=1.5, ping_interval=20, ssl=context, proxy="http://p"
    )
    assert (plain.timeout, plain.open_timeout, plain.ping_interval, plain.proxy) == (
        7,
        2,
        None,
        None,
    )
    assert plain.tls() is CLIENT.tls
    assert (own.timeout, own.open_timeout, own.ping_interval) == (1.5, 1.5, 20)
    assert own.tls() is context
    assert own.proxy_url() == "http://p"


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_seconds_are_above_zero(seconds: float) -> None:
    with pytest.raises(InvalidArgumentError, match=f"timeout: got {seconds}"):
        socket_config(CLIENT, "tts/websocket", timeout=seconds)
    with pytest.raises(InvalidArgumentError, match=f"ping_interval: got {seconds}"):
        socket_config(CLIENT, "tts/websocket", ping_interval=seconds)


@pytest.mark.parametrize(
    ("url", "address", "secure"),
    [
        ("wss://host/path", ("host", 443), True),
        ("ws://host/path", ("host", 80), False),
        ("ws://[::1]:8000/path", ("::1", 8000), False),
    ],
)
def test_an_address_has_a_host_and_a_port(url: str, address: tuple[str, int], secure: bool) -> None:
    config = config_of(url)
    assert config.address == address
    assert config.secure is secure


def test_errors_show_neither_query_nor_user() -> None:
    config = config_of("wss://user:secret@host:1/path?token=secret")
    assert config.display_url == "wss://host:1/path"
    assert str(config.failed(OSError("refused"))) == (
        "Failed to connect to WebSocket at wss://host:1/path: refused"
    )
    assert str(config.failed(OSError())).endswith(": OSError")


def test_the_environment_names_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://secure-proxy:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "localhost")
    for url, proxy in (
        ("wss://host/", "http://secure-proxy:3128"),
        ("ws://host/", "http://proxy:3128"),
        ("ws://localhost/", None),
    ):
        assert config_of(url).proxy_url() == proxy


# --- retries --------------------------------------------------------------------------------------

CONFIG = config_of("ws://host/", timeout=5, retries=RetryPolicy(2))


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (WebSocketConnectError("no route"), True),
        (WebSocketConnectError("busy", status_code=503), True),
        (WebSocketConnectError("slow down", status_code=429), True),
        (WebSocketConnectError("no", status_code=503, headers={"x-should-retry": "false"}), False),
        (WebSocketConnectError("who?", status_code=401), False),
        (WebSocketTimeoutError("no answer"), False),
    ],
)
def test_opening_is_tried_again_where_that_may_help(error: ApiConnectionError, again: bool) -> None:
    assert (CONFIG.wait_before_retry(error, 0) is not None) is again
    assert CONFIG.wait_before_retry(error, 2) is None


def test_the_server_says_when_to_try_again() -> None:
    error = WebSocketConnectError("busy", status_code=503, headers={"Retry-After": "3"})
    assert CONFIG.wait_before_retry(error, 0) == 3


# --- patience -------------------------------------------------------------------------------------


class Expected:
    """A source from which nothing comes."""

    inbox: Inbox[int] = Inbox()
    patient = False

    def take(self) -> int:
        return 0


def test_a_reader_waits_as_long_as_the_timeout_and_longer_while_silence_is_in_order() -> None:
    clock = [100.0]
    source = Expected()
    patience = Patience(CONFIG, "a sign", lambda: clock[0])
    assert patience.left(source) == 5
    clock[0] += 4
    assert patience.left(source) == 1
    source.patient = True
    clock[0] += 1000
    assert patience.left(source) is None
    source.patient = False
    assert patience.left(source) == 5
    clock[0] += 5
    with pytest.raises(WebSocketTimeoutError, match="Timeout while waiting for a sign") as caught:
        patience.left(source)
    assert isinstance(caught.value, RuntimeError)
