"""How soon somebody is seen to have finished, and how often that is wrong.

    python bench/turns.py SPEECH_FOLDER [--clips 24] [--model-dir FOLDER]

Plays clean English clips with a ``words.jsonl`` of aligned words to a session of
``/stt/turns/websocket``, with silence after them. Time is that of the audio; recognition takes as
long as its CPU time, on one thread, so that a busy machine changes nothing. Each clip counts as one
turn, however its speaker pauses: people who read aloud pause at length, so these are hard cases. A
machine that is too slow to end a turn within the silence leaves it out of the times. Where Smart
Turn is installed, or in the folder, each clip is played twice: what sounds like an end is judged in
the second round, on a thread beside the one that recognises.

start           from the beginning of the first word to the first ``turn.start``
eager end, end  from the end of the last word to the last ``turn.eager_end`` and ``turn.end``
false           of the pauses within clips, those that an eager end, or an end, fell into
cut off         of the same clips, each cut off between two words in the middle of what is said, as
                if the speaker had to think: those that had an eager end, or an end, within 1 s
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from cartesia_server.engines.base import (
    CancelToken,
    Samples,
    TranscriptionEngine,
)
from cartesia_server.engines.smart_turn import find
from cartesia_server.engines.turn_detector import TurnDetector
from cartesia_server.engines.whisper import create
from cartesia_server.sessions.recognition import Job, JobResult
from cartesia_server.sessions.stt_options import TURN_LANGUAGES
from cartesia_server.sessions.turns import Pause, TurnSession
from cartesia_server.settings import Settings
from results import machine, record, table
from stt import RATE, Clip, load, normalise, wer

STEP = 0.02  # seconds of audio that come at once
SILENCE = 4.0  # seconds after a clip
PAUSE = 0.25  # seconds without a word that count as a pause
THOUGHT = 1.0  # seconds for which somebody may think in the middle of a sentence

_TIMES = ("start p50", "p95", "eager end p50", "p95", "end p50", "p95")
_FALSE = ("eager end false", "end false", "cut off, eager end", "end")
TITLES = ("read English", "WER", *_TIMES, *_FALSE)


@dataclass
class Heard:
    """What was said about a clip; times are seconds of its audio.

    Attributes:
        seconds: of the clip.
        text: of all turns.
        starts: when each ``turn.start`` came.
        eager_ends: the same for ``turn.eager_end``.
        ends: the same for ``turn.end``.
    """

    seconds: float
    text: str = ""
    starts: list[float] = field(default_factory=list)
    eager_ends: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)


def main() -> None:
    """Measure, print, and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--model-dir", type=Path)
    options = parser.parse_args()
    aligned = words(options.folder)
    clips = [clip for clip in load(options.folder) if clip.name in aligned]
    clips = clips[:: max(1, len(clips) // options.clips)][: options.clips]
    settings = Settings(threads=1, model_dir=options.model_dir)
    engine, detector = create(settings), find(settings)
    judges = {"by words": None, **({} if detector is None else {"by sound, too": detector})}
    heard: dict[str, list[Heard]] = {name: [] for name in judges}
    cut: dict[str, list[Heard]] = {name: [] for name in judges}
    for clip in clips:
        short = cut_off(clip, aligned[clip.name])
        for name, judge in judges.items():
            heard[name].append(converse(engine, clip, judge))
            cut[name].append(converse(engine, short, judge))
    engine.close()
    spoken = [aligned[clip.name] for clip in clips]
    rows = [[name, *row(clips, spoken, heard[name]), *hasty(cut[name])] for name in judges]
    report = table(TITLES, rows)
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


def cut_off(clip: Clip, spoken: Sequence[tuple[float, float]]) -> Clip:
    """A clip up to that border of two words, without a pause there, which is nearest its middle."""
    borders = [end for (_, end), (start, _) in pairwise(spoken) if start - end < 0.05]
    end = min(borders, key=lambda at: abs(at - clip.seconds / 2))
    return replace(clip, samples=clip.samples[: 2 * int(end * RATE)], seconds=end)


def converse(engine: TranscriptionEngine, clip: Clip, detector: TurnDetector | None) -> Heard:
    """One clip, as somebody would say it, in a session of its own."""
    heard = Heard(clip.seconds)
    for now, message in events(engine, clip, detector):
        if message.type == "turn.start":
            heard.starts.append(now)
        elif message.type == "turn.eager_end":
            heard.eager_ends.append(now)
        elif message.type == "turn.end":
            heard.ends.append(now)
            heard.text += f" {message.transcript}"
    return heard


def events(
    engine: TranscriptionEngine, clip: Clip, detector: TurnDetector | None
) -> Iterator[tuple[float, Any]]:
    """What the session says, and when."""
    session = TurnSession(
        engine.voice_detector(),
        request_id="",
        language="en",
        languages=TURN_LANGUAGES,
        turn={},
        by_sound=detector is not None,
    )
    silence = np.zeros(int(SILENCE * RATE), np.int16)
    whole = np.concatenate((np.frombuffer(clip.samples, "<i2"), silence))
    samples: Samples = (whole / 32768).astype(np.float32)
    size = int(STEP * RATE)
    now = free_at = judged_at = 0.0
    under_way: tuple[Job, JobResult] | None = None
    judged: tuple[Pause, float] | None = None
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
        if judged is not None and now >= judged_at:
            session.judge(*judged)
            judged = None
        pause = session.next_pause() if detector is not None and judged is None else None
        if detector is not None and pause is not None:
            started = time.process_time()
            judged = pause, detector.finished(pause.samples)
            judged_at = now + time.process_time() - started
        yield from ((now, message) for message in session.take_messages())


def done(engine: TranscriptionEngine, job: Job) -> JobResult:
    """Do a job, as the socket has it done."""
    if job.languages:
        return engine.detect_language(job.samples, job.languages)
    if job.draft:
        return [engine.draft(job.samples, job.language, CancelToken())]
    heard = engine.transcribe(job.samples, job.language, CancelToken(), lead=job.lead)
    return [segment for segment in heard if segment is not None]


def row(
    clips: Sequence[Clip], aligned: Sequence[Sequence[tuple[float, float]]], heard: Sequence[Heard]
) -> list[str]:
    """The figures of one way to tell, under `TITLES`."""
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
    return [
        wer(said, [one.text for one in heard]),
        *(f"{statistics.median(starts):.2f} s", f"{_late(starts):.2f} s"),
        *(f"{statistics.median(eager):.2f} s", f"{_late(eager):.2f} s"),
        *(f"{statistics.median(ends):.2f} s", f"{_late(ends):.2f} s"),
        f"{false_eager} of {pauses}",
        f"{false} of {pauses}",
    ]


def hasty(heard: Sequence[Heard]) -> list[str]:
    """Of clips that were cut off, how many had an eager end, and an end, too soon."""
    eager = sum(any(0 < at - one.seconds < THOUGHT for at in one.eager_ends) for one in heard)
    ends = sum(any(0 < at - one.seconds < THOUGHT for at in one.ends) for one in heard)
    return [f"{eager} of {len(heard)}", f"{ends} of {len(heard)}"]


def _late(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


if __name__ == "__main__":
    main()
