"""Learn how points of the voice space sound: the map that cloning searches.

Usage:
    python scripts/train_clone_map.py again FOLDER
    python scripts/train_clone_map.py sample FOLDER --voices 700
    python scripts/train_clone_map.py sample FOLDER --voices 700 --speech CLIPS
    python scripts/train_clone_map.py fit FOLDER

``again`` and ``fit``, in a new FOLDER, make the packaged map anew: ``again`` has the 1,420 voices
of the present one speak, which is needed wherever voices sound otherwise or are heard otherwise
than before. ``sample`` beside it adds voices; without ``again`` it makes a map that owes nothing to
the present one.

``sample`` draws voices, has each speak one sentence through the Kokoro engine, and stores what is
heard of it in a new file of FOLDER. Without ``--speech`` it draws all over the space:
mixes of built-in voices, differences of two added to a third, and Gaussian points; timbre and
prosody apart for half of them. With a folder of human speech (one speaker a file) four of five are
those that cloning would rehearse for these speakers, for the same played faster and slower, and for
blends of two of them, so that the map is best where it is used. ``fit`` learns from every file of
FOLDER and writes ``src/cartesia_server/voices/data/clone.npz``.

A voice takes about half a second on one core. Speakers that the result is judged by must not be
among the clips.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from cartesia_server.audio.decode import decode_upload
from cartesia_server.engines.base import CancelToken
from cartesia_server.engines.kokoro import create
from cartesia_server.settings import Settings
from cartesia_server.voices.clone import BOUNDS
from cartesia_server.voices.features import (
    SAMPLE_RATE,
    SpeakerEncoder,
    SpeakerFeatures,
    cepstral_statistics,
    levelled,
)
from cartesia_server.voices.rehearsal import Rehearsal
from cartesia_server.voices.search import VoiceSearch
from cartesia_server.voices.space import VoiceSpace, within_reach
from cartesia_server.voices.surrogate import PITCHES, Surrogate, learn

TARGET = Path(__file__).parents[1] / "src/cartesia_server/voices/data/clone.npz"

Array = npt.NDArray[np.float64]

# Short: many voices tell more than long sentences.
SENTENCES = """\
She carried a heavy brown suitcase.
Yellow flowers grow by the river.
He threw his old shoes away.
Please take that box of fish.
Nine horses jumped over the wall.
Most people thought it was loud.
He bought bread and fresh cheese.
The judge asked a simple question.
Cold wind pushed the clouds along.
Why has the engine stopped working?
Bring an umbrella, rain is coming.
Large ships waited in the harbour.
My neighbour keeps seven young chickens.
Every story needs a good beginning.
Just put the keys down there.
We ate pumpkin with black pepper.
Old habits vanish when nobody watches.
The museum is closed on Monday.
A gentle voice announced the winner.
The train leaves at half past nine.
She found a huge purple stone.
Few people know about the tower.
Choose a quiet place to think.
I could never understand that joke.""".splitlines()

SPEEDS = (0.86, 0.93, 1.0, 1.07, 1.15)
RELEARN = 50  # voices after which the map is learned anew
REHEARSALS = 5  # voices tried for one speaker
STORED = ("coordinates", "sentences", "embeddings", "pitches", "cepstra", "halves")


def drawn(space: VoiceSpace, generator: np.random.Generator) -> Iterator[Array]:
    """Draw voices all over the space, a little past its border."""
    voices = np.stack([space.coordinates(point) for point in space.points])
    while True:
        if generator.random() < 0.5:
            halves = [_near(voices, generator)[half] for half in range(2)]
            coordinates = np.stack(halves)
        else:
            coordinates = _near(voices, generator)
        yield within_reach(coordinates, generator.uniform(0.8, 1.15))


def _near(voices: Array, generator: np.random.Generator) -> Array:
    kind = generator.choice(["mix", "difference", "gaussian"], p=[0.3, 0.3, 0.4])
    if kind == "mix":
        weights = generator.dirichlet(np.full(len(voices), 10 ** generator.uniform(-1.5, -0.3)))
        return np.asarray(np.tensordot(weights, voices, 1))
    if kind == "difference":
        one, other, third = voices[generator.choice(len(voices), 3, replace=False)]
        return np.asarray(one + generator.uniform(0.2, 1.2) * (other - third))
    spread = voices.std(0) * generator.uniform(0.7, 1.6)
    return np.asarray(generator.normal(size=voices.shape[1:]) * spread)


def speakers(folder: Path, encoder: SpeakerEncoder) -> list[SpeakerFeatures]:
    """Hear every clip of a folder at several speeds."""
    heard = []
    for path, speed in itertools.product(sorted(folder.iterdir()), SPEEDS):
        clip = decode_upload(path, max_seconds=3600.0)
        played = soxr.resample(clip, SAMPLE_RATE, SAMPLE_RATE * speed).astype(np.float32)
        heard.append(encoder.features(played[: 30 * SAMPLE_RATE]))
    return heard


def blended(humans: list[SpeakerFeatures], generator: np.random.Generator) -> SpeakerFeatures:
    """Return one of the speakers, or a blend of two."""
    one, other = (humans[index] for index in generator.choice(len(humans), 2, replace=False))
    share = generator.choice([1.0, 1.0, 0.7, 0.5])
    embedding = share * one.embedding + (1 - share) * other.embedding
    return SpeakerFeatures(
        embedding=embedding / np.linalg.norm(embedding),
        pitch=share * one.pitch + (1 - share) * other.pitch,
        cepstrum=share * one.cepstrum + (1 - share) * other.cepstrum,
        seconds=one.seconds,
    )


def stored(folder: Path) -> dict[str, Any]:
    """Return what all files of the folder hold, joined."""
    files = [dict(np.load(path)) for path in sorted(folder.glob("*.npz"))]
    if not files:
        raise SystemExit(f"{folder}: no samples; run `sample` first")
    return {name: np.concatenate([file[name] for file in files]) for name in files[0]}


def learned(folder: Path, space: VoiceSpace) -> dict[str, Any]:
    """Learn the map from the folder's samples."""
    data = stored(folder)
    return learn(
        data["coordinates"].reshape(len(data["coordinates"]), -1).astype(np.float64),
        data["embeddings"].astype(np.float64),
        data["pitches"].astype(np.float64),
        data["cepstra"].astype(np.float64),
        data["halves"].astype(np.float64),
        data["sentences"],
        space.deviation.ravel(),
    )


