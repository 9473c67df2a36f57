from __future__ import annotations

import re
import ssl
from typing import Any

import httpx
import pytest

from cartesia.core.api_error import InvalidArgumentError
from cartesia.core.client_config import (
    LONGEST_WAIT,
    ClientConfig,
    Timeouts,
    merge_headers,
    resolve_config,
)

CLOUD = "https://api.cartesia.ai"


def resolve(*, env: dict[str, str] | None = None, **arguments: Any) -> ClientConfig:
    return resolve_config(default_base_url=CLOUD, env=env or {}, **arguments)


def test_a_timeout_of_httpx_tells_the_phases_apart() -> None:
    given = httpx.Timeout(5, connect=1, read=None)
    assert resolve(api_key="k", timeout=given).timeout == Timeouts(1, LONGEST_WAIT, 5, 5)


def test_a_wait_is_never_longer_than_systems_can_count() -> None:
    assert resolve(api_key="k", timeout=1e300).timeout == Timeouts.of(LONGEST_WAIT)


def test_arguments_win_over_the_environment_and_it_over_defaults() -> None:
    env = {"CARTESIA_API_KEY": "of-env", "CARTESIA_BASE_URL": "http://env:1"}
    assert resolve(env=env).api_key == "of-env"
    assert resolve(env=env).base_url == "http://env:1"
    given = resolve(env=env, api_key="given", base_url="http://given:2/")
    assert (given.api_key, given.base_url) == ("given", "http://given:2")
    assert resolve(api_key="k").base_url == CLOUD


def test_nothing_and_empty_text_count_as_not_given() -> None:
    env = {"CARTESIA_API_KEY": "of-env", "CARTESIA_BASE_URL": ""}
    config = resolve(env=env, api_key=None, base_url="")
    assert (config.api_key, config.base_url) == ("of-env", CLOUD)


def test_without_key_and_address_the_error_names_both_and_the_server_of_ones_own() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        resolve()
    for name in (
        "api_key",
        "CARTESIA_API_KEY",
        "base_url",
        "CARTESIA_BASE_URL",
        "cartesia serve",
    ):
        assert name in str(caught.value)


def test_a_server_of_ones_own_needs_no_key() -> None:
    config = resolve(base_url="http://127.0.0.1:8000")
    assert config.api_key is None
    assert config.auth_headers() == {}
    assert config.default_headers() == {"Cartesia-Version": "2024-11-13"}


def test_headers_can_stand_in_for_the_key() -> None:
    config = resolve(headers={"authorization": "Bearer token"})
    assert config.base_url == CLOUD
    assert config.default_headers()["authorization"] == "Bearer token"


def test_user_and_password_of_an_address_become_a_header() -> None:
    config = resolve(base_url="https://me:p%40ss@host:8443/prefix/")
    assert config.base_url == "https://host:8443/prefix"
    assert config.websocket_url("tts/websocket") == "wss://host:8443/prefix/tts/websocket"
    assert config.default_headers()["Authorization"] == "Basic bWU6cEBzcw=="
    assert "ss" not in repr(config)
    own = resolve(base_url="https://me@host", headers={"authorization": "Bearer token"})
    assert own.default_headers()["authorization"] == "Bearer token"
    assert "Authorization" not in own.default_headers()


def test_a_password_in_a_wrong_address_is_not_shown() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        resolve(base_url="http://me:pass@host:port")
    assert "pass" not in str(caught.value)


def test_the_key_is_in_one_header_and_in_no_text() -> None:
    config = resolve(api_key=" sk-secret\n", headers={"X-More": "sk-other"}, proxy="http://u:pw@p")
    assert config.auth_headers() == {"X-API-Key": "sk-secret"}
    assert not re.search("secret|other|pw", repr(config))


