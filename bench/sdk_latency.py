"""How long an event takes from the socket to the program that waits for it.

    python bench/sdk_latency.py [--quiet] [--record]

A server in another process sends events at a steady pace, each with the time at which it was sent
at the head of its audio; the program notes when it gets hold of the decoded audio. Beside it stands
what a bare socket, a bare event loop and the `websockets` library take for the same bytes, so that
what the machine needs to wake a process is told apart from what the SDK adds. Then what reading one
event costs a processor that was awake, and one that slept. Then as many contexts as a busy voice
agent has share one socket, each at the pace of real time.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import socket
import statistics
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from io import BufferedReader
from multiprocessing import active_children
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from websockets.sync.client import connect

from cartesia import AsyncCartesia, Cartesia
from cartesia.tts._async_websocket import AsyncTtsWebsocket
from cartesia.tts._websocket import TtsWebsocket
from fixed_server import converse, fixed_server, frame, handshake_answer, read_request
from results import machine, record, table

Client = TypeVar("Client", Cartesia, AsyncCartesia)

_TEXT = 1
_START_SECONDS = 0.2
# A double and padding: as many bytes as base64 takes without being cut.
_HEAD_BYTES = 9
_CHUNK = (
    b'{"type":"chunk","context_id":"%d","status_code":206,"done":false,"step_time":1.5,'
    b'"data":"%s%s"}'
)
_HANDSHAKE = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
_DONE = b'{"type":"done","context_id":"%d","status_code":200,"done":true}'

RAW: Any = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 24000}
SPEECH: Any = {"model_id": "sonic-2", "voice": {"mode": "id", "id": "any"}, "output_format": RAW}


@dataclass(frozen=True)
class Plan:
    """What the server sends once every context has been asked for.

    Attributes:
        contexts: How many there are; their ids are numbers from 0.
        events: Pieces of audio in each.
        interval: Seconds between the events of one context; contexts take turns within it.
        size: Bytes of audio in each event.
    """

    contexts: int
    events: int
    interval: float
    size: int

    def transcript(self) -> str:
        """The plan as what the first context says."""
        return json.dumps(asdict(self))


# One context, and 16 KiB, as in the other benchmarks: the processor's caches still hold what an
# event needs, or hold other things by then.
STEADY = Plan(contexts=1, events=1000, interval=0.0005, size=16 << 10)
PAUSING = Plan(contexts=1, events=400, interval=0.005, size=16 << 10)
# Read more slowly than it is sent.
LATE = Plan(contexts=1, events=300, interval=0.005, size=16 << 10)
# 40 ms of 16-bit samples at 24 kHz in each event.
CROWD = Plan(contexts=200, events=150, interval=0.04, size=1920)

MAX_ATTEMPTS = 100
QUIET_SHARE = 0.15
"""Of a core, that other work may take during a measurement that is to be undisturbed."""

Latencies = dict[str, list[float]]
"""Seconds from the server's stamp to the program, by context."""


def _serve(report: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        report.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve_connection, args=(connection,), daemon=True).start()


def _serve_connection(connection: socket.socket) -> None:
    asked: set[str] = set()

    def on_text(message: bytes) -> None:
        request = json.loads(message)
        asked.add(request["context_id"])
        plan = Plan(**json.loads(request["transcript"]))
        if len(asked) == plan.contexts:
            threading.Thread(target=_send_events, args=(connection, plan), daemon=True).start()

    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as stream, suppress(ConnectionError):
        request = read_request(stream)
        if request is not None:
            connection.sendall(handshake_answer(request))
            converse(connection, stream, on_text)


def _send_events(connection: socket.socket, plan: Plan) -> None:
    rest = base64.b64encode(random.Random(0).randbytes(plan.size - _HEAD_BYTES))
    start = time.monotonic() + _START_SECONDS
    pace = plan.interval / plan.contexts
    for number in range(plan.events * plan.contexts):
        wait = start + number * pace - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        head = base64.b64encode(struct.pack("!dx", time.monotonic()))
        event = _CHUNK % (number % plan.contexts, head, rest)
        connection.sendall(frame(_TEXT, event))
    with suppress(OSError):  # who has heard enough may be gone
        for number in range(plan.contexts):
            connection.sendall(frame(_TEXT, _DONE % number))


def age(audio: bytes) -> float:
    """Seconds since a piece of audio was sent."""
    sent: float = struct.unpack_from("!d", audio)[0]
    return time.monotonic() - sent


def stamp_of(event: bytes) -> bytes:
    """The head of an event's audio, and nothing else."""
    return base64.b64decode(event.split(b'"data":"', 1)[1][:12])


def audio_of(event: bytes) -> bytes:
    """The audio of an event: one JSON parse, one base64 decode, as every client has to do."""
    return base64.b64decode(json.loads(event)["data"])


def through_bare_socket(port: int, plan: Plan, decode: Callable[[bytes], bytes]) -> Latencies:
    """Read frames from a blocking socket."""
    with bare_socket(port, plan) as stream:
        return {"0": [age(decode(read_event(stream))) for _ in range(plan.events)]}


