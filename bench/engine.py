"""What the speech engine alone costs: first audio, real-time factor, and where the time goes.

    python bench/engine.py [--sentences 20] [--words 20] [--record]

One thread, no server. Sentences are new ones each time. Beside the seconds on the clock stand those
of the processor, which hold on a busy machine too.

plan         text to prosody: until durations, and so the length of the audio, are known
first chunk  from the text to the first samples
first sound  the same, plus the silence in front of the first sample above -35 dBFS
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cartesia_server.engines.base import CancelToken, SpeechControls, SpeechEngine, VoicePoint
from cartesia_server.engines.kokoro import create
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.space import VoiceSpace
from results import machine, record, table
from server import sentence

AUDIBLE = 10 ** (-35 / 20)
PRESETS = {"sonic-2": 0.3, "sonic-turbo": 0.2}
VOICES = ("af_heart", "am_michael", "bf_emma", "am_onyx")


@dataclass(frozen=True)
class Spoken:
    """Costs of one sentence on one clock, in seconds."""

    plan: float
    first_chunk: float
    first_sound: float
    factor: float


def speak(
    engine: SpeechEngine,
    voice: VoicePoint,
    text: str,
    first_piece: float,
    clock: Callable[[], float],
) -> Spoken:
    """Say one sentence."""
    started = clock()
    (utterance,) = prepare(text, "en-US")
    plan = engine.plan(utterance, voice, SpeechControls(first_piece=first_piece))
    planned = clock() - started
    pieces, first_chunk = [], 0.0
    for chunk in plan.chunks(CancelToken()):
        first_chunk = first_chunk or clock() - started
        pieces.append(chunk.samples)
    elapsed = clock() - started
    rate = engine.capabilities.sample_rate
    samples = np.concatenate(pieces)
    lead = float(np.argmax(np.abs(samples) > AUDIBLE)) / rate
    return Spoken(planned, first_chunk, first_chunk + lead, elapsed / (len(samples) / rate))


def row(name: str, spoken: Sequence[Spoken]) -> list[str]:
    """One line of the table: medians."""

    def middle(field: str) -> float:
        return float(statistics.median(getattr(one, field) for one in spoken))

    seconds = (f"{1000 * middle(field):.0f}" for field in ("plan", "first_chunk", "first_sound"))
    return [name, *seconds, f"{middle('factor'):.2f}"]


def measure(count: int, words: int) -> str:
    """Measure and return the table."""
    started = time.perf_counter()
    engine, space = create(Settings()), VoiceSpace.load()
    loaded = time.perf_counter() - started
    chance = random.Random(time.time_ns())
    rows = []
    speak(engine, space.point(VOICES[0]), sentence(words, chance), 0.3, time.perf_counter)
    for preset, first_piece in PRESETS.items():
        for name, clock in (("clock", time.perf_counter), ("processor", time.thread_time)):
            spoken = [
                speak(
                    engine,
                    space.point(VOICES[index % len(VOICES)]),
                    sentence(words, chance),
                    first_piece,
                    clock,
                )
                for index in range(count)
            ]
            rows.append(row(f"{preset}, {name}", spoken))
    titles = (f"{words} words, medians", "plan ms", "first chunk ms", "first sound ms", "RTF")
    return f"{table(titles, rows)}\n\nLoaded in {loaded:.1f} s. {machine()}."


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=20, help="for each row (default 20)")
    parser.add_argument("--words", type=int, default=20, help="in each sentence (default 20)")
    parser.add_argument("--record", action="store_true", help="write bench/RESULTS.md")
    arguments = parser.parse_args()
    text = measure(arguments.sentences, arguments.words)
    print(text)
    if arguments.record:
        record("The speech engine alone", "python bench/engine.py", text)


if __name__ == "__main__":
    main()
