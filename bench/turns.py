"""How soon somebody is seen to have finished, and how often that is wrong.

    python bench/turns.py SPEECH_FOLDER [--clips 24]

Plays clean English clips with a ``words.jsonl`` of aligned words to a session of
``/stt/turns/websocket``, with silence after them. Time is that of the audio; recognition takes as
long as its CPU time, on one thread, so that a busy machine changes nothing. Each clip counts as one
turn, however its speaker pauses: people who read aloud pause at length, so these are hard cases. A
machine that is too slow to end a turn within the silence leaves it out of the times.

start           from the beginning of the first word to the first ``turn.start``
eager end, end  from the end of the last word to the last ``turn.eager_end`` and ``turn.end``
false           of the pauses within clips, those that an eager end, or an end, fell into
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cartesia_server.engines.base import (
    CancelToken,
    Samples,
    TranscriptionEngine,
)
from cartesia_server.engines.whisper import create
from cartesia_server.sessions.recognition import Job, JobResult
from cartesia_server.sessions.stt_options import TURN_LANGUAGES
from cartesia_server.sessions.turns import TurnSession
from cartesia_server.settings import Settings
from results import machine, record, table
from stt import RATE, Clip, load, normalise, wer

STEP = 0.02  # seconds of audio that come at once
SILENCE = 4.0  # seconds after a clip
PAUSE = 0.25  # seconds without a word that count as a pause


@dataclass
class Heard:
    """What was said about a clip; times are seconds of its audio.

    Attributes:
        text: of all turns.
        starts: when each ``turn.start`` came.
        eager_ends: the same for ``turn.eager_end``.
        ends: the same for ``turn.end``.
    """

    text: str = ""
    starts: list[float] = field(default_factory=list)
    eager_ends: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)


def main() -> None:
    """Measure, print, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=24)
    options = parser.parse_args()
    aligned = words(options.folder)
    clips = [clip for clip in load(options.folder) if clip.name in aligned]
    clips = clips[:: max(1, len(clips) // options.clips)][: options.clips]
    engine = create(Settings(threads=1))
    heard = [converse(engine, clip) for clip in clips]
    engine.close()
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


def converse(engine: TranscriptionEngine, clip: Clip) -> Heard:
    """One clip, as somebody would say it, in a session of its own."""
    heard = Heard()
    for now, message in events(engine, clip):
        if message.type == "turn.start":
            heard.starts.append(now)
        elif message.type == "turn.eager_end":
            heard.eager_ends.append(now)
        elif message.type == "turn.end":
            heard.ends.append(now)
            heard.text += f" {message.transcript}"
    return heard


def events(engine: TranscriptionEngine, clip: Clip) -> Iterator[tuple[float, Any]]:
    """What the session says, and when."""
    session = TurnSession(
        engine.voice_detector(), request_id="", language="en", languages=TURN_LANGUAGES, turn={}
    )
    silence = np.zeros(int(SILENCE * RATE), np.int16)
    whole = np.concatenate((np.frombuffer(clip.samples, "<i2"), silence))
    samples: Samples = (whole / 32768).astype(np.float32)
    size = int(STEP * RATE)
    now = free_at = 0.0
    under_way: tuple[Job, JobResult] | None = None
    for at in range(0, len(samples), size):
        now += STEP
        session.feed(samples[at : at + size], now)
        if under_way is not None and now >= free_at:
            session.settle(*under_way)
            under_way = None
        job = session.next_job(now) if under_way is None else None
        if job is not None:
            started = time.process_time()
            under_way = job, done(engine, job)
            free_at = now + time.process_time() - started
        yield from ((now, message) for message in session.take_messages())


def done(engine: TranscriptionEngine, job: Job) -> JobResult:
    """Do a job, as the socket has it done."""
    if job.languages:
        return engine.detect_language(job.samples, job.languages)
    if job.draft:
        return [engine.draft(job.samples, job.language, CancelToken())]
    heard = engine.transcribe(job.samples, job.language, CancelToken(), lead=job.lead)
    return [segment for segment in heard if segment is not None]


def summary(
    clips: Sequence[Clip], aligned: Sequence[Sequence[tuple[float, float]]], heard: Sequence[Heard]
) -> str:
    """A table of what was said."""
    starts = [
        one.starts[0] - spoken[0][0]
        for one, spoken in zip(heard, aligned, strict=True)
        if one.starts
    ]
    both = [(one, spoken[-1][1]) for one, spoken in zip(heard, aligned, strict=True)]
    eager = [one.eager_ends[-1] - end for one, end in both if max(one.eager_ends, default=0) > end]
    ends = [one.ends[-1] - end for one, end in both if one.ends]
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
        *(f"{statistics.median(starts):.2f} s", f"{_late(starts):.2f} s"),
        *(f"{statistics.median(eager):.2f} s", f"{_late(eager):.2f} s"),
        *(f"{statistics.median(ends):.2f} s", f"{_late(ends):.2f} s"),
        f"{false_eager} of {pauses}",
        f"{false} of {pauses}",
    ]
    titles = ("read English", "WER", "start p50", "p95", "eager end p50", "p95", "end p50", "p95")
    return table((*titles, "eager end false", "end false"), [row])


def _late(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


if __name__ == "__main__":
    main()
