"""What is said to a proxy, and how its answer is read."""

from __future__ import annotations

import base64

import pytest

from cartesia.core.api_error import InvalidArgumentError
from cartesia.core.proxy_exchange import ProxyRefusalError
from cartesia.core.proxy_tunnel import MAX_ANSWER_BYTES, ProxyTunnel

HOST = "api.example.com"
PORT = b"\x01\xbb"
"""443."""
NAMED = b"\3" + bytes([len(HOST)]) + HOST.encode() + PORT


def converse(through: ProxyTunnel, *answers: bytes, host: str = HOST) -> list[bytes]:
    """What is sent at first and after each answer, which comes byte by byte."""
    sent = [through.start(host, 443)]
    for answer in answers:
        assert not through.passed
        sent.append(b"".join(through.feed(answer[i : i + 1]) for i in range(len(answer))))
    return sent


@pytest.mark.parametrize(
    ("proxy", "address", "secure"),
    [
        ("http://proxy.example.com", ("proxy.example.com", 80), False),
        ("https://proxy.example.com", ("proxy.example.com", 443), True),
        ("socks5://user@proxy.example.com", ("proxy.example.com", 1080), False),
        ("socks4a://[::1]:3128/", ("::1", 3128), False),
    ],
)
def test_where_a_proxy_is(proxy: str, address: tuple[str, int], secure: bool) -> None:
    through = ProxyTunnel(proxy)
    assert (through.address, through.secure, through.wants_address) == (address, secure, False)


def test_only_the_oldest_kind_wants_addresses() -> None:
    assert ProxyTunnel("socks4://proxy").wants_address


@pytest.mark.parametrize("proxy", ["ftp://host", "host:3128", "http://", "http://host:many"])
def test_other_proxies_are_refused_without_telling_the_password(proxy: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"scheme://host:port") as caught:
        ProxyTunnel(proxy.replace("//", "//user:secret@"))
    assert "secret" not in str(caught.value)


# --- HTTP -----------------------------------------------------------------------------------------


def test_an_http_proxy_is_asked_for_a_tunnel() -> None:
    assert converse(ProxyTunnel("http://proxy"), b"HTTP/1.1 200 OK\r\nVia: proxy\r\n\r\n") == [
        b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n",
        b"",
    ]


def test_the_tunnel_is_open_after_the_whole_answer() -> None:
    through = ProxyTunnel("http://proxy")
    through.start(HOST, 443)
    through.feed(b"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r")
    assert not through.passed
    through.feed(b"\n")
    assert through.passed


def test_user_and_password_are_sent_along() -> None:
    (request,) = converse(ProxyTunnel("https://user:p%40ss@proxy.example.com"))
    token = base64.b64encode(b"user:p@ss")
    assert b"\r\nProxy-Authorization: Basic " + token + b"\r\n" in request


def test_an_address_of_six_parts_is_in_brackets() -> None:
    request = ProxyTunnel("http://user@proxy.example.com").start("::1", 8000)
    assert request.startswith(b"CONNECT [::1]:8000 HTTP/1.1\r\n")


def test_a_refusal_says_why() -> None:
    with pytest.raises(ProxyRefusalError, match="407 Authentication required") as caught:
        converse(
            ProxyTunnel("http://proxy"),
            b"HTTP/1.1 407 Authentication required\r\nContent-Length: 0\r\n\r\n",
        )
    assert caught.value.status_code == 407
    assert "user and password" in caught.value.hint


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n", b"x" * (MAX_ANSWER_BYTES + 1)],
)
@pytest.mark.parametrize("scheme", ["http", "https", "socks4", "socks5"])
def test_what_is_no_proxy_is_an_error(answer: bytes, scheme: str) -> None:
    through = ProxyTunnel(f"{scheme}://proxy")
    through.start(HOST, 443)
    with pytest.raises(ProxyRefusalError, match="did not answer as one"):
        through.feed(answer)


# --- SOCKS 5 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize(
    "bound", [b"\1" + bytes(4), b"\4" + bytes(16), b"\3\4here"], ids=["IPv4", "IPv6", "name"]
)
def test_socks5_looks_up_the_name(scheme: str, bound: bytes) -> None:
    through = ProxyTunnel(f"{scheme}://proxy")
    sent = converse(through, b"\5\0", b"\5\0\0" + bound + b"\0\0")
    assert sent == [b"\5\1\0", b"\5\1\0" + NAMED, b""]
    assert through.passed


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("10.0.0.7", b"\1\x0a\0\0\7"),
        ("::1", b"\4" + bytes(15) + b"\1"),
        ("bücher.de", b"\3\x10xn--"),
    ],
)
def test_socks5_takes_addresses_and_names_of_every_kind(host: str, address: bytes) -> None:
    _, asked = converse(ProxyTunnel("socks5://proxy"), b"\5\0", host=host)
    assert asked.startswith(b"\5\1\0" + address)


def test_socks5_asks_who_one_is() -> None:
    through = ProxyTunnel("socks5://user:p%40ss@proxy")
    sent = converse(through, b"\5\2", b"\1\0", b"\5\0\0\1" + bytes(6))
    assert sent == [b"\5\2\0\2", b"\1\4user\4p@ss", b"\5\1\0" + NAMED, b""]
    assert through.passed


def test_socks5_need_not_ask() -> None:
    assert converse(ProxyTunnel("socks5://user:pw@proxy"), b"\5\0")[1] == b"\5\1\0" + NAMED


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ([b"\5\xff"], "asks for a user and password, or for others"),
        ([b"\5\2", b"\1\1"], "refused the user or the password"),
        ([b"\5\0", b"\5\4\0\1"], "refused: host unreachable"),
        ([b"\5\0", b"\5\x63\0\1"], "refused: code 99"),
        ([b"\5\0", b"\5\0\0\7"], "did not answer as one"),
        ([b"\5\7"], "did not answer as one"),
    ],
)
def test_socks5_says_why_not(answers: list[bytes], text: str) -> None:
    with pytest.raises(ProxyRefusalError, match=text) as caught:
        converse(ProxyTunnel("socks5://user:secret@proxy"), *answers)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["x" * 64 + ".com", ".".join(["x" * 60] * 5)])
def test_a_host_whose_name_is_too_long(host: str) -> None:
    with pytest.raises(ProxyRefusalError, match=r"cannot be told|takes no name"):
        converse(ProxyTunnel("socks5://proxy"), b"\5\0", host=host)


# --- SOCKS 4 --------------------------------------------------------------------------------------


def test_socks4_gets_an_address() -> None:
    through = ProxyTunnel("socks4://user@proxy")
    sent = converse(through, b"\0\x5a" + bytes(6), host="10.0.0.7")
    assert sent == [b"\4\1" + PORT + b"\x0a\0\0\7user\0", b""]
    assert through.passed


def test_socks4a_looks_up_the_name() -> None:
    (asked,) = converse(ProxyTunnel("socks4a://proxy"))
    assert asked == b"\4\1" + PORT + b"\0\0\0\1\0" + HOST.encode() + b"\0"


def test_socks4_says_no() -> None:
    with pytest.raises(ProxyRefusalError, match="refused: code 91"):
        converse(ProxyTunnel("socks4://proxy"), b"\0\x5b" + bytes(6), host="10.0.0.7")
