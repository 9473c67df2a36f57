"""The same models here and in their usual packages: how soon they are heard, and what they cost.

    python bench/packages.py [--kokoro-onnx PYTHON] [--piper-tts PYTHON] [--sentences 30] [--record]

Each option names the interpreter of an environment of its own with ``pip install kokoro-onnx`` or
``pip install piper-tts``; nothing of them is imported here. All say the same new sentences in turn,
with the same weights and voice: here in pieces, there a sentence at a time.

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
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np

from cartesia_server.engines.base import CancelToken, PointVoice, SpeechControls, Voice
from cartesia_server.engines.kokoro import create
from cartesia_server.engines.kokoro.models import WEIGHTS
from cartesia_server.engines.piper import find
from cartesia_server.engines.weights import resolve
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.space import VoiceSpace
from results import machine, record, table
from server import sentence

Row: TypeAlias = list[str]

JOE = "en_US-joe-medium"
HEART = "af_heart"
AUDIBLE = 10 ** (-35 / 20)
FIRST_PIECE = 0.2

_LOOP = f"""
import json, sys, time
import numpy as np
for line in sys.stdin:
    clock, processor = time.perf_counter(), time.process_time()
    first, pieces = None, []
    for samples, rate in say(json.loads(line)):
        first = first or (time.perf_counter() - clock, time.process_time() - processor)
        pieces.append(samples)
    spent = time.perf_counter() - clock, time.process_time() - processor
    samples = np.concatenate(pieces)
    lead = float(np.argmax(np.abs(samples) > {AUDIBLE})) / rate
    print(json.dumps([*first, *spent, lead, len(samples) / rate]), flush=True)
"""
_PIPER = """
import sys
import numpy as np
from piper import PiperVoice
voice = PiperVoice.load(sys.argv[1])
def say(text):
    for chunk in voice.synthesize(text):
        yield np.asarray(chunk.audio_float_array), voice.config.sample_rate
"""
_KOKORO = """
import sys
from kokoro_onnx import Kokoro
model = Kokoro(sys.argv[1], sys.argv[2])
def say(text):
    yield model.create(text, voice="af_heart", lang="en-us")
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
    """A package in a process of its own.

    Args:
        interpreter: of its environment.
        program: that defines ``say``: text to pairs of samples and their rate.
        files: of the model, which the program finds among its arguments.
    """

    def __init__(self, interpreter: Path, program: str, *files: Path) -> None:
        command = [str(interpreter), "-c", program + _LOOP, *map(str, files)]
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


def row(name: str, spoken: Sequence[Spoken]) -> Row:
    """One line of the table: medians."""
    cells = [name]
    for clock in (0, 1):
        first = statistics.median(1000 * (one.first[clock] + one.lead) for one in spoken)
        factor = statistics.median(one.whole[clock] / one.duration for one in spoken)
        cells += [f"{first:.0f}", f"{factor:.3f}"]
    return cells


def kokoro_files(folder: Path) -> tuple[Path, Path]:
    """The model and a file of voices as kokoro-onnx takes them, made of what is installed."""
    space = VoiceSpace.load()
    model, voices = folder / WEIGHTS, folder / "voices.npz"
    model.write_bytes(resolve("kokoro").read(WEIGHTS))
    np.savez(voices, af_heart=space.style_rows(space.point(HEART))[:, None])
    return model, voices


def compared(voice: Voice, names: tuple[str, str], peer: Peer, texts: Sequence[str]) -> list[Row]:
    """Two lines of the table."""
    ours: list[Spoken] = []
    theirs: list[Spoken] = []
    for text in texts:
        ours.append(here(voice, text))
        theirs.append(peer.say(text))
    peer.close()
    pairs = zip(names, (ours, theirs), strict=True)
    return [row(name, spoken[1:]) for name, spoken in pairs]  # the first loads what is missing


def measure(kokoro: Path | None, piper: Path | None, count: int, words: int) -> str:
    """Measure and return the table."""
    chance = random.Random(time.time_ns())
    texts = [sentence(words, chance) for _ in range(count + 1)]
    rows: list[Row] = []
    if kokoro:
        with TemporaryDirectory() as folder:
            peer = Peer(kokoro, _KOKORO, *kokoro_files(Path(folder)))
            engine = create(Settings())
            voice = PointVoice(engine, VoiceSpace.load().point(HEART))
            rows += compared(voice, ("Kokoro here", "kokoro-onnx"), peer, texts)
            engine.close()
    if piper:
        own = next((one.own for one in find(Settings()) if one.source == JOE), None)
        if own is None:
            raise SystemExit(f"the voice {JOE} (extra piper) is not installed")
        peer = Peer(piper, _PIPER, resolve(JOE).paths[f"{JOE}.onnx"][0])
        rows += compared(own, ("Piper here", "piper-tts"), peer, texts)
    titles = (
        f"{words} words, medians of {count}",
        "first sound, ms",
        "RTF",
        "processor: first sound, ms",
        "RTF",
    )
    return f"{table(titles, rows)}\n\n{machine()}."


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for package in ("kokoro-onnx", "piper-tts"):
        told = f"interpreter of an environment with {package}"
        parser.add_argument(f"--{package}", type=Path, metavar="PYTHON", help=told)
    parser.add_argument("--sentences", type=int, default=30, help="new ones (default 30)")
    parser.add_argument("--words", type=int, default=20, help="in each sentence (default 20)")
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    arguments = parser.parse_args()
    if not (arguments.kokoro_onnx or arguments.piper_tts):
        parser.error("name at least one interpreter: --kokoro-onnx PYTHON, --piper-tts PYTHON")
    text = measure(arguments.kokoro_onnx, arguments.piper_tts, arguments.sentences, arguments.words)
    print(text)
    if arguments.record:
        command = "python bench/packages.py --kokoro-onnx PYTHON --piper-tts PYTHON"
        record("The same models in their usual packages", command, text)


if __name__ == "__main__":
    main()
