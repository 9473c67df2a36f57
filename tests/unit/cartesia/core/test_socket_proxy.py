"""What is said to a proxy, and how its answer is read."""

from __future__ import annotations

import base64

import pytest

from cartesia.core.api_error import InvalidArgumentError, WebSocketConnectError
from cartesia.core.socket_config import SocketConfig
from cartesia.core.socket_proxy import MAX_ANSWER_BYTES, ProxyTunnel

SERVER = SocketConfig(url="wss://api.example.com/tts/websocket?cartesia_version=1", headers={})


def test_the_proxy_is_asked_for_a_tunnel() -> None:
    tunnel = ProxyTunnel(SERVER, "http://proxy.example.com:3128")
    assert tunnel.address == ("proxy.example.com", 3128)
    assert tunnel.request == (
        b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n"
    )


def test_user_and_password_are_sent_along() -> None:
    tunnel = ProxyTunnel(SERVER, "http://user:p%40ss@proxy.example.com")
    assert tunnel.address == ("proxy.example.com", 80)
    token = base64.b64encode(b"user:p@ss")
    assert b"\r\nProxy-Authorization: Basic " + token + b"\r\n" in tunnel.request


def test_an_address_of_six_parts_is_in_brackets() -> None:
    server = SocketConfig(url="ws://[::1]:8000/tts/websocket", headers={})
    tunnel = ProxyTunnel(server, "http://user@proxy.example.com")
    assert tunnel.request.startswith(b"CONNECT [::1]:8000 HTTP/1.1\r\n")


@pytest.mark.parametrize("address", ["socks5://host:1080", "https://host", "host:3128", "http://"])
def test_other_proxies_are_refused_without_telling_the_password(address: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"http://host:port") as caught:
        ProxyTunnel(SERVER, address.replace("//", "//user:secret@"))
    assert "secret" not in str(caught.value)


def test_the_tunnel_is_open_after_the_whole_answer() -> None:
    tunnel = ProxyTunnel(SERVER, "http://proxy")
    answer = b"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n"
    assert [tunnel.feed(answer[i : i + 1]) for i in range(len(answer))] == [
        *[False] * (len(answer) - 1),
        True,
    ]


def test_a_refusal_says_why() -> None:
    with pytest.raises(WebSocketConnectError, match="407 Authentication required") as caught:
        ProxyTunnel(SERVER, "http://proxy").feed(
            b"HTTP/1.1 407 Authentication required\r\nContent-Length: 0\r\n\r\n"
        )
    assert caught.value.status_code == 407


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n", b"x" * (MAX_ANSWER_BYTES + 1)],
)
def test_what_is_no_proxy_is_an_error(answer: bytes) -> None:
    with pytest.raises(WebSocketConnectError, match="did not answer as one"):
        ProxyTunnel(SERVER, "http://proxy").feed(answer)
