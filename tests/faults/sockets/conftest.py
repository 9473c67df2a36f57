"""Sockets of both surfaces, and a secure server for them."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from .peer import SocketPeer, speak
from .surfaces import Sockets

PEM = Path(__file__).with_name("localhost.pem")


@pytest.fixture(params=["threads", "tasks"])
def sockets(request: pytest.FixtureRequest) -> Iterator[Sockets]:
    """One of the two surfaces; its sockets are closed after the test."""
    sockets = Sockets(asynchronous=request.param == "tasks")
    yield sockets
    sockets.close()


@pytest.fixture
def certificate() -> ssl.SSLContext:
    """TLS settings of a server that is `localhost`."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(PEM)
    return server


@pytest.fixture
def secure_peer(certificate: ssl.SSLContext) -> Iterator[SocketPeer]:
    """A server with a certificate."""
    with SocketPeer(speak, tls=certificate) as peer:
        yield peer


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """TLS settings of a client that trusts that certificate alone."""
    return ssl.create_default_context(cafile=str(PEM))
