"""How much memory does a server hold after minutes of everything at once?

    python bench/memory.py [--minutes 10] [--record]

Starts ``cartesia serve`` and, until the time is over, speaks over sockets, HTTP and server-sent
events in changing voices, breaks some of it off, transcribes what was said in batch and over
sockets, and clones a voice now and then: one of each kind at a time, all kinds side by side.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable

from cartesia import AsyncCartesia
from results import machine, record, table
from server import memory, sentence, server

RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16000}
WAV = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 24000}
CHUNK = 3200


class Caller:
    """One program that uses a server for everything.

    Args:
        client: of the server.
        voices: ids to choose from.
    """

    def __init__(self, client: AsyncCartesia, voices: list[str]) -> None:
        self._client = client
        self._voices = voices
        self._chance = random.Random(7)

    def _request(self, **changes: object) -> dict[str, object]:
        return {
            "model_id": self._chance.choice(["sonic-2", "sonic-turbo"]),
            "transcript": sentence(self._chance.randint(8, 30), self._chance),
            "voice": {"id": self._chance.choice(self._voices)},
            **changes,
        }

    async def read(self) -> None:
        """A file over HTTP, of any format."""
        container = self._chance.choice(["wav", "mp3"])
        form = {"container": "mp3", "sample_rate": 44100, "bit_rate": 128000}
        output_format = WAV if container == "wav" else form
        async for _ in self._client.tts.bytes(**self._request(output_format=output_format)):  # type: ignore[arg-type]
            pass

    async def converse(self) -> None:
        """A socket with two contexts, one of them cancelled."""
        async with await self._client.tts.websocket() as socket:
            for broken_off in (False, True):
                context = socket.context()
                await context.send(**self._request(output_format=RAW), continue_=False)  # type: ignore[arg-type]
                async for _ in context.receive():
                    if broken_off:
                        await context.cancel()
                        break

    async def transcribe(self) -> None:
        """A sentence spoken and heard again, in batch and over a socket."""
        spoken = await self._client.tts.bytes(**self._request(output_format=WAV)).read()  # type: ignore[arg-type]
        await self._client.stt.transcribe(file=spoken, model="ink-whisper", language="en")
        socket = await self._client.stt.websocket(
            model="ink-whisper", language="en", encoding="pcm_s16le", sample_rate=24000
        )
        for start in range(0, len(spoken), CHUNK):
            await socket.send(spoken[start : start + CHUNK])
        await socket.send("done")
        async for _ in socket.receive():
            pass
        await socket.close()

    async def clone(self) -> None:
        """A voice from a clip, used nowhere, deleted again."""
        clip = await self._client.tts.bytes(**self._request(output_format=WAV)).read()  # type: ignore[arg-type]
        made = await self._client.voices.clone(
            clip=clip, name="memory bench", language="en", mode="similarity"
        )
        await self._client.voices.delete(made.id)
        await asyncio.sleep(20)


async def use(url: str, seconds: float) -> dict[str, int]:
    """Do everything for so long; how often each thing was done."""
    until = time.monotonic() + seconds
    done: dict[str, int] = {}

    async def repeat(name: str, once: Callable[[], Awaitable[None]]) -> None:
        for count in itertools.count(1):
            await once()
            done[name] = count
            if time.monotonic() > until:
                return

    async with AsyncCartesia(base_url=url, timeout=300) as client:
        voices = [voice.id async for voice in await client.voices.list(limit=100)]
        caller = Caller(client, voices)
        kinds = (caller.read, caller.converse, caller.transcribe, caller.clone)
        await asyncio.gather(*(repeat(kind.__name__, kind) for kind in kinds))
    return done


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--record", action="store_true", help="write the table to RESULTS.md")
    options = parser.parse_args()
    rows = []
    with server() as (url, pid, _):
        rows.append(["ready", *(f"{size:.0f}" for size in memory(pid))])
        for share in (0.1, 0.4, 0.5):
            done = asyncio.run(use(url, 60 * options.minutes * share))
            print(done)
            spent = f"{share * options.minutes:g} minutes more"
            rows.append([spent, *(f"{size:.0f}" for size in memory(pid))])
    text = f"{table(('MB resident', 'then', 'at most'), rows)}\n\n{machine()}"
    print(text)
    if options.record:
        record("Server: memory in mixed use", "python bench/memory.py", text)


if __name__ == "__main__":
    main()
