"""Sockets, contexts and generators that are dropped: the server stops, and nothing makes noise."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from typing import Any

import pytest

from cartesia import AsyncCartesia, Cartesia

from .peer import Line, SocketPeer, chunk, speak
from .surfaces import PATIENCE, Sockets
from .test_conversation import SPEECH, heard


class Endless:
    """A service that speaks for as long as it is not told to stop.

    Attributes:
        stopped: Ids of the contexts that were cancelled.
    """

    def __init__(self) -> None:
        self.stopped: list[str] = []
        self._changed = threading.Condition()

    def __call__(self, line: Line) -> None:
        for request in line.messages():
            if request.get("cancel"):
                with self._changed:
                    self.stopped.append(request["context_id"])
                    self._changed.notify_all()
            else:
                line.send(*(chunk(request["context_id"], b"la") for _ in range(3)))

    def wait_stopped(self, *context_ids: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: set(context_ids) <= {*self.stopped}, PATIENCE)


def test_outputs_closed_early_stop_the_server(sockets: Sockets) -> None:
    service = Endless()
    with SocketPeer(service) as peer:
        ws = sockets.tts(peer.url)
        for context_id, give_up in (
            ("closed", lambda outputs: outputs.close()),
            ("unread", lambda outputs: outputs.close()),
        ):
            outputs = ws.send(transcript="a", context_id=context_id, **SPEECH)
            if context_id == "closed":
                next(outputs)
            give_up(outputs)
            give_up(outputs)
            assert heard(outputs) == []
            service.wait_stopped(context_id)


def test_an_exception_thrown_into_outputs_stops_the_server() -> None:
    service = Endless()
    with SocketPeer(service) as peer, Cartesia(base_url=peer.url).tts.websocket() as ws:
        outputs = ws.send(transcript="a", context_id="thrown", **SPEECH)
        assert outputs.send(None).audio == b"la"
        with pytest.raises(LookupError, match="enough"):
            outputs.throw(LookupError("enough"))
        service.wait_stopped("thrown")


def test_dropped_outputs_and_contexts_stop_the_server(sockets: Sockets) -> None:
    service = Endless()
    with SocketPeer(service) as peer:
        ws = sockets.tts(peer.url)

        def drop() -> None:
            ws.send(transcript="a", context_id="unread", **SPEECH)
            next(ws.send(transcript="a", context_id="begun", **SPEECH))
            context = ws.context("context")
            context.send(transcript="a", continue_=True, **SPEECH)
            next(context.receive())

        drop()
        gc.collect()
        service.wait_stopped("unread", "begun", "context")


def test_leaving_a_block_stops_the_server(sockets: Sockets) -> None:
    service = Endless()
    with SocketPeer(service) as peer:
        ws = sockets.tts(peer.url)
        with ws.context("left") as context:
            context.send(transcript="a", continue_=True, **SPEECH)
            reading = context.receive()
            next(reading)
        service.wait_stopped("left")
        assert context.is_closed()


def test_a_dropped_reader_leaves_the_rest_to_others(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer, sockets.tts(peer.url).context() as context:
        context.send(transcript="a b c", **SPEECH)
        assert next(iter(context.receive())).audio == b"a"
        gc.collect()
        segment = context.flush()
        assert heard(segment()) == [b"b", b"c"]


def test_outputs_dropped_during_other_calls_are_noticed_later() -> None:
    """A finaliser may run while its own thread holds the lock."""
    service = Endless()
    with SocketPeer(service) as peer, Cartesia(base_url=peer.url).tts.websocket() as ws:
        outputs = ws.send(transcript="a", context_id="locked", **SPEECH)
        with ws._socket.lock:
            del outputs
        ws.send(transcript="b", context_id="next", **SPEECH)
        service.wait_stopped("locked")


def test_outputs_that_outlive_their_socket_are_silent(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:
        ws = sockets.tts(peer.url)
        context = ws.context()
        outputs = ws.send(transcript="a", **SPEECH)
        ws.close()
        del outputs, context, ws
        gc.collect()


def test_sockets_that_are_dropped_are_closed(sockets: Sockets) -> None:
    with SocketPeer(speak) as peer:

        def drop() -> None:
            client = sockets.client(peer.url)
            ws = client.tts.websocket(ping_interval=PATIENCE)
            assert heard(ws.send(transcript="a", **SPEECH)) == [b"a"]
            client.stt.websocket()

        drop()
        gc.collect()
        peer.wait_closed(2)


def run_silently(program: str) -> None:
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=2 * PATIENCE
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_program_that_ends_in_the_middle_of_speech_is_silent() -> None:
    with SocketPeer(Endless()) as peer:
        run_silently(f"""
from cartesia import Cartesia

ws = Cartesia(base_url={peer.url!r}).tts.websocket()
outputs = ws.send(transcript="a", **{SPEECH!r})
next(outputs)
def keep():  # holds on to all of this until the modules that it needs are gone
    return outputs, context

context = ws.context()
context.send(transcript="b", continue_=True, **{SPEECH!r})
""")


def test_a_program_that_closes_nothing_is_silent() -> None:
    def lose_everything(base_url: str) -> str:
        return f"""
import asyncio
from cartesia import AsyncCartesia, Cartesia

SPEECH = {SPEECH!r}
ws = Cartesia(base_url={base_url!r}).tts.websocket(ping_interval=0.01)
outputs = ws.send(transcript="a b", **SPEECH)
next(outputs)

async def main():
    ws = await AsyncCartesia(base_url={base_url!r}).tts.websocket(ping_interval=0.01)
    outputs = await ws.send(transcript="a b", **SPEECH)
    await outputs.__anext__()
    waiting = asyncio.create_task(ws.context().receive().__anext__())
    await asyncio.sleep(0)

asyncio.run(main())
"""

    with SocketPeer(speak) as peer:
        run_silently(lose_everything(peer.url))


@pytest.mark.anyio
async def test_a_cancelled_task_can_go_on_reading_later() -> None:
    with SocketPeer(speak) as peer:
        async with AsyncCartesia(base_url=peer.url).tts.websocket() as ws:
            context = ws.context()
            reading = context.receive()
            waiting = asyncio.create_task(reading.__anext__())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await context.send(transcript="a", **SPEECH)
            assert [output.audio async for output in reading] == [b"a"]


@pytest.mark.anyio
async def test_outputs_of_a_task_behave_like_a_generator() -> None:
    service = Endless()
    with SocketPeer(service) as peer:
        async with AsyncCartesia(base_url=peer.url).tts.websocket() as ws:
            outputs = await ws.send(transcript="a", context_id="thrown", **SPEECH)
            assert (await outputs.asend(None)).audio == b"la"
            with pytest.raises(LookupError, match="enough"):
                await outputs.athrow(LookupError("enough"))
            await asyncio.to_thread(service.wait_stopped, "thrown")

            async def texts() -> Any:
                yield "a"
                await asyncio.Event().wait()

            fed = await ws.send(transcript=texts(), context_id="fed", **SPEECH)
            assert (await fed.__anext__()).audio == b"la"
            del fed
            gc.collect()
            await asyncio.to_thread(service.wait_stopped, "fed")
