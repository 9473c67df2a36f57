"""How well and how soon the server hears, on recorded speech.

    python bench/stt.py SPEECH_FOLDER [--clips 65] [--live 12] [--url http://127.0.0.1:8000]

Sends the clean English clips of a folder with a ``manifest.jsonl`` to ``POST /stt``, then streams
them as fast as the socket takes them, then some of them at the speed of speech.

batch RTF  seconds until the answer for each second of audio
final      from ``finalize``, sent with the last audio of a clip, to the last final transcript
interim    longest time between two interim transcripts of an utterance that goes on
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import re
import statistics
import time
import unicodedata
import wave
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jiwer
from websockets.asyncio.client import connect

from cartesia_server.audio.decode import decode_upload
from cartesia_server.embedded import embedded
from results import machine, record, table

RATE = 16000
STEP = 0.1  # seconds of audio in a message

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TITLES = {"mr": "mister", "mrs": "missus", "dr": "doctor"}


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it."""

    name: str
    samples: bytes
    seconds: float
    said: str


@dataclass
class Streamed:
    """What came back over a socket.

    Attributes:
        text: all finals.
        final: seconds from ``finalize`` to the last final.
        gaps: seconds between interim transcripts of one utterance.
    """

    text: str = ""
    final: float = 0.0
    gaps: list[float] = field(default_factory=list)


def main() -> None:
    """Measure, print, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=65)
    parser.add_argument("--live", type=int, default=12)
    parser.add_argument("--url")
    options = parser.parse_args()
    clips = load(options.folder)[: options.clips]
    with ExitStack() as stack:
        url = options.url or stack.enter_context(embedded())
        report = asyncio.run(measure(url, clips, spread(clips, options.live)))
    print(report)
    command = f"python bench/stt.py SPEECH_FOLDER --clips {options.clips} --live {options.live}"
    record("Speech to text", command, f"{machine()}\n\n{report}")


def load(folder: Path) -> list[Clip]:
    """The clean English clips of a folder."""
    clips = []
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if (entry["language"], entry["condition"]) == ("en", "clean"):
            samples = decode_upload(folder / entry["file"], max_seconds=600)
            data = (samples * 32767).astype("<i2").tobytes()
            clips.append(Clip(entry["id"], data, len(samples) / RATE, entry["text"]))
    return clips


def spread(clips: Sequence[Clip], count: int) -> Sequence[Clip]:
    """About `count` of the clips, from all over."""
    return clips[:: max(1, len(clips) // count)] if count else ()


async def measure(url: str, clips: Sequence[Clip], live: Sequence[Clip]) -> str:
    """Send everything three ways; a table of what came back."""
    said = [normalise(clip.said) for clip in clips]
    batch, ratio = await transcribe_all(url, clips)
    streamed = [await stream(url, clip) for clip in clips]
    timed = [await stream(url, clip, live=True) for clip in live]
    rows = [
        ["batch", wer(said, batch), f"{ratio:.3f}", "-", "-", "-"],
        ["streamed at once", wer(said, [r.text for r in streamed]), "-", "-", "-", "-"],
    ]
    if live:
        rows.append(live_row(live, timed))
    titles = ("clean English", "WER", "RTF", "final p50", "final p95", "interim, longest gap")
    return table(titles, rows)


def live_row(clips: Sequence[Clip], heard: Sequence[Streamed]) -> list[str]:
    """What came back of clips at the speed of speech."""
    finals = sorted(result.final for result in heard)
    gaps = [gap for result in heard for gap in result.gaps]
    return [
        f"streamed live, {len(clips)} clips",
        wer([normalise(clip.said) for clip in clips], [result.text for result in heard]),
        "-",
        f"{statistics.median(finals):.2f} s",
        f"{finals[int(0.95 * (len(finals) - 1))]:.2f} s",
        f"{max(gaps, default=0.0):.2f} s",
    ]


async def transcribe_all(url: str, clips: Sequence[Clip]) -> tuple[list[str], float]:
    """Transcripts of uploads, and the real-time factor over all of them."""
    texts = []
    started = time.perf_counter()
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        for clip in clips:
            answer = await client.post(
                "/stt", data={"model": "ink-whisper"}, files={"file": ("a.wav", as_wav(clip))}
            )
            texts.append(answer.raise_for_status().json()["text"])
    return texts, (time.perf_counter() - started) / sum(clip.seconds for clip in clips)


async def stream(url: str, clip: Clip, *, live: bool = False) -> Streamed:
    """One clip over a socket of its own."""
    query = f"model=ink-whisper&encoding=pcm_s16le&sample_rate={RATE}&language=en"
    address = url.replace("http", "ws", 1) + f"/stt/websocket?{query}"
    result = Streamed()
    finalized = 0.0
    async with connect(address, max_queue=None) as socket:

        async def read() -> None:
            last: float | None = None
            async for text in socket:
                message: dict[str, Any] = json.loads(text)
                now = time.perf_counter()
                if message["type"] != "transcript":
                    continue
                if message["is_final"]:
                    result.text += f" {message['text']}"
                    result.final = max(0.0, now - finalized) if finalized else 0.0
                elif last is not None:
                    result.gaps.append(now - last)
                last = None if message["is_final"] else now

        reader = asyncio.create_task(read())
        started = time.perf_counter()
        size = int(STEP * RATE) * 2
        for count, at in enumerate(range(0, len(clip.samples), size)):
            if live:
                await asyncio.sleep(max(0.0, started + count * STEP - time.perf_counter()))
            await socket.send(clip.samples[at : at + size])
        finalized = time.perf_counter()
        await socket.send("finalize")
        await socket.send("done")
        await reader
    return result


def as_wav(clip: Clip) -> bytes:
    """The clip as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setparams((1, 2, RATE, 0, "NONE", ""))
        output.writeframes(clip.samples)
    return file.getvalue()


def wer(said: Sequence[str], heard: Sequence[str]) -> str:
    """The word error rate over all clips, in words."""
    return f"{100 * jiwer.wer(list(said), [normalise(text) for text in heard]):.2f} %"


def normalise(text: str) -> str:
    """Words as they are said: lower case, numbers and titles spelled out, no punctuation."""
    text = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    text = unicodedata.normalize("NFKD", text)
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    text = re.sub(r"\d+", lambda number: f" {spelled(int(number[0]))} ", text)
    words = [word.strip("'") for word in re.sub(r"[^a-z' ]", " ", text).split()]
    return " ".join(_TITLES.get(word, word) for word in words if word)


def spelled(number: int) -> str:
    """A number in English words; years from 1100 to 1999 as years are said."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        return f"{_TENS[number // 10 - 2]} {_UNITS[number % 10] if number % 10 else ''}".strip()
    if number < 1000 or 1100 <= number < 2000:
        rest = spelled(number % 100) if number % 100 else ""
        hundred = "" if 1100 <= number < 2000 and rest else " hundred"
        return f"{spelled(number // 100)}{hundred} {rest}".strip()
    rest = spelled(number % 1000) if number % 1000 else ""
    return f"{spelled(number // 1000)} thousand {rest}".strip()


if __name__ == "__main__":
    main()
