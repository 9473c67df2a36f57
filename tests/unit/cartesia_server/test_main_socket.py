"""The socket of `cartesia serve` in front of a peer that does not read."""

import asyncio

import anyio.lowlevel
import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from cartesia_server.main import _WebSocket

pytestmark = pytest.mark.anyio


class Transport(asyncio.Transport):
    max_size = 1 << 18

    def __init__(self):
        self.sent = b""
        self.closed = False

    def write(self, data):
        self.sent += data

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed

    def pause_reading(self):
        pass

    resume_reading = pause_reading

    def get_extra_info(self, name, default=None):
        return default


async def accept(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await receive()


async def opened(app):
    """A socket whose handshake is done, its transport, and its peer."""
    peer = ClientProtocol(parse_uri("ws://a/"))
    config = uvicorn.Config(app, lifespan="off", log_config=None)
    config.load()
    socket, transport = _WebSocket(config, ServerState(), {}), Transport()
    socket.connection_made(transport)
    peer.send_request(peer.connect())
    socket.data_received(b"".join(peer.data_to_send()))
    while not transport.sent:
        await anyio.lowlevel.checkpoint()
    peer.receive_data(transport.sent)
    transport.sent = b""
    return socket, transport, peer


async def test_of_many_pings_that_wait_the_last_is_answered():
    socket, transport, peer = await opened(accept)
    socket.pause_writing()
    for number in range(1000):
        peer.send_ping(b"%d" % number)
        socket.data_received(b"".join(peer.data_to_send()))
    assert not transport.sent
    socket.resume_writing()
    assert transport.sent == b"\x8a\x03999"
    peer.send_ping(b"more")
    socket.data_received(b"".join(peer.data_to_send()))
    assert transport.sent.endswith(b"more")
    socket.connection_lost(None)


async def test_a_message_in_many_parts_is_as_large_as_its_bytes():
    came = []

    async def listen(scope, receive, send):
        await accept(scope, receive, send)
        came.append(await receive())

    async def accept(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})

    socket, transport, peer = await opened(listen)
    assert transport.max_size == 1 << 14
    peer.send_text(b"a", fin=False)
    for _ in range(1000):
        peer.send_continuation(b"b", fin=False)
        peer.send_continuation(b"", fin=False)
    socket.data_received(b"".join(peer.data_to_send()))
    assert len(socket.frames) <= 1
    peer.send_continuation(b"c", fin=True)
    socket.data_received(b"".join(peer.data_to_send()))
    while not came:
        await anyio.lowlevel.checkpoint()
    assert came[0]["text"] == "a" + "b" * 1000 + "c"
    socket.connection_lost(None)


async def test_a_socket_that_nobody_serves_any_more_is_closed():
    async def leave(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})

    socket, transport, _ = await opened(leave)
    while not transport.closed:
        await anyio.lowlevel.checkpoint()
    socket.connection_lost(None)
