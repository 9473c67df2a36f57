"""The work that `sdk.py` measures, done by one client in a process of its own.

    python sdk_workloads.py CLIENT WORKLOAD PORT

prints the CPU seconds that the workload took and the size of what came. It runs where only that
client is installed, and imports where the work begins, because importing is measured too.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from typing import Any

WARM_UP = "warm-up"
MEASURED = "measured"
VOICE: Any = {"mode": "id", "id": "694f9389-aac1-45b6-b726-9d9369183238"}
RAW: Any = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 44100}
SPEECH: Any = {"model_id": "sonic-2", "voice": VOICE, "output_format": RAW}

# Does its work once; given a name, for `WARM_UP` or `MEASURED`. Returns how much came.
Work = Callable[[str], int]


def cpu_seconds() -> float:
    """User and system time of this process, threads included."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Official2:
    """The interface of 2.x: that of cartesia 2.0.11, and ours."""

    def __init__(self, port: int) -> None:
        # 2.0.11 takes any other name for a server with TLS.
        self.options: Any = {"api_key": "any", "base_url": f"http://localhost:{port}"}

    def sync_client(self) -> Any:
        from cartesia import Cartesia

        return Cartesia(**self.options)

    def async_client(self) -> Any:
        from cartesia import AsyncCartesia

        return AsyncCartesia(**self.options)

    def first_call(self) -> int:
        return int(self.sync_client().api_status.get().ok)

    def audio_of(self, event: Any) -> bytes:
        import base64

        return base64.b64decode(event.data)

    def sse(self) -> Work:
        client = self.sync_client()
        return lambda name: sum(
            len(self.audio_of(event))
            for event in client.tts.sse(transcript=name, **SPEECH)
            if event.type == "chunk"
        )

    def sync_socket(self) -> Work:
        socket = self.sync_client().tts.websocket()
        return lambda name: sum(
            len(output.audio)
            for output in socket.send(transcript=name, context_id=name, stream=True, **SPEECH)
        )

    async def async_socket(self) -> Any:
        socket = await self.async_client().tts.websocket()

        async def work(name: str) -> int:
            outputs = await socket.send(transcript=name, context_id=name, stream=True, **SPEECH)
            return sum([len(output.audio) async for output in outputs])

        return work

    def audio(self) -> Work:
        client = self.sync_client()
        return lambda name: sum(map(len, client.tts.bytes(transcript=name, **SPEECH)))

    def voices(self) -> Work:
        client = self.sync_client()

        def work(name: str) -> int:
            page = client.voices.list(limit=100, expand=["embedding"])
            return sum(len(voice.embedding) for voice in (page.items if name == WARM_UP else page))

        return work


class Ours(Official2):
    """This repository's client."""

    def audio_of(self, event: Any) -> bytes:
        audio: bytes = event.audio
        return audio


class Official4:
    """The interface of cartesia 4.x."""

    def __init__(self, port: int) -> None:
        self.options: Any = {
            "api_key": "any",
            "base_url": f"http://localhost:{port}",
            "websocket_base_url": f"ws://localhost:{port}",
        }

    def sync_client(self) -> Any:
        from cartesia import Cartesia

        return Cartesia(**self.options)

    def async_client(self) -> Any:
        from cartesia import AsyncCartesia

        return AsyncCartesia(**self.options)

    def first_call(self) -> int:
        return int(self.sync_client().get_status().ok)

    def sse(self) -> Work:
        client = self.sync_client()
        return lambda name: sum(
            len(event.audio)
            for event in client.tts.generate_sse(transcript=name, **SPEECH)
            if event.type == "chunk"
        )

    def sync_socket(self) -> Work:
        socket = self.sync_client().tts.websocket_connect().enter()

        def work(name: str) -> int:
            context = socket.context(context_id=name, **SPEECH)
            context.push(name)
            context.no_more_inputs()
            return sum(len(event.audio) for event in context.receive() if event.type == "chunk")

        return work

    async def async_socket(self) -> Any:
        socket = await self.async_client().tts.websocket_connect().enter()

        async def work(name: str) -> int:
            context = socket.context(context_id=name, **SPEECH)
            await context.push(name)
            await context.no_more_inputs()
            events = context.receive()
            return sum([len(event.audio) async for event in events if event.type == "chunk"])

        return work

    def audio(self) -> Work:
        client = self.sync_client()

        def work(name: str) -> int:
            answer = client.tts.generate(transcript=name, **SPEECH)
            return sum(map(len, answer.iter_bytes()))

        return work

    def voices(self) -> Work:
        client = self.sync_client()

        def work(name: str) -> int:
            page = client.voices.list(limit=100)
            return sum(len(voice.embedding) for voice in (page.data if name == WARM_UP else page))

        return work