def test_a_key_that_is_no_text_is_refused_without_showing_it() -> None:
    with pytest.raises(InvalidArgumentError, match="api_key: got bytes") as caught:
        resolve(api_key=b"sk-secret")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk\nsecret", "sk-sécret", "sk\0secret"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(InvalidArgumentError, match="api_key: got characters") as caught:
        resolve(api_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"base_url": "api.cartesia.ai"}, "base_url: got 'api.cartesia.ai'"),
        ({"base_url": "ftp://host"}, "base_url: got 'ftp://host'"),
        ({"base_url": "http://"}, "base_url"),
        ({"base_url": "http://host:port"}, "base_url"),
        ({"base_url": "http://[::1"}, "base_url"),
        ({"base_url": "http://hôte"}, "base_url"),
        ({"base_url": "http://host?key=1"}, "base_url: .*without query or fragment"),
        ({"base_url": "http://host/#top"}, "base_url: .*without query or fragment"),
        ({"websocket_url": "host/path"}, "websocket_url: got 'host/path'"),
        ({"timeout": 0}, "timeout: got 0"),
        ({"timeout": float("inf")}, "timeout: got inf"),
        ({"timeout": "5"}, "timeout: got '5'; accepted are seconds"),
        ({"timeout": httpx.Timeout(5, read=0)}, r"timeout\.read: got 0; accepted are seconds"),
        ({"max_retries": -1}, "max_retries: got -1"),
        ({"max_retries": 1.5}, r"max_retries: got 1\.5"),
        ({"max_retries": True}, "max_retries: got True"),
        ({"base_url": 8000}, "base_url: got int; accepted is text"),
        ({"websocket_url": b"ws://h"}, "websocket_url: got bytes"),
        ({"api_version": 2024}, "api_version: got int"),
        ({"proxy": {"http": "http://p"}}, "proxy: got dict; accepted is text"),
        ({"headers": [("A", "b")]}, "headers: got list; accepted is a dictionary"),
        ({"headers": {1: "b"}}, "headers: got dict; accepted is a dictionary whose keys are text"),
        ({"ssl": False}, r"ssl: got False; accepted is an ssl\.SSLContext"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        resolve(api_key="k", **arguments)


def test_defaults() -> None:
    config = resolve(api_key="k")
    assert (config.timeout.read, config.max_retries, config.api_version) == (60.0, 2, "2024-11-13")
    assert (config.ssl, config.proxy, config.follow_redirects) == (None, None, True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    given = resolve(api_key="k", timeout=3, max_retries=0, api_version="2025-04-16", ssl=context)
    assert (given.timeout, given.max_retries, given.ssl) == (Timeouts.of(3), 0, context)
    assert given.default_headers()["Cartesia-Version"] == "2025-04-16"


@pytest.mark.parametrize(
    ("base_url", "http", "ws"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "ws://127.0.0.1:8000/tts/websocket"),
        ("https://host/prefix/", "https://host/prefix", "wss://host/prefix/tts/websocket"),
        ("ws://localhost:1", "http://localhost:1", "ws://localhost:1/tts/websocket"),
        ("wss://host", "https://host", "wss://host/tts/websocket"),
        ("http://[::1]:9", "http://[::1]:9", "ws://[::1]:9/tts/websocket"),
    ],
)
def test_one_address_serves_http_and_sockets(base_url: str, http: str, ws: str) -> None:
    config = resolve(base_url=base_url)
    assert config.base_url == http
    assert config.url("") == f"{http}/"
    assert config.url("voices/") == f"{http}/voices/"
    assert config.websocket_url("tts/websocket") == ws


def test_sockets_can_have_an_address_of_their_own() -> None:
    config = resolve(api_key="k", websocket_url="http://other:7/x/")
    assert config.websocket_url("stt/websocket", {"a": "b c&d", "on": True, "off": None}) == (
        "ws://other:7/x/stt/websocket?a=b+c%26d&on=true"
    )


def test_headers_are_merged_whatever_the_case_of_their_names() -> None:
    assert merge_headers({"A": "1", "b": "2"}, {"a": 3, "B": None}) == {"a": "3"}


def test_certificates_are_checked_by_default_and_authorities_read_once() -> None:
    config = resolve(api_key="k")
    assert config.tls.verify_mode is ssl.CERT_REQUIRED
    assert config.tls.check_hostname
    assert config.tls is config.tls
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert resolve(api_key="k", ssl=context).tls is context
