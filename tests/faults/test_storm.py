"""Many clients that behave badly in every way at once leave nothing behind."""

import asyncio
import json
import random

import anyio
import httpx
import pytest
from websockets.asyncio.client import connect

from cartesia_server.embedded import embedded
from cartesia_server.settings import Settings
from tests.contract.conftest import speech_request
from tests.contract.scripted import scripted_engines

pytestmark = pytest.mark.anyio

CONTEXTS = 40


async def rude_socket(url, chance):
    """Send anything in any order, read little, and often leave without a word."""
    for _ in range(4):
        async with connect(url, max_queue=1, close_timeout=0.1, ping_interval=None) as connection:
            for _ in range(chance.randrange(1, 12)):
                await connection.send(anything(chance))
            with anyio.move_on_after(chance.random() * 0.2):
                while True:
                    await connection.recv()
            if chance.random() < 0.3:
                connection.transport.abort()


def anything(chance):
    context_id = f"context {chance.randrange(4)}"
    text = "word " * chance.randrange(60)
    messages = [
        {"context_id": context_id, "continue": chance.random() < 0.7, **speech_request()},
        {"context_id": context_id, "flush": True, **speech_request(transcript=text)},
        {"context_id": context_id, **speech_request(transcript="one boom")},
        {"context_id": context_id, "transcript": ""},
        {"context_id": context_id, "cancel": True},
        {"context_id": context_id, **speech_request(model_id="none")},
    ]
    return chance.choice([*map(json.dumps, messages), b"\x00", "no JSON"])


async def rude_reader(base_url, chance):
    """Ask for a lot and hang up in the middle."""
    async with httpx.AsyncClient(base_url=base_url) as client:
        for path in ("/tts/bytes", "/tts/sse") * 3:
            request = speech_request(transcript="word " * chance.randrange(200))
            with anyio.move_on_after(chance.random() * 0.2):
                async with client.stream("POST", path, json=request) as answer:
                    async for _ in answer.aiter_raw():
                        if chance.random() < 0.1:
                            break


@pytest.mark.parametrize("seed", [1, 2])
async def test_storm_leaves_every_context_free(seed):
    chance = random.Random(seed)
    settings = Settings(threads=2, context_expiry=0.2, max_contexts=CONTEXTS, max_queue=500)
    with embedded(settings, engines=scripted_engines()) as base_url:
        url = base_url.replace("http", "ws") + "/tts/websocket"
        async with anyio.create_task_group() as storm:
            for _ in range(10):
                storm.start_soon(rude_socket, url, chance)
                storm.start_soon(rude_reader, base_url, chance)
        await asyncio.sleep(0.5)  # contexts that nobody ended expire
        async with connect(url) as connection:
            for number in range(CONTEXTS):
                request = {"context_id": f"{number}", "continue": True, **speech_request()}
                await connection.send(json.dumps(request))
                await connection.send(json.dumps({"context_id": f"{number}", "transcript": ""}))
            ended: list[str] = []
            while len(ended) < CONTEXTS:
                event = json.loads(await connection.recv())
                if event["done"]:
                    ended.append(event["type"])
        assert ended == ["done"] * CONTEXTS
