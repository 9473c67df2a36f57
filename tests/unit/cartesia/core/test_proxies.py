from __future__ import annotations

import os

import pytest

from cartesia.core.proxies import proxy_for


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def test_without_settings_there_is_no_proxy() -> None:
    assert proxy_for("https://api.cartesia.ai/x") is None


def test_each_scheme_has_its_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://secure:1")
    assert proxy_for("https://host/") == "http://secure:1"
    assert proxy_for("http://host/") is None
    monkeypatch.setenv("ALL_PROXY", "socks5://all:2")
    assert proxy_for("http://host/") == "socks5://all:2"


def test_sockets_may_have_a_proxy_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://secure:1")
    assert proxy_for("wss://host/") == "http://secure:1"
    assert proxy_for("ws://host/") is None
    monkeypatch.setenv("WSS_PROXY", "socks5://sockets:2")
    assert proxy_for("wss://host/") == "socks5://sockets:2"
    assert proxy_for("https://host/") == "http://secure:1"


def test_an_address_without_scheme_is_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "proxy:3128")
    assert proxy_for("http://host/") == "http://proxy:3128"


def test_some_hosts_are_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", "localhost,.example.com")
    assert proxy_for("http://user:pw@localhost:8000/") is None
    assert proxy_for("http://a.example.com/") is None
    assert proxy_for("http://other.org/") == "http://proxy:1"
    monkeypatch.setenv("NO_PROXY", "*")
    assert proxy_for("http://other.org/") is None


def test_on_some_systems_the_system_is_always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"http": "http://of-system:1"})
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda _: False)
    assert proxy_for("http://host/", env={}) == "http://of-system:1"
