"""A Piper voice here and in Piper's own package: how soon it is heard, and what it costs.

    python bench/piper.py --peer /path/to/python [--sentences 30] [--record]

`--peer` is the interpreter of an environment of its own with ``pip install piper-tts``, which is
GPL: nothing of it is imported here. Both say the same new sentences in turn, with the same voice:
here in pieces on one thread, there a sentence at a time on as many threads as onnxruntime takes.

first sound  from the text to a sample above -35 dBFS, what lies before it included
RTF          time for each second of audio
processor    the same in seconds of the processor, which hold on a busy machine too
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cartesia_server.engines.base import CancelToken, SpeechControls, Voice
from cartesia_server.engines.piper import find
from cartesia_server.engines.weights import resolve
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from results import machine, record, table
from server import sentence

VOICE = "en_US-joe-medium"
AUDIBLE = 10 ** (-35 / 20)
FIRST_PIECE = 0.2

_PEER = """
import json, sys, time
import numpy as np
from piper import PiperVoice
voice = PiperVoice.load(sys.argv[1])
for line in sys.stdin:
    clock, processor = time.perf_counter(), time.process_time()
    first, pieces = None, []
    for chunk in voice.synthesize(json.loads(line)):
        first = first or (time.perf_counter() - clock, time.process_time() - processor)
        pieces.append(np.asarray(chunk.audio_float_array))
    spent = time.perf_counter() - clock, time.process_time() - processor
    samples = np.concatenate(pieces)
    lead = float(np.argmax(np.abs(samples) > %r)) / voice.config.sample_rate
    seconds = len(samples) / voice.config.sample_rate
    print(json.dumps([*first, *spent, lead, seconds]), flush=True)
"""


@dataclass(frozen=True)
class Spoken:
    """What one sentence took, in seconds, on the clock and of the processor."""

    first: tuple[float, float]
    whole: tuple[float, float]
    lead: float
    duration: float


def here(voice: Voice, text: str) -> Spoken:
    """Say one sentence here."""
    clock, processor = time.perf_counter(), time.process_time()

    def spent() -> tuple[float, float]:
        return time.perf_counter() - clock, time.process_time() - processor

    (utterance,) = prepare(text, "en-US", espeak_voice=voice.capabilities.espeak)
    plan = voice.plan(utterance, SpeechControls(first_piece=FIRST_PIECE))
    chunks = plan.chunks(CancelToken())
    pieces = [next(chunks).samples]
    first = spent()
    pieces += [chunk.samples for chunk in chunks]
    whole = spent()
    samples, rate = np.concatenate(pieces), voice.capabilities.sample_rate
    lead = float(np.argmax(np.abs(samples) > AUDIBLE)) / rate
    return Spoken(first, whole, lead, len(samples) / rate)


class Peer:
    """Piper's own package in a process of its own."""

    def __init__(self, interpreter: Path, model: Path) -> None:
        command = [str(interpreter), "-c", _PEER % AUDIBLE, str(model)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def say(self, text: str) -> Spoken:
        """Say one sentence there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(text), file=self._process.stdin, flush=True)
        told = json.loads(self._process.stdout.readline())
        return Spoken((told[0], told[1]), (told[2], told[3]), told[4], told[5])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def row(name: str, spoken: Sequence[Spoken]) -> list[str]:
    """One line of the table: medians."""
    cells = [name]
    for clock in (0, 1):
        first = statistics.median(1000 * (one.first[clock] + one.lead) for one in spoken)
        factor = statistics.median(one.whole[clock] / one.duration for one in spoken)
        cells += [f"{first:.0f}", f"{factor:.3f}"]
    return cells


def measure(peer: Path | None, count: int, words: int) -> str:
    """Measure and return the table."""
    (voice,) = (one.own for one in find(Settings()) if one.source == VOICE)
    if voice is None:
        raise SystemExit(f"the voice {VOICE} (extra piper) is not installed")
    rival = Peer(peer, resolve(VOICE).paths[f"{VOICE}.onnx"][0]) if peer else None
    chance = random.Random(time.time_ns())
    ours: list[Spoken] = []
    theirs: list[Spoken] = []
    for _ in range(count + 1):
        text = sentence(words, chance)
        ours.append(here(voice, text))
        if rival is not None:
            theirs.append(rival.say(text))
    rows = [row("here", ours[1:])]  # the first loads the voice
    if rival is not None:
        rival.close()
        rows.append(row("piper-tts", theirs[1:]))
    titles = (
        f"{words} words, medians",
        "first sound, ms",
        "RTF",
        "processor: first sound, ms",
        "RTF",
    )
    return f"{table(titles, rows)}\n\n{machine()}."


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", type=Path, help="interpreter of an environment with piper-tts")
    parser.add_argument("--sentences", type=int, default=30, help="new ones (default 30)")
    parser.add_argument("--words", type=int, default=20, help="in each sentence (default 20)")
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    arguments = parser.parse_args()
    text = measure(arguments.peer, arguments.sentences, arguments.words)
    print(text)
    if arguments.record:
        command = "python bench/piper.py --peer /path/to/python"
        record("A Piper voice here and in piper-tts", command, text)


if __name__ == "__main__":
    main()
