"""Streams and clients that are dropped, closed or left open: sockets are freed, and silently."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from typing import Any

import httpx
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.api_error import ApiConnectionError, ApiTimeoutError

from .peer import Connection, Peer, Received, answer, chunked, raw, say_nothing
from .surfaces import Surface

SPEECH: dict[str, Any] = {
    "model_id": "sonic-2",
    "transcript": "Hello",
    "voice": {"id": "voice"},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}
STATUS = {"ok": True, "version": "1"}


def begin(connection: Connection, _: Received) -> bool:
    """Send the beginning of an endless answer, and see when the client has enough."""
    connection.send(chunked(b"first", end=False))
    connection.wait_until_closed()
    closed.release()
    return False


closed = threading.Semaphore(0)


def wait_closed(count: int = 1) -> None:
    for _ in range(count):
        assert closed.acquire(timeout=10), "the client keeps a connection open"


def test_a_thousand_dropped_streams_do_not_exhaust_the_pool(
    surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartesia.core.http_client.MAX_CONNECTIONS", 5)
    with Peer(begin) as peer:
        client = surface.client(peer.url, timeout=5)
        count = 1000 if surface.runner is None else 200
        for _ in range(count):
            client.tts.bytes(**SPEECH)
        surface.settle()
        wait_closed(count)
        assert len(peer.requests) == count


def test_a_stream_is_freed_when_it_is_dropped_half_read(surface: Surface) -> None:
    with Peer(begin) as peer:
        stream = surface.client(peer.url).tts.bytes(**SPEECH)
        assert next(stream) == b"first"
        del stream
        surface.settle()
        wait_closed()


def test_a_stream_in_a_cycle_is_freed_by_the_garbage_collector(surface: Surface) -> None:
    with Peer(begin) as peer:
        cycle: dict[str, Any] = {"stream": surface.client(peer.url).tts.bytes(**SPEECH)}
        cycle["self"] = cycle
        del cycle
        gc.collect()
        surface.settle()
        wait_closed()


def test_a_closed_stream_ends_and_frees_its_socket(surface: Surface) -> None:
    with Peer(begin) as peer:
        stream = surface.client(peer.url).tts.bytes(**SPEECH)
        assert next(stream) == b"first"
        stream.close()
        stream.close()
        assert list(stream) == []
        surface.settle()
        wait_closed()


def test_a_stream_outlives_its_client_object(surface: Surface) -> None:
    with Peer(raw(chunked(b"one", b"two"))) as peer:
        stream = surface.client(peer.url).tts.bytes(**SPEECH)
        surface._clients.clear()
        gc.collect()
        assert b"".join(stream) == b"onetwo"


def test_closing_the_client_frees_idle_and_busy_sockets(surface: Surface) -> None:
    with Peer(answer(STATUS), begin) as peer:
        client = surface.client(peer.url)
        client.api_status.get()
        stream = client.tts.bytes(**SPEECH)
        client.close()
        client.close()
        surface.settle()
        wait_closed()
        assert next(stream) == b"first"
        with pytest.raises(ApiConnectionError):
            next(stream)


def test_a_closed_client_opens_new_connections_when_used_again(surface: Surface) -> None:
    with Peer(answer(STATUS)) as peer:
        client = surface.client(peer.url)
        client.api_status.get()
        client.api_status.get()
        assert peer.connections == 1
        client.close()
        assert peer.closed_by_client.acquire(timeout=10)
        client.api_status.get()
        assert peer.connections == 2


def test_an_exhausted_stream_leaves_its_connection_for_the_next_call(surface: Surface) -> None:
    with Peer(raw(chunked(b"audio")), answer(STATUS)) as peer:
        client = surface.client(peer.url)
        assert client.tts.bytes(**SPEECH).read() == b"audio"
        client.api_status.get()
        assert peer.connections == 1


def test_a_connection_that_the_server_closed_meanwhile_is_replaced(surface: Surface) -> None:
    def answer_once(connection: Connection, request: Received) -> bool:
        answer(STATUS)(connection, request)
        return False

    with Peer(answer_once) as peer:
        client = surface.client(peer.url)
        for _ in range(5):
            assert client.api_status.get().ok


def test_a_server_that_falls_silent_is_a_timeout(surface: Surface) -> None:
    def stop(connection: Connection, _: Received) -> bool:
        connection.send(chunked(b"first", end=False))
        connection.wait_until_closed()
        return False

    with Peer(stop) as peer:
        stream = surface.client(peer.url, timeout=0.2).tts.bytes(**SPEECH)
        assert next(stream) == b"first"
        with pytest.raises(ApiTimeoutError, match=r"within 0\.2 s"):
            next(stream)
        assert list(stream) == []


def test_a_server_that_never_answers_is_a_timeout_after_the_retries(surface: Surface) -> None:
    def silence(connection: Connection, _: Received) -> bool:
        connection.wait_until_closed()
        return False

    with Peer(silence) as peer:
        with pytest.raises(ApiTimeoutError):
            surface.client(peer.url).api_status.get(
                request_options={"timeout_in_seconds": 0.1, "max_retries": 1}
            )
        assert len(peer.requests) == 2


def test_a_server_that_is_not_there_is_a_connection_error(surface: Surface) -> None:
    with Peer() as peer:
        url = peer.url
    with pytest.raises(ApiConnectionError, match="Could not connect to http://127") as caught:
        surface.client(url).api_status.get()
    assert caught.value.may_have_arrived is False
    assert "cartesia serve" in (caught.value.hint or "")


def test_threads_share_a_client() -> None:
    with Peer(answer(STATUS)) as peer, Cartesia(base_url=peer.url) as client:
        answers: list[Any] = []
        threads = [
            threading.Thread(target=lambda: answers.append(client.api_status.get().ok))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [True] * 20


@pytest.mark.parametrize("closed_by", ["stream", "client"])
def test_who_reads_a_stream_is_woken_by_a_thread_that_closes_it(closed_by: str) -> None:
    with Peer(begin) as peer:
        client = Cartesia(base_url=peer.url)
        stream = client.tts.bytes(**SPEECH)
        assert next(stream) == b"first"
        with ThreadPoolExecutor() as pool:
            reading = pool.submit(next, stream)
            wait_until_blocked(reading)
            (stream if closed_by == "stream" else client).close()
            assert isinstance(reading.exception(timeout=10), ApiConnectionError)
        wait_closed()


def test_a_second_reader_is_refused_and_does_no_harm_to_the_first() -> None:
    go_on = threading.Event()

    def script(connection: Connection, _: Received) -> None:
        connection.send(chunked(b"first", end=False))
        assert go_on.wait(10)
        connection.send(b"6\r\nsecond\r\n0\r\n\r\n")

    with Peer(script) as peer, Cartesia(base_url=peer.url).tts.bytes(**SPEECH) as stream:
        assert next(stream) == b"first"
        with ThreadPoolExecutor() as pool:
            reading = pool.submit(next, stream)
            wait_until_blocked(reading)
            with pytest.raises(RuntimeError, match="already being read"):
                next(stream)
            go_on.set()
            assert reading.result(timeout=10) == b"second"


def test_who_waits_for_an_answer_is_woken_by_a_thread_that_closes_the_client() -> None:
    with Peer(keep_waiting) as peer:
        client = Cartesia(base_url=peer.url)
        with ThreadPoolExecutor() as pool:
            call = pool.submit(client.api_status.get)
            assert asked.acquire(timeout=10)
            wait_until_blocked(call)
            client.close()
            assert isinstance(call.exception(timeout=10), ApiConnectionError)
        assert len(peer.requests) == 1, "what the program gave up was sent again"


@pytest.mark.anyio
async def test_closing_a_client_ends_the_calls_that_other_tasks_make() -> None:
    with Peer(keep_waiting) as peer:
        client = AsyncCartesia(base_url=peer.url)
        call = asyncio.create_task(client.api_status.get())
        assert await asyncio.to_thread(asked.acquire, timeout=10)
        await client.close()
        with pytest.raises(ApiConnectionError):
            await asyncio.wait_for(call, timeout=10)
        assert len(peer.requests) == 1, "what the program gave up was sent again"


def keep_waiting(connection: Connection, received: Received) -> bool:
    """Never answer, and tell the test that there is somebody to keep waiting."""
    asked.release()
    return say_nothing(connection, received)


asked = threading.Semaphore(0)


def wait_until_blocked(future: Future[Any]) -> None:
    """Give a thread the time to begin what it cannot end."""
    with pytest.raises(NotYetError):
        future.result(timeout=0.2)


def test_a_dropped_stream_of_a_handed_in_client_frees_its_socket() -> None:
    with Peer(begin) as peer, httpx.Client() as httpx_client:
        client = Cartesia(base_url=peer.url, httpx_client=httpx_client)
        for _ in range(3):
            client.tts.bytes(**SPEECH)
        wait_closed(3)
        client.close()
        assert not httpx_client.is_closed


LEFT_OPEN = """
import asyncio
from cartesia import AsyncCartesia, Cartesia