class Floor:
    """The same bytes through bare httpx and websockets: one JSON parse, one base64 decode."""

    def __init__(self, port: int) -> None:
        self.address = f"localhost:{port}"
        self.options: Any = {"base_url": f"http://{self.address}", "timeout": 60}

    def first_call(self) -> int:
        import httpx

        return int(httpx.Client(**self.options).get("/").json()["ok"])

    def audio_of(self, event: str | bytes) -> int:
        import base64
        import json

        fields = json.loads(event)
        return 0 if fields["done"] else len(base64.b64decode(fields["data"]))

    def sse(self) -> Work:
        import httpx

        client = httpx.Client(**self.options)

        def work(name: str) -> int:
            size = 0
            rest = b""
            with client.stream("POST", "/tts/sse", json={"transcript": name}) as answer:
                for piece in answer.iter_bytes():
                    *events, rest = (rest + piece).split(b"\n\n")
                    size += sum(self.audio_of(event.split(b"data: ", 1)[1]) for event in events)
            return size

        return work

    def sync_socket(self) -> Work:
        import json

        from websockets.sync.client import connect

        socket = connect(f"ws://{self.address}/tts/websocket", compression=None)

        def work(name: str) -> int:
            socket.send(json.dumps({"context_id": name}))
            size = 0
            while added := self.audio_of(socket.recv()):
                size += added
            return size

        return work

    async def async_socket(self) -> Any:
        import json

        from websockets.asyncio.client import connect

        socket = await connect(f"ws://{self.address}/tts/websocket", compression=None)

        async def work(name: str) -> int:
            await socket.send(json.dumps({"context_id": name}))
            size = 0
            while added := self.audio_of(await socket.recv()):
                size += added
            return size

        return work

    def audio(self) -> Work:
        import httpx

        client = httpx.Client(**self.options)

        def work(name: str) -> int:
            with client.stream("POST", "/tts/bytes", json={"transcript": name}) as answer:
                return sum(map(len, answer.iter_bytes()))

        return work

    def voices(self) -> Work:
        import httpx

        client = httpx.Client(**self.options)

        def work(name: str) -> int:
            size = 0
            query: dict[str, str] = {}
            while True:
                page = client.get("/voices", params=query).json()
                size += sum(len(voice["embedding"]) for voice in page["data"])
                if name == WARM_UP or not page["has_more"]:
                    return size
                query = {"starting_after": page["next_page"]}

        return work


CLIENTS: dict[str, Any] = {
    "ours": Ours,
    "2.0.11": Official2,
    "4.2.0": Official4,
    "floor": Floor,
}


def measure(client: Any, workload: str) -> tuple[float, int]:
    """Do a workload: those of the start at once, the others after a warm-up.

    Returns:
        CPU seconds, and how much came.
    """
    if workload == "import_alone":
        start = cpu_seconds()
        import cartesia

        return cpu_seconds() - start, len(cartesia.__name__)
    if workload == "first_call":
        start = cpu_seconds()
        size = client.first_call()
        return cpu_seconds() - start, size
    if workload == "async_socket":
        import asyncio

        return asyncio.run(measure_async(client))
    work = getattr(client, workload)()
    work(WARM_UP)
    start = cpu_seconds()
    size = work(MEASURED)
    return cpu_seconds() - start, size


async def measure_async(client: Any) -> tuple[float, int]:
    """Measure the asynchronous socket after a warm-up."""
    work = await client.async_socket()
    await work(WARM_UP)
    start = cpu_seconds()
    size = await work(MEASURED)
    return cpu_seconds() - start, size


def main() -> None:
    name, workload, port = sys.argv[1:]
    seconds, size = measure(CLIENTS[name](int(port)), workload)
    print(seconds, size, flush=True)
    # What clients do when they are dropped is not measured, and some are noisy about it.
    os._exit(0)


if __name__ == "__main__":
    main()
