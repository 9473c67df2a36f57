"""How soon a listener hears the server, and whether the sound then ever stops.

    python bench/server.py [--sentences 30] [--url http://127.0.0.1:8000]

Starts ``cartesia serve`` as a process of its own unless told of one, and speaks sentences of 20
words that nobody has synthesised before, one after another, over one WebSocket. An English voice of
Piper speaks too where the server has one.

first sound  from sending the request to when a listener who starts playing at the first byte hears
             a sample above -35 dBFS; silence in front of the speech counts
stall        silence that this listener hears because the next piece is late
added        first byte, less what the engine needed for its first piece (`step_time`)
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from results import machine, record, table

RATE = 24000
AUDIBLE = 10 ** (-35 / 20)
VOICE = "694f9389-aac1-45b6-b726-9d9369183238"

TITLES = (
    "20 words",
    "first sound p50",
    "p95",
    "first byte p50",
    "added p50",
    "RTF p50",
    "stalls, sum",
)

OPENINGS = "yesterday|this morning|after a long day|before the rain|in the old town|late at night"
SUBJECTS = "the young doctor|my older sister|a tired driver|the new teacher|our quiet neighbour"
VERBS = "carried|painted|forgot|repaired|sold|described|noticed|borrowed|measured|promised"
OBJECTS = "a wooden table|two yellow lamps|the broken window|some warm bread|a small radio"
PLACES = "near the river|behind the station|at the corner shop|under the bridge|by the church"
REASONS = "because nobody else wanted to|while everyone was watching|although it was already late"


@dataclass(frozen=True)
class Heard:
    """What a listener notices of one sentence; seconds.

    Attributes:
        first_sound: from the request.
        first_byte: from the request.
        added: of `first_byte`, what was not the engine's.
        stalled: silence for want of audio.
        duration: of the audio.
        elapsed: from the request to the end.
    """

    first_sound: float
    first_byte: float
    added: float
    stalled: float
    duration: float
    elapsed: float


def sentence(words: int, chance: random.Random) -> str:
    """A new sentence of so many words."""
    picked = " ".join(
        chance.choice(part.split("|"))
        for part in (OPENINGS, SUBJECTS, VERBS, OBJECTS, PLACES, REASONS)
    ).split()
    numbers = ["seven", "eleven", "thirteen", "seventeen", "nineteen", "twenty", "thirty", "forty"]
    while len(picked) < words:
        picked.insert(chance.randrange(3, len(picked)), chance.choice(numbers))
    return " ".join(picked[:words]).capitalize() + "."


@dataclass(frozen=True)
class Manner:
    """How sentences are said: the name of its rows, the model and the voice."""

    name: str
    model: str
    voice: str


async def listen(socket: ClientConnection, manner: Manner, text: str) -> Heard:
    """Say one sentence and listen."""
    request = {
        "model_id": manner.model,
        "transcript": text,
        "voice": {"id": manner.voice},
        "output_format": {"container": "raw", "encoding": "pcm_f32le", "sample_rate": RATE},
        "context_id": str(time.perf_counter_ns()),
    }
    sent = time.perf_counter()
    await socket.send(json.dumps(request))
    arrivals: list[tuple[float, np.ndarray]] = []
    step_time = 0.0
    while True:
        event = json.loads(await socket.recv())
        now = time.perf_counter() - sent
        if event["type"] == "error":
            raise SystemExit(f"{text!r}: {event['error']}")
        if event["done"]:
            return _judge(arrivals, step_time, now)
        if event["type"] == "chunk":
            step_time = step_time or event["step_time"] / 1000
            arrivals.append((now, np.frombuffer(base64.b64decode(event["data"]), "<f4")))


def _judge(arrivals: Sequence[tuple[float, np.ndarray]], step: float, elapsed: float) -> Heard:
    first_byte = arrivals[0][0]
    clock, stalled = first_byte, 0.0  # when what has arrived so far has been played
    first_sound = None
    for arrived, samples in arrivals:
        stalled += max(arrived - clock, 0.0)
        clock = max(clock, arrived)
        loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
        if first_sound is None and len(loud):
            first_sound = clock + loud[0] / RATE
        clock += len(samples) / RATE
    duration = sum(len(samples) for _, samples in arrivals) / RATE
    assert first_sound is not None, "nothing was loud enough to hear"
    return Heard(first_sound, first_byte, first_byte - step, stalled, duration, elapsed)


async def one_after_another(url: str, manner: Manner, texts: Sequence[str]) -> list[Heard]:
    """Say every sentence over one socket, the next when the last has ended."""
    async with connect(url, max_size=2**24) as socket:
        return [await listen(socket, manner, text) for text in texts]


async def at_once(url: str, manner: Manner, texts: Sequence[str], many: int) -> list[Heard]:
    """Say so many sentences at the same time, each over a socket of its own, then the next."""
    heard: list[Heard] = []
    for first in range(0, len(texts), many):
        together = texts[first : first + many]
        streams = (one_after_another(url, manner, [text]) for text in together)
        heard += [one for (one,) in await asyncio.gather(*streams)]
    return heard


@contextmanager
def server() -> Iterator[tuple[str, int, float]]:
    """A server of our own: its address, process id, and seconds until it answered."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "cartesia_cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"http://[\w.:]+", line):
                url = found.group()
                urllib.request.urlopen(url).close()
                break
        else:
            raise SystemExit("the server did not start")
        yield url, process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def memory(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its peak, in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    now, peak = (
        int(value) / 1024
        for name in ("VmRSS", "VmHWM")
        for value in re.findall(rf"{name}:\s+(\d+)", status)
    )
    return now, peak


def row(name: str, heard: Sequence[Heard]) -> list[str]:
    """One line of the table."""
    sound = sorted(1000 * one.first_sound for one in heard)
    high = sound[min(round(0.95 * len(sound)), len(sound) - 1)]
    first_byte = statistics.median(1000 * one.first_byte for one in heard)
    added = statistics.median(1000 * one.added for one in heard)
    factor = statistics.median(one.elapsed / one.duration for one in heard)
    stalled = sum(1000 * one.stalled for one in heard)
    return [
        name,
        f"{statistics.median(sound):.0f}",
        f"{high:.0f}",
        f"{first_byte:.0f}",
        f"{added:.1f}",
        f"{factor:.2f}",
        f"{stalled:.0f}",
    ]


def measure(url: str, count: int, streams: Sequence[int], seed: int) -> str:
    """Measure a running server; the result as a table."""
    socket_url = url.replace("http", "ws", 1) + "/tts/websocket?cartesia_version=2026-08-14"
    chance = random.Random(seed)

    def texts(number: int) -> list[str]:
        return [sentence(20, chance) for _ in range(number)]

    kokoro = [Manner(model, model, VOICE) for model in ("sonic-2", "sonic-turbo")]
    piper = piper_voices(url)
    manners = [*kokoro, *piper]
    for manner in piper:  # a voice is loaded when it first speaks
        asyncio.run(one_after_another(socket_url, manner, texts(1)))
    rows = [
        row(one.name, asyncio.run(one_after_another(socket_url, one, texts(count))))
        for one in manners
    ] + [
        row(
            f"{one.name}, {many} at once",
            asyncio.run(at_once(socket_url, one, texts(-(-count // many) * many), many)),
        )
        for one in manners
        for many in streams
    ]
    return table(TITLES, rows)


def piper_voices(url: str) -> list[Manner]:
    """The first English voice of Piper that the server has, if any."""
    with urllib.request.urlopen(f"{url}/voices?language=en&q=Piper") as answer:
        voices = json.load(answer)["data"]
    return [Manner(f"Piper, {one['name']}", "sonic-turbo", one["id"]) for one in voices[:1]]


def main() -> None:
    """Parse the command line, measure, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=30, help="for each row")
    parser.add_argument("--streams", type=int, nargs="*", default=[4, 10], help="at once")
    parser.add_argument("--url", help="of a running server; without it one is started")
    parser.add_argument("--seed", type=int, default=time.time_ns(), help="of the sentences")
    parser.add_argument("--record", action="store_true", help="write the table to RESULTS.md")
    options = parser.parse_args()
    if options.url:
        print(measure(options.url, options.sentences, options.streams, options.seed))
        return
    with server() as (url, pid, ready):
        text = measure(url, options.sentences, options.streams, options.seed)
        now, peak = memory(pid)
    text += f"""

Sentences of 20 words never synthesised before ({options.sentences} a row, or a few more), over the
WebSocket; milliseconds. Ready {ready:.1f} s after its start, of which the models are most;
{now:.0f} MB resident at the end, {peak:.0f} MB at most.

{machine()}"""
    print(text)
    if options.record:
        streams = " ".join(map(str, options.streams))
        command = f"python bench/server.py --sentences {options.sentences} --streams {streams}"
        record("Server: from text to sound", command, text)


if __name__ == "__main__":
    main()
