"""A socket that is being opened is awaited, entered, or made into a task."""

from __future__ import annotations

import asyncio

import pytest

from cartesia.core.socket_pending import PendingSocket

pytestmark = pytest.mark.anyio


class Socket:
    closed = False

    async def close(self) -> None:
        self.closed = True


def opening(socket: Socket, error: Exception | None = None) -> PendingSocket[Socket]:
    async def open_socket() -> Socket:
        await asyncio.sleep(0)
        if error is not None:
            raise error
        return socket

    return PendingSocket(open_socket())


async def test_awaiting_gives_the_socket_open() -> None:
    socket = Socket()
    assert await opening(socket) is socket
    assert not socket.closed


async def test_a_block_closes_the_socket() -> None:
    socket = Socket()
    async with opening(socket) as entered:
        assert entered is socket
    assert socket.closed


async def test_it_may_be_a_task() -> None:
    socket = Socket()
    assert await asyncio.create_task(opening(socket)) is socket
    together = await asyncio.gather(opening(socket), opening(socket))
    assert list(together) == [socket, socket]


async def test_a_task_can_be_cancelled() -> None:
    task = asyncio.create_task(opening(Socket()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_errors_pass_through() -> None:
    for use in (opening(Socket(), LookupError("no")), opening(Socket(), LookupError("no"))):
        with pytest.raises(LookupError, match="no"):
            await use
    pending = opening(Socket(), LookupError("no"))
    with pytest.raises(LookupError, match="no"):
        async with pending:
            pytest.fail("there is no socket")


async def test_giving_up_is_silent() -> None:
    opening(Socket()).close()