@contextmanager
def bare_socket(port: int, plan: Plan) -> Iterator[BufferedReader]:
    """A socket on which the events of the plan come."""
    with (
        socket.create_connection(("127.0.0.1", port)) as connection,
        connection.makefile("rb") as stream,
    ):
        connection.sendall(_HANDSHAKE)
        while stream.readline().strip():
            pass
        connection.sendall(_first_frame(plan))
        yield stream


def read_event(stream: BufferedReader) -> bytes:
    """The next frame's content."""
    (size,) = struct.unpack("!xxH", stream.read(4))
    return stream.read(size)


def through_bare_asyncio(port: int, plan: Plan, decode: Callable[[bytes], bytes]) -> Latencies:
    """Read frames from a stream of the event loop."""

    async def listen() -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_HANDSHAKE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_first_frame(plan))
        ages = []
        for _ in range(plan.events):
            (size,) = struct.unpack("!xxH", await reader.readexactly(4))
            ages.append(age(decode(await reader.readexactly(size))))
        writer.close()
        await writer.wait_closed()
        return ages

    return {"0": asyncio.run(listen())}


def through_websockets(port: int, plan: Plan) -> Latencies:
    """The `websockets` library, one JSON parse, one base64 decode."""
    with connect(f"ws://127.0.0.1:{port}/", compression=None) as connection:
        connection.send(_first_request(plan))
        return {
            "0": [
                age(base64.b64decode(json.loads(connection.recv())["data"]))
                for _ in range(plan.events)
            ]
        }


def through_sync_socket(port: int, plan: Plan) -> Latencies:
    """Our synchronous socket, with a thread for each context."""
    ages: Latencies = {}

    def listen(ws: TtsWebsocket, context_id: str) -> None:
        outputs = ws.send(transcript=plan.transcript(), context_id=context_id, **SPEECH)
        ages[context_id] = [age(output.audio or b"") for output in outputs]

    with _client(Cartesia, port) as client, client.tts.websocket() as ws:
        threads = [
            threading.Thread(target=listen, args=(ws, str(number)))
            for number in range(plan.contexts)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return ages


def through_async_socket(port: int, plan: Plan) -> Latencies:
    """Our asynchronous socket, with a task for each context."""

    async def listen(ws: AsyncTtsWebsocket, context_id: str) -> tuple[str, list[float]]:
        outputs = await ws.send(transcript=plan.transcript(), context_id=context_id, **SPEECH)
        return context_id, [age(output.audio or b"") async for output in outputs]

    async def listen_to_all() -> Latencies:
        async with _client(AsyncCartesia, port) as client, client.tts.websocket() as ws:
            ids = map(str, range(plan.contexts))
            return dict(await asyncio.gather(*(listen(ws, context_id) for context_id in ids)))

    return asyncio.run(listen_to_all())


def _client(make: Callable[..., Client], port: int) -> Client:
    return make(api_key="any", base_url=f"http://127.0.0.1:{port}")


def _first_request(plan: Plan) -> str:
    return json.dumps({"context_id": "0", "transcript": plan.transcript()})


def _first_frame(plan: Plan) -> bytes:
    request = _first_request(plan).encode()
    return struct.pack("!BBH4x", 0x80 | _TEXT, 0x80 | 126, len(request)) + request


def milliseconds(seconds: float) -> str:
    """A duration as the tables show it."""
    return f"{seconds * 1000:.3f}"


def percentile(values: Sequence[float], part: int) -> float:
    """The value below which `part` per cent of all lie."""
    return statistics.quantiles(values, n=100)[part - 1]


def undisturbed(measure: Callable[[], Latencies]) -> Latencies:
    """Repeat a measurement until hardly anything else has run meanwhile; on Linux."""
    for _ in range(MAX_ATTEMPTS):
        before, start = foreign_seconds(), time.monotonic()
        result = measure()
        if foreign_seconds() - before < QUIET_SHARE * (time.monotonic() - start):
            return result
    raise SystemExit("the machine does not come to rest")


def foreign_seconds() -> float:
    """CPU seconds since some time that processes other than this and its server have used."""
    ticks = os.sysconf("SC_CLK_TCK")
    names = [
        Path("/proc/self/stat"),
        *(Path(f"/proc/{child.pid}/stat") for child in active_children()),
    ]
    own = sum(sum(map(int, name.read_text().rpartition(")")[2].split()[11:13])) for name in names)
    user, nice, system, _, _, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:]
    )
    return (user + nice + system + irq + softirq - own) / ticks