class Voices:
    """Draws voices: all over the space and, once there are speakers, mostly where clones lie."""

    def __init__(
        self,
        folder: Path,
        space: VoiceSpace,
        humans: list[SpeakerFeatures],
        generator: np.random.Generator,
    ) -> None:
        self._folder = folder
        self._space = space
        self._humans = humans
        self._generator = generator
        self._anywhere = drawn(space, generator)
        self._surrogate: Surrogate | None = None
        self._search: VoiceSearch | None = None
        self._count = 0
        self._rehearsed = 0

    def __iter__(self) -> Iterator[Array]:
        """Yield coordinates, [2, 53], without end; say how each sounds before taking the next."""
        while True:
            if self._humans and self._count % RELEARN == 0:
                self._surrogate, self._search = (
                    Surrogate.of(learned(self._folder, self._space)),
                    None,
                )
            self._count += 1
            if self._surrogate is None or self._generator.random() < 0.2:
                yield next(self._anywhere)
            else:
                yield self._rehearsed_by_a_clone(self._surrogate)

    def _rehearsed_by_a_clone(self, surrogate: Surrogate) -> Array:
        if self._search is None:
            speaker = blended(self._humans, self._generator)
            self._search = VoiceSearch(surrogate, speaker, BOUNDS["similarity"])
            self._rehearsed = 0
        return self._search.propose().reshape(2, -1)

    def heard(self, coordinates: Array, features: SpeakerFeatures, sentence: int) -> None:
        """Take in how the voice drawn last sounds in a sentence."""
        if self._search is None:
            return
        self._search.heard(coordinates.ravel(), features, sentence)
        self._rehearsed += 1
        if self._rehearsed == REHEARSALS:
            self._search = None


def sample(folder: Path, count: int, speech: Path | None, seed: int) -> None:
    """Draw voices and store how they sound."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    space, encoder = VoiceSpace.load(), SpeakerEncoder()
    drawing = Voices(folder, space, speakers(speech, encoder) if speech else [], generator)
    voices = itertools.islice(drawing, count)
    store(folder, voices, space, encoder, generator, drawing.heard)


def again(folder: Path, seed: int) -> None:
    """Have the voices of the packaged map speak once more, and store how they sound."""
    folder.mkdir(parents=True, exist_ok=True)
    voices = Surrogate.load().voices
    store(
        folder,
        voices.reshape(len(voices), 2, -1),
        VoiceSpace.load(),
        SpeakerEncoder(),
        np.random.default_rng(seed),
    )


def store(
    folder: Path,
    voices: Iterable[Array],
    space: VoiceSpace,
    encoder: SpeakerEncoder,
    generator: np.random.Generator,
    then: Callable[[Array, SpeakerFeatures, int], None] = lambda *_: None,
) -> None:
    """Have each voice speak a sentence, store how it sounds in a new file, and say so."""
    rehearsal = Rehearsal(create(Settings()), SENTENCES)
    file = folder / f"{time.time_ns()}.npz"
    rows: dict[str, list[object]] = {name: [] for name in STORED}

    def write() -> None:
        arrays: dict[str, Any] = {name: np.array(values) for name, values in rows.items()}
        np.savez_compressed(file, **arrays)

    for index, coordinates in enumerate(voices, 1):
        sentence = int(generator.integers(len(SENTENCES)))
        samples = rehearsal(space.at(coordinates), sentence, CancelToken())
        heard = encoder.features(samples)
        then(coordinates, heard, sentence)
        halves = [cepstral_statistics(levelled(half)) for half in np.array_split(samples, 2)]
        pitch = heard.pitch[:PITCHES]
        values = (coordinates, sentence, heard.embedding, pitch, heard.cepstrum, halves)
        for name, value in zip(rows, values, strict=True):
            rows[name].append(value)
        if index % RELEARN == 0:
            write()
            print(f"{index} voices", flush=True)
    write()


def fit(folder: Path) -> None:
    """Learn the map and write it into the package."""
    data = learned(folder, VoiceSpace.load())
    np.savez_compressed(TARGET, **data)
    print(f"{TARGET}: {len(data['voices'])} voices, {TARGET.stat().st_size:,} bytes")


def main() -> None:
    """Run a subcommand."""
    parser = argparse.ArgumentParser(description="Learn how points of the voice space sound.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("sample", "again", "fit"):
        commands.add_parser(name).add_argument("folder", type=Path)
    sampling = commands.choices["sample"]
    sampling.add_argument("--voices", type=int, default=1000)
    sampling.add_argument("--speech", type=Path, help="folder of human speech, a speaker a file")
    for name in ("sample", "again"):
        commands.choices[name].add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.command == "sample":
        sample(options.folder, options.voices, options.speech, options.seed)
    elif options.command == "again":
        again(options.folder, options.seed)
    else:
        fit(options.folder)


if __name__ == "__main__":
    main()
