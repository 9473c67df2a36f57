"""Sockets through proxies of every kind."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from cartesia import AsyncCartesia
from cartesia.core.api_error import (
    ApiConnectionError,
    ApiTimeoutError,
    InvalidArgumentError,
    WebSocketConnectError,
    WebSocketError,
)
from tests.faults.peer import Peer, answer

from .peer import Line, SocketPeer, chunk, event, speak
from .proxy import PASSWORD, USER, Proxy, proxy
from .surfaces import PATIENCE, Sockets
from .test_conversation import SPEECH, heard

SCHEMES = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]


def asked(through: Proxy) -> list[str]:
    """Which hosts a proxy was asked for, however it was asked."""
    return [head.split()[1].decode().rpartition(":")[0] for head in through.heads] + through.asked


def host_for(scheme: str) -> str:
    """How a proxy is told of `localhost`."""
    return "127.0.0.1" if scheme == "socks4" else "localhost"


def check_nested_tls(sockets: Sockets) -> None:
    """Skip what a secure server behind a secure proxy needs, where the event loop lacks it."""
    if sockets.loop is not None and sys.version_info < (3, 11):
        pytest.skip("asyncio speaks TLS inside TLS from Python 3.11 on")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_a_socket_through_a_proxy(
    sockets: Sockets,
    certificate: ssl.SSLContext,
    trusting: ssl.SSLContext,
    scheme: str,
    secure: bool,
) -> None:
    if secure and scheme == "https":
        check_nested_tls(sockets)
    words = [b"x" * 1000] * 200
    with (
        SocketPeer(speak, tls=certificate if secure else None) as peer,
        proxy(tls=certificate if scheme == "https" else None) as through,
    ):
        ws = sockets.tts(peer.url, proxy=through.url(scheme), ssl=trusting)
        transcript = b" ".join(words).decode()
        assert heard(ws.send(transcript=transcript, **SPEECH)) == words
        ws.close()
        assert asked(through) == [host_for(scheme)]
        assert all(b"\r\nProxy-Authorization: Basic " in head for head in through.heads)
        assert through.users == [USER] * scheme.startswith("socks")


def test_transcription_goes_through_it_too(sockets: Sockets, trusting: ssl.SSLContext) -> None:
    def script(line: Line) -> None:
        assert line.receive() == "done"
        line.send({"type": "done", "request_id": "r"})

    with SocketPeer(script) as peer, proxy() as through:
        ws = sockets.stt(peer.url, proxy=through.url("socks5"))
        ws.send("done")
        assert [result["type"] for result in ws.receive()] == ["done"]
        assert asked(through) == ["localhost"]


@pytest.mark.parametrize("scheme", SCHEMES[2:])
def test_http_calls_go_through_socks(sockets: Sockets, scheme: str) -> None:
    with Peer(answer({"ok": True, "version": "through"})) as peer, proxy() as through:
        url = f"http://localhost:{urlsplit(peer.url).port}"
        client = sockets.client(url, proxy=through.url(scheme))
        assert [client.api_status.get().version for _ in "ab"] == ["through"] * 2
        client.close()
        assert asked(through) == [host_for(scheme)]


def test_a_socks_proxy_that_refuses_http_calls(sockets: Sockets) -> None:
    with proxy(grant=False) as through:
        client = sockets.client("http://localhost:9", proxy=through.url("socks5"))
        with pytest.raises(ApiConnectionError, match="the proxy refused: not allowed") as caught:
            client.api_status.get()
        client.close()
        assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("kind", ["calls", "sockets"])
def test_a_socks_proxy_that_says_nothing_is_given_up(sockets: Sockets, kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        through = f"socks5://127.0.0.1:{silent.getsockname()[1]}"
        client = sockets.client("http://localhost:9", proxy=through, timeout=0.05)
        with pytest.raises(ApiTimeoutError):
            client.api_status.get() if kind == "calls" else client.tts.websocket()
        client.close()


@pytest.mark.parametrize("scheme", ["socks4", "socks5"])
def test_a_server_that_cannot_be_looked_up(sockets: Sockets, scheme: str) -> None:
    with proxy(grant=False) as through:
        client = sockets.client("http://speech.invalid", proxy=through.url(scheme))
        for call in (client.api_status.get, client.tts.websocket):
            with pytest.raises(ApiConnectionError):
                call()
        client.close()


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
def test_a_proxy_of_the_environment(
    sockets: Sockets,
    secure_peer: SocketPeer,
    certificate: ssl.SSLContext,
    trusting: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    if scheme == "https":
        check_nested_tls(sockets)
    with proxy(tls=certificate if scheme == "https" else None) as through:
        monkeypatch.setenv("HTTPS_PROXY", through.url(scheme))
        monkeypatch.setenv("NO_PROXY", "")
        ws = sockets.tts(secure_peer.url, ssl=trusting)
        assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
        assert asked(through) == ["localhost"]
        monkeypatch.setenv("NO_PROXY", "localhost")
        ws = sockets.tts(secure_peer.url, ssl=trusting)
        assert heard(ws.send(transcript="b", **SPEECH)) == [b"b"]
        assert asked(through) == ["localhost"]


def test_more_than_fits_goes_out_through_a_secure_proxy_as_the_server_reads(
    sockets: Sockets, certificate: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    check_nested_tls(sockets)
    reading = threading.Event()

    def script(line: Line) -> None:
        assert reading.wait(PATIENCE)
        request = line.receive()
        line.send(chunk(request["context_id"], str(len(request["transcript"])).encode()))
        line.send(event("done", request["context_id"]))

    with SocketPeer(script, tls=certificate) as peer, proxy(tls=certificate) as through:
        ws = sockets.tts(peer.url, proxy=through.url("https"), ssl=trusting)
        waiting = sockets.start(lambda: heard(ws.send(transcript="x" * (24 << 20), **SPEECH)))
        assert not waiting.done()
        reading.set()
        assert waiting.result(PATIENCE) == [str(24 << 20).encode()]


def test_a_secure_proxy_that_is_cut(
    sockets: Sockets, secure_peer: SocketPeer, certificate: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    check_nested_tls(sockets)
    with proxy(tls=certificate) as through:
        ws = sockets.tts(secure_peer.url, proxy=through.url("https"), ssl=trusting)
        context = ws.context()
        context.send(transcript="a", continue_=True, **SPEECH)
        reading = context.receive()
        assert next(reading).audio == b"a"
        through.close()
        with pytest.raises(WebSocketError):
            next(reading)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_certificates_of_proxy_and_server_are_checked(
    sockets: Sockets, secure_peer: SocketPeer, certificate: ssl.SSLContext, scheme: str
) -> None:
    with proxy(tls=certificate if scheme == "https" else None) as through:
        url = secure_peer.url if scheme == "http" else "http://localhost:9"
        with pytest.raises(WebSocketConnectError, match="certificate verify failed"):
            sockets.tts(url, proxy=through.url(scheme))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n", "refused with '407 Who are"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "did not answer as one"),
        (b"", "did not answer as one"),
    ],
)
def test_an_http_proxy_that_refuses(sockets: Sockets, answer: bytes, text: str) -> None:
    with proxy(answer) as through, pytest.raises(WebSocketConnectError, match=text) as caught:
        sockets.tts("https://localhost:9", proxy=through.url())
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"scheme": "socks5"}, "refused: not allowed by its rules"),
        ({"scheme": "socks5", "password": "wrong"}, "refused the user or the password"),
        ({"scheme": "socks4"}, "refused: code 91"),
    ],
)
def test_a_socks_proxy_that_refuses(sockets: Sockets, arguments: dict[str, Any], text: str) -> None:
    with proxy(grant=False) as through:
        with pytest.raises(WebSocketConnectError, match=f"the proxy {text}") as caught:
            sockets.tts("https://localhost:9", proxy=through.url(**arguments))
        assert PASSWORD not in str(caught.value)
        assert "wrong" not in str(caught.value)


@pytest.mark.skipif(sys.version_info >= (3, 11), reason="asyncio speaks TLS inside TLS")
def test_what_the_event_loop_cannot_do_is_told() -> None:
    async def open_socket() -> None:
        async with AsyncCartesia(base_url="https://localhost:9", max_retries=0) as client:
            await client.tts.websocket(proxy="https://localhost:9")

    with pytest.raises(InvalidArgumentError, match=r"before Python 3\.11, accepted are http and"):
        asyncio.run(open_socket())


def test_a_proxy_of_another_kind(sockets: Sockets) -> None:
    with pytest.raises(InvalidArgumentError, match="proxy: got an address that begins with"):
        sockets.tts("http://localhost:9", proxy="ftp://user:secret@localhost:1080")