def report_alone(port: int, plan: Plan, rounds: int, *, quiet: bool) -> str:
    """Latency of one context, beside what it takes without the SDK."""
    ways: dict[str, Callable[[int, Plan], Latencies]] = {
        "bare socket, nothing decoded": partial(through_bare_socket, decode=stamp_of),
        "bare socket, JSON, base64": partial(through_bare_socket, decode=audio_of),
        "bare websockets, JSON, base64": through_websockets,
        "ours, sync": through_sync_socket,
        "bare asyncio, nothing decoded": partial(through_bare_asyncio, decode=stamp_of),
        "bare asyncio, JSON, base64": partial(through_bare_asyncio, decode=audio_of),
        "ours, async": through_async_socket,
    }
    medians: dict[str, list[float]] = {title: [] for title in ways}
    tails: dict[str, list[float]] = {title: [] for title in ways}
    for _ in range(rounds):
        for title, measure in ways.items():
            once = partial(measure, port, plan)
            (ages,) = (undisturbed(once) if quiet else once()).values()
            medians[title].append(statistics.median(ages))
            tails[title].append(percentile(ages, 99))
    floor, *_ = (statistics.median(of) for of in medians.values())
    rows = []
    for title in ways:
        median, tail = statistics.median(medians[title]), statistics.median(tails[title])
        rows.append([title, *map(milliseconds, (median, tail, median - floor))])
    pace = f"{plan.size >> 10} KiB every {plan.interval * 1000:g} ms"
    return table([f"ms, {pace}", "p50", "p99", "p50 added"], rows)


def report_sleep(port: int) -> str:
    """What reading an event that is there already costs, by what the processor did before."""
    rows = []
    for title, reading in (
        ("bare socket, JSON, base64", bare_reading),
        ("ours, sync", our_reading),
    ):
        medians = []
        for pass_time in (stay_awake, time.sleep):
            with reading(port, LATE) as read:
                read()
                durations = []
                for _ in range(LATE.events - 1):
                    pass_time(LATE.interval * 1.2)
                    start = time.perf_counter()
                    read()
                    durations.append(time.perf_counter() - start)
            medians.append(statistics.median(durations))
        rows.append([title, *map(milliseconds, medians), f"{medians[1] / medians[0]:.1f}"])
    titles = ["ms, p50", f"after {LATE.interval * 1200:g} ms of work", "of sleep", "ratio"]
    return table(titles, rows)


def stay_awake(seconds: float) -> None:
    """Pass the time without sleeping."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


@contextmanager
def bare_reading(port: int, plan: Plan) -> Iterator[Callable[[], bytes]]:
    """A function that reads one event with as little as can be."""
    with bare_socket(port, plan) as stream:
        yield lambda: audio_of(read_event(stream))


@contextmanager
def our_reading(port: int, plan: Plan) -> Iterator[Callable[[], bytes]]:
    """A function that reads one event with the SDK."""
    with _client(Cartesia, port) as client, client.tts.websocket() as ws:
        outputs = ws.send(transcript=plan.transcript(), context_id="0", **SPEECH)
        yield lambda: next(outputs).audio or b""


def report_crowd(port: int) -> str:
    """Latency of many contexts on one socket, and of the one that fares worst."""
    rows = []
    for title, measure in (
        ("ours, sync, a thread each", through_sync_socket),
        ("ours, async, a task each", through_async_socket),
    ):
        ages = measure(port, CROWD)
        complete = sum(len(of_one) == CROWD.events for of_one in ages.values())
        everyone = [seconds for of_one in ages.values() for seconds in of_one]
        figures = (
            statistics.median(everyone),
            percentile(everyone, 99),
            max(everyone),
            max(map(statistics.median, ages.values())),
        )
        rows.append([title, *map(milliseconds, figures), f"{complete} of {CROWD.contexts}"])
    titles = ["ms", "p50", "p99", "worst", "p50 of the slowest context", "complete"]
    return table(titles, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="runs of one context each way")
    parser.add_argument(
        "--quiet", action="store_true", help="repeat what other work on the machine disturbs"
    )
    parser.add_argument("--record", action="store_true", help="write the tables to RESULTS.md")
    options = parser.parse_args()
    with fixed_server(_serve) as port:
        alone = "\n\n".join(
            report_alone(port, plan, options.rounds, quiet=options.quiet)
            for plan in (STEADY, PAUSING)
        )
        sleep = report_sleep(port)
        crowd = report_crowd(port)
    text = (
        "From `sendall` in the server's process to the decoded audio in the program's. "
        f"{machine()}.\n\n"
        f"One context, medians of {options.rounds} interleaved rounds; what is added to the bare "
        f"socket's p50 has a bar of 0.2 ms:\n\n{alone}\n\n"
        "One event that is there already, read by a processor that was awake before, and by one "
        f"that slept; nothing is waited for and nobody woken:\n\n{sleep}\n\n"
        f"{CROWD.contexts} contexts on one socket, an event of {CROWD.size} bytes each every "
        f"{CROWD.interval * 1000:.0f} ms, {CROWD.events} of them:\n\n{crowd}\n"
    )
    print(text)
    if options.record:
        quiet = " --quiet" * options.quiet
        command = f"python bench/sdk_latency.py --rounds {options.rounds}{quiet}"
        record("SDK: latency of an event", command, text)


if __name__ == "__main__":
    main()