def idle_client():
    client.api_status.get()

def open_stream():
    kept.append(client.tts.bytes(**SPEECH))
    next(kept[-1])

def dropped_stream():
    client.tts.bytes(**SPEECH)

def stream_without_client():
    kept.append(Cartesia(base_url=URL).tts.bytes(**SPEECH))

def client_in_a_cycle():
    other = Cartesia(base_url=URL)
    other.api_status.get()
    other.self = other

kept = []
client = Cartesia(base_url=URL)
for use in (idle_client, open_stream, dropped_stream, stream_without_client, client_in_a_cycle):
    use()
"""
LEFT_OPEN_ASYNC = """
import asyncio
from cartesia import AsyncCartesia

async def idle_client():
    await client.api_status.get()

async def open_stream():
    kept.append(await client.tts.bytes(**SPEECH))
    await anext(kept[-1])

async def dropped_stream():
    await client.tts.bytes(**SPEECH)

async def half_read_stream():
    async for piece in client.tts.bytes(**SPEECH):
        break

async def never_awaited():
    client.tts.bytes(**SPEECH)
    client.voices.list()

async def local_client():
    other = AsyncCartesia(base_url=URL)
    await other.api_status.get()
    del other
    await asyncio.sleep(0)

async def cancelled_call():
    task = asyncio.create_task(client.tts.bytes(**SPEECH).read())
    await asyncio.sleep(0.05)
    task.cancel()

kept = []
client = AsyncCartesia(base_url=URL)
for use in (
    idle_client, open_stream, dropped_stream, half_read_stream, never_awaited, local_client,
    cancelled_call,
):
    asyncio.run(use())
    asyncio.run(use())
"""


@pytest.mark.parametrize("program", [LEFT_OPEN, LEFT_OPEN_ASYNC], ids=["sync", "async"])
def test_what_a_program_leaves_open_makes_no_noise(program: str) -> None:
    def serve(connection: Connection, request: Received) -> Any:
        script = begin if request.method == "POST" else answer(STATUS)
        return script(connection, request)

    with Peer(serve) as peer:
        program = f"URL = {peer.url!r}\nSPEECH = {SPEECH!r}\n{program}"
        command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    # In this mode asyncio also tells which of its steps were slow.
    noise = [line for line in done.stderr.splitlines() if not line.startswith("Executing <")]
    assert (done.returncode, done.stdout, noise) == (0, "", [])
