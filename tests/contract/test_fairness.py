"""Streams share a server without getting into each other's way."""

import asyncio
import json
import socket
import threading
from typing import Any

import anyio
import httpx
import pytest
from websockets.asyncio.client import connect

from cartesia_server.settings import Settings
from tests.contract.conftest import RAW, speech_request

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=1, max_queue=20)


@pytest.fixture
def address(server):
    return server.replace("http", "ws") + "/tts/websocket"


def message(context_id, transcript, **changes):
    return json.dumps(
        {"context_id": context_id, **speech_request(transcript=transcript, **changes)}
    )


async def until_done(connection):
    messages: list[Any] = []
    while not messages or not messages[-1]["done"]:
        messages.append(json.loads(await connection.recv()))
    return messages


async def test_ten_streams_start_before_any_ends(address, engine):
    """Each says its number ten times; the engine has one thread."""
    async with anyio.create_task_group() as tasks, connect(address) as gate:
        await gate.send(message("gate", "wait"))
        await asyncio.to_thread(engine.holding.wait, 20)

        async def stream(name):
            async with connect(address) as connection:
                await connection.send(message(name, " ".join([name] * 10)))
                waiting.release()
                assert (await until_done(connection))[-1]["type"] == "done"

        waiting = anyio.Semaphore(0)
        names = [f"n{number}" for number in range(10)]
        for name in names:
            tasks.start_soon(stream, name)
        for _ in names:
            await waiting.acquire()
        await anyio.sleep(0.2)  # until all ten wait for the engine
        engine.going.set()
        await until_done(gate)
    said = [word for word in engine.said if word in names]
    last_start = max(said.index(name) for name in names)
    first_end = min(len(said) - 1 - said[::-1].index(name) for name in names)
    assert last_start < first_end
    assert last_start < 20


async def test_reader_that_stops_reading_stalls_only_itself(server, address):
    """One socket asks for minutes of audio and reads none of it; another is served at once."""
    form = {**RAW, "encoding": "pcm_f32le", "sample_rate": 48000}
    text = "word. " * 2000
    async with connect(address, max_queue=1, ping_interval=None, close_timeout=0.1) as deaf:
        await deaf.send(message("deaf", text, output_format=form))
        async with connect(address) as other:
            for number in range(5):
                await other.send(message(f"{number}", "one two three"))
                assert len(await until_done(other)) == 4
        async with httpx.AsyncClient(base_url=server) as client:
            assert (await client.post("/tts/bytes", json=speech_request())).status_code == 200


async def test_input_is_read_while_output_waits(address, engine):
    """A cancel gets through on a socket whose output nobody reads."""
    form = {**RAW, "encoding": "pcm_f32le", "sample_rate": 48000}
    async with connect(address, max_queue=1, ping_interval=None, close_timeout=0.1) as deaf:
        await deaf.send(message("deaf", "word. " * 2000, output_format=form))
        for number in range(40):
            await deaf.send(message(f"held {number}", "wait"))
            await deaf.send(json.dumps({"context_id": f"held {number}", "cancel": True}))
        await deaf.send(json.dumps({"context_id": "deaf", "cancel": True}))
        async with connect(address) as other:
            await other.send(message("a", "one"))
            assert (await until_done(other))[-1]["type"] == "done"


async def test_dropped_http_stream_frees_the_engine(server, engine):
    async with httpx.AsyncClient(base_url=server) as client:
        request = speech_request(transcript="one wait three")
        async with client.stream("POST", "/tts/bytes", json=request) as answer:
            async for _ in answer.aiter_raw():
                assert await asyncio.to_thread(engine.holding.wait, 20)
                break
        assert await asyncio.to_thread(engine.freed.wait, 20)
    assert "three" not in engine.said


@pytest.mark.parametrize("path", ["/tts/bytes", "/tts/sse"])
async def test_http_client_that_leaves_before_the_first_byte_frees_the_engine(server, engine, path):
    async with httpx.AsyncClient(base_url=server) as client:
        request = client.post(path, json=speech_request(transcript="wait"))
        task = asyncio.create_task(request)
        assert await asyncio.to_thread(engine.holding.wait, 20)
        task.cancel()
        assert await asyncio.to_thread(engine.freed.wait, 20)


async def test_connection_that_breaks_frees_the_engine(server, engine):
    """No closing handshake, as when a laptop goes to sleep."""
    host, port = server.removeprefix("http://").split(":")
    raw = socket.create_connection((host, int(port)))
    connection = await connect(f"ws://{host}:{port}/tts/websocket", sock=raw).__aenter__()
    await connection.send(message("a", "wait"))
    assert await asyncio.to_thread(engine.holding.wait, 20)
    connection.transport.abort()
    assert await asyncio.to_thread(engine.freed.wait, 20)


async def test_full_queue_is_429_with_a_time_to_retry(server, address, engine):
    async with connect(address) as connection, httpx.AsyncClient(base_url=server) as client:
        await connection.send(message("0", "wait"))
        assert await asyncio.to_thread(engine.holding.wait, 20)
        for number in range(1, 22):
            await connection.send(message(f"{number}", "wait"))
        refusal = json.loads(await connection.recv())
        assert (refusal["context_id"], refusal["status_code"]) == ("21", 429)
        assert refusal["error_code"] == "concurrency_limited"
        answer = await client.post("/tts/bytes", json=speech_request())
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        engine.going.set()
        finished: set[str] = set()
        while len(finished) < 21:
            received = json.loads(await connection.recv())
            if received["done"]:
                assert received["type"] == "done"
                finished.add(received["context_id"])


async def test_engine_work_is_off_the_event_loop(server, engine):
    """While the only engine thread is busy, the server goes on answering."""
    async with httpx.AsyncClient(base_url=server) as client:
        task = asyncio.create_task(
            client.post("/tts/bytes", json=speech_request(transcript="wait"))
        )
        assert await asyncio.to_thread(engine.holding.wait, 20)
        assert (await client.get("/")).json()["ok"] is True
        assert threading.active_count() > 1
        engine.going.set()
        assert (await task).status_code == 200
