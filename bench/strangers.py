"""Speech of people whom cloning was neither learned from nor measured by until it was done.

Usage: python bench/strangers.py FOLDER
       python bench/clone.py --speech FOLDER --whole

Takes dialogues of actors and words that volunteers said, one person to a language, from Debian
packages of games (``apt-get download``; nothing is installed). Every second recording of a person
goes to clone from, the others to compare with: half a minute of speech each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from cartesia_server.engines.base import Samples
from cartesia_server.voices.features import SAMPLE_RATE, without_silence

RECORDINGS = {
    "dialogue-cs-f": ("fillets-ng-data-cs", "**/cs/*-m-*.ogg"),
    "dialogue-cs-m": ("fillets-ng-data-cs", "**/cs/*-v-*.ogg"),
    "dialogue-nl-f": ("fillets-ng-data-nl", "**/nl/*-m-*.ogg"),
    "dialogue-nl-m": ("fillets-ng-data-nl", "**/nl/*-v-*.ogg"),
} | {
    f"words-{language}": ("ktuberling-data", f"**/sounds/{language}/**/*.*")
    for language in ("ca", "da", "de", "el", "en", "fr", "gl", "lt", "nn", "ru", "sl", "uk", "wa")
}
"""The package that holds what a person recorded, and the pattern of those files."""

LEAST_CLIP = 0.4  # seconds: what is shorter is a click or a breath
ENOUGH = 30.0  # seconds of speech


def clip(path: Path) -> Samples:
    """Read a recording; mono float32 at 16 kHz."""
    with av.open(str(path), metadata_errors="ignore") as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        frames = [*container.decode(audio=0), None]
        made = [part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)]
    # Some files of a package are empty.
    return np.concatenate([np.zeros(0, np.float32), *made])


def write(path: Path, samples: Samples) -> None:
    """Write a clip as FLAC."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono", format="s16")
        numbers = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(numbers[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def people(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Fetch the packages into a folder; yield who speaks, and their recordings, longest first."""
    for package in {package for package, _ in RECORDINGS.values()}:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
        file = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg", "-x", file, folder / package], check=True)
    for name, (package, pattern) in RECORDINGS.items():
        # The same words are there in several formats, and for several pictures.
        files = {path.stem: path for path in sorted((folder / package).glob(pattern))}
        yield name, sorted(files.values(), key=lambda path: (-path.stat().st_size, path.name))


def shared_out(recordings: list[Path]) -> list[Samples]:
    """Return what to clone from and what to compare with, of different recordings."""
    halves: list[list[Samples]] = [[], []]
    seconds = [0.0, 0.0]
    for path in recordings:
        shorter = seconds.index(min(seconds))
        if seconds[shorter] >= ENOUGH:
            break
        samples = clip(path)
        if len(samples) >= LEAST_CLIP * SAMPLE_RATE:
            halves[shorter].append(samples)
            seconds[shorter] += len(without_silence(samples)) / SAMPLE_RATE
    return [np.concatenate(half) for half in halves]


def main() -> None:
    """Make the folder."""
    parser = argparse.ArgumentParser(description="Speech of people unknown to cloning.")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    audio = options.folder / "audio"
    audio.mkdir(parents=True, exist_ok=True)
    listed = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, recordings in people(Path(scratch)):
            ids = [f"{name}-{use}" for use in ("reference", "target")]
            for clip_id, samples in zip(ids, shared_out(recordings), strict=True):
                write(audio / f"{clip_id}.flac", samples)
                print(f"{clip_id}: {len(samples) / SAMPLE_RATE:.1f} s")
            listed[name] = {"reference_ids": ids[:1], "target_ids": ids[1:]}
    (options.folder / "cloning.json").write_text(json.dumps(listed, indent=1))


if __name__ == "__main__":
    main()
