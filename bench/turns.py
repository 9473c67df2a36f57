"""How soon the server sees that somebody has finished, and how often it is wrong.

    python bench/turns.py SPEECH_FOLDER [--clips 24] [--url http://127.0.0.1:8000]

Streams clean English clips with a ``words.jsonl`` of aligned words to ``/stt/turns/websocket`` at
the speed of speech, with silence after them. Each clip counts as one turn, however its speaker
pauses: people who read aloud pause at length, so these are hard cases.

eager end, end  from the end of the last word to the last ``turn.eager_end`` and ``turn.end``
false           of the pauses within clips, those that an eager end, or an end, fell into
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from websockets.asyncio.client import connect

from cartesia_server.embedded import embedded
from results import machine, record, table
from stt import RATE, STEP, Clip, load, normalise, wer

SILENCE = 4.0  # seconds after a clip
PAUSE = 0.25  # seconds without a word that count as a pause


@dataclass
class Heard:
    """What came back for a clip; times are seconds of its audio.

    Attributes:
        text: of all turns.
        eager_ends: when each ``turn.eager_end`` came.
        ends: the same for ``turn.end``.
    """

    text: str = ""
    eager_ends: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)


def main() -> None:
    """Measure, print, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--url")
    options = parser.parse_args()
    aligned = words(options.folder)
    clips = [clip for clip in load(options.folder) if clip.name in aligned]
    clips = clips[:: max(1, len(clips) // options.clips)][: options.clips]
    with ExitStack() as stack:
        url = options.url or stack.enter_context(embedded())
        heard = [asyncio.run(converse(url, clip)) for clip in clips]
    report = summary(clips, [aligned[clip.name] for clip in clips], heard)
    print(report)
    command = f"python bench/turns.py SPEECH_FOLDER --clips {options.clips}"
    record("Turns", command, f"{machine()}\n\n{report}")


def words(folder: Path) -> dict[str, list[tuple[float, float]]]:
    """When each word of a clip is said, by the clip's name."""
    lines = (folder / "words.jsonl").read_text().splitlines()
    return {
        entry["id"]: [(start, end) for _, start, end in entry["words"]]
        for entry in map(json.loads, lines)
    }


async def converse(url: str, clip: Clip) -> Heard:
    """One clip, as somebody would say it, over a socket of its own."""
    query = f"model=ink-2&encoding=pcm_s16le&sample_rate={RATE}"
    address = url.replace("http", "ws", 1) + f"/stt/turns/websocket?{query}"
    heard = Heard()
    samples = clip.samples + bytes(2 * int(SILENCE * RATE))
    async with connect(address, max_queue=None) as socket:
        started = time.perf_counter()

        async def speak() -> None:
            size = int(STEP * RATE) * 2
            for count, at in enumerate(range(0, len(samples), size), start=1):
                await asyncio.sleep(max(0.0, started + count * STEP - time.perf_counter()))
                await socket.send(samples[at : at + size])
            await socket.send('{"type": "close"}')

        speaking = asyncio.create_task(speak())
        async for text in socket:
            event = json.loads(text)
            now = time.perf_counter() - started
            if event["type"] == "turn.eager_end":
                heard.eager_ends.append(now)
            elif event["type"] == "turn.end":
                heard.ends.append(now)
                heard.text += f" {event['transcript']}"
        await speaking
    return heard


def summary(
    clips: Sequence[Clip], aligned: Sequence[Sequence[tuple[float, float]]], heard: Sequence[Heard]
) -> str:
    """A table of what came back."""
    both = [(one, spoken[-1][1]) for one, spoken in zip(heard, aligned, strict=True)]
    eager = [one.eager_ends[-1] - end for one, end in both if max(one.eager_ends, default=0) > end]
    ends = [one.ends[-1] - end for one, end in both]
    pauses = sum(
        later - earlier >= PAUSE
        for spoken in aligned
        for (_, earlier), (later, _) in pairwise(spoken)
    )
    false_eager = sum(at < end for one, end in both for at in one.eager_ends)
    false = sum(at < end for one, end in both for at in one.ends)
    said = [normalise(clip.said) for clip in clips]
    row = [
        f"{len(clips)} clips",
        wer(said, [one.text for one in heard]),
        *(f"{statistics.median(eager):.2f} s", f"{_late(eager):.2f} s"),
        *(f"{statistics.median(ends):.2f} s", f"{_late(ends):.2f} s"),
        f"{false_eager} of {pauses}",
        f"{false} of {pauses}",
    ]
    titles = ("read English", "WER", "eager end p50", "p95", "end p50", "p95")
    return table((*titles, "eager end false", "end false"), [row])


def _late(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


if __name__ == "__main__":
    main()
