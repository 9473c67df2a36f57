"""Learn which way in the voice space is higher, livelier and of more effort; measure emotions.

Usage:
    python scripts/learn_expression.py learn
    python scripts/learn_expression.py measure

``learn`` draws voices around the built-in ones, has each plan a few sentences, and measures the
prosody that Kokoro settles on before any sound is made: the median pitch, its range and the energy.
A ridge regression tells how each follows from the prosody coordinates of a voice; turned round, it
gives the smallest movement that changes one of them and leaves the others. Writes them to
``src/cartesia_server/voices/data/expression.npz``:

    directions [3, 53]    float32: one semitone higher, a range wider by a factor of e, one unit of
                          energy more; in coordinates of the voice space

and says how much of what movements change they foretell where these were held out. ``measure``
prints what the families of emotions do to voices, against the same voices without an emotion, in
other sentences: the table of docs/voices.md. An utterance takes an eighth of a second on one core.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import PLAIN, Expression, VoicePoint
from cartesia_server.engines.kokoro.alphabet import Speller
from cartesia_server.engines.kokoro.models import Models
from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE, Prosody
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.emotions import FAMILIES
from cartesia_server.voices.expression import Expressions
from cartesia_server.voices.space import VoiceSpace, within_reach

TARGET = Path(__file__).parents[1] / "src/cartesia_server/voices/data/expression.npz"

SENTENCES = (
    "She carried a small brown suitcase.",
    "Did anyone remember the tickets?",
    "I told them about it yesterday, and they will call.",
    "Please leave the package by the door.",
)
EACH = 2  # sentences a voice says
STEP = 0.5  # rms of the movement from a built-in voice
BUILT_IN = 54
WEIGHT = 0.4  # of a voice as it is, against that of a movement
RIDGE = 2.0
FOLDS = 6

UNSEEN = (
    "The weather was warm, so we walked along the river.",
    "They are going to open the letter after dinner.",
)
MEASURED = ("af_heart", "am_michael", "bf_emma", "bm_george")

Array = npt.NDArray[np.float64]


class Voices:
    """Has voices plan sentences, all in American English."""

    def __init__(self) -> None:
        settings = Settings()
        self.space = VoiceSpace.load()
        self.models = Models.load(settings.model_dir, settings.cache_dir)
        self._speller = Speller()

    def spelled(self, sentence: str) -> list[int]:
        """The tokens of a sentence."""
        (text,) = prepare(sentence, "en-US")
        return self._speller.spell(text.spoken, text.language).ids

    def planned(self, point: VoicePoint, ids: list[int], speed: float = 1.0) -> Prosody:
        """The prosody of a sentence said by a voice."""
        style = self.space.style(point, len(ids))
        return self.models.encode(ids, style, speed)


def measures(prosody: Prosody) -> Array:
    """Median pitch in semitones, log of its range, mean energy, log of phonemes a second; [4].

    The range is what 80 % of the voiced half frames span, in semitones.
    """
    pitch, energy = prosody.pitch[0].astype(float), prosody.energy[0].astype(float)
    heard = energy > 0
    clear = pitch[(pitch > 50) & heard]
    notes = 12 * np.log2(clear[clear > 0.7 * np.median(clear)] / 100)
    low, middle, high = np.percentile(notes, (10, 50, 90))
    seconds = np.ptp(np.flatnonzero(heard)) * FRAME / 2 / SAMPLE_RATE
    rate = np.log(len(prosody.durations) / seconds)
    return np.array([middle, np.log(high - low), energy[heard].mean(), rate])


def drawn(space: VoiceSpace, count: int) -> Iterator[Array]:
    """The built-in voices, then `count` voices around them, as coordinates, [2, 53]."""
    voices = np.stack([space.coordinates(point) for point in space.points])
    yield from voices
    generator = np.random.default_rng(0)
    for number in range(count):
        step = generator.normal(0, STEP, voices[0].shape)
        step[0] = 0  # timbre takes no part
        yield within_reach(voices[number % len(voices)] + step)


def sample(voices: Voices, count: int) -> tuple[Array, npt.NDArray[np.int64], Array]:
    """Coordinates [n, 53], numbers of sentences [n] and measures [n, 4] of utterances."""
    points = [point for point in drawn(voices.space, count) for _ in range(EACH)]
    sentences = np.arange(len(points)) % len(SENTENCES)
    spelled = [voices.spelled(sentence) for sentence in SENTENCES]
    measured = [
        measures(voices.planned(voices.space.at(point), spelled[sentence]))
        for point, sentence in zip(points, sentences, strict=True)
    ]
    return np.stack(points)[:, 1], sentences, np.stack(measured)


def rows(where: Array, sentences: npt.NDArray[np.int64], measured: Array) -> tuple[Array, Array]:
    """What a regression sees, [n, 53 + sentences] and [n, 3]: movements, and voices as they are.

    Voices differ in more than their coordinates tell about pitch and range, so what a movement from
    a voice changes in a sentence says more than the voice does.
    """
    count = EACH * BUILT_IN
    moved = np.arange(count, len(where))
    origin = moved % count
    steps = where[moved] - where[origin]
    offsets = np.eye(len(SENTENCES))
    known = np.concatenate(
        [
            np.concatenate([steps, 0 * offsets[sentences[moved]]], 1),
            WEIGHT * np.concatenate([where[:count], offsets[sentences[:count]]], 1),
        ]
    )
    wanted = np.concatenate([measured[moved] - measured[origin], WEIGHT * measured[:count]])
    return known, wanted[:, :3]


def slopes(known: Array, wanted: Array) -> Array:
    """How much each measure grows with each coordinate, [53, 3], by ridge regression."""
    free = len(SENTENCES)
    ridge = np.diag([RIDGE] * (known.shape[1] - free) + [1e-6] * free)
    return np.asarray(np.linalg.solve(known.T @ known + ridge, known.T @ wanted)[:-free])


def explained(known: Array, wanted: Array, moved: int) -> Array:
    """Share of what movements change that is foretold where they were held out, [3]."""
    found = np.zeros((moved, wanted.shape[1]))
    fold = np.arange(len(known)) // EACH % FOLDS
    fold[moved:] = FOLDS
    for number in range(FOLDS):
        held = fold == number
        slope = slopes(known[~held], wanted[~held])
        found[held[:moved]] = known[held, : len(slope)] @ slope
    return np.asarray(1 - ((wanted[:moved] - found) ** 2).sum(0) / (wanted[:moved] ** 2).sum(0))


def learn(count: int) -> None:
    """Sample, learn, and write the directions."""
    known, wanted = rows(*sample(Voices(), count))
    pitch, range_, energy = explained(known, wanted, EACH * count)
    print(f"foretold: pitch {pitch:.0%}, range {range_:.0%}, energy {energy:.0%}")
    directions = np.linalg.pinv(slopes(known, wanted))
    np.savez_compressed(TARGET, directions=directions.astype(np.float32))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


def said(voices: Voices, point: VoicePoint, ids: list[int], expression: Expression) -> Array:
    """The measures of a sentence said with an expression, [4]."""
    moved = Expressions.load(voices.space).moved(point, expression)
    return measures(voices.planned(moved, ids, expression.rate))


def measure() -> None:
    """Print the medians, over voices and sentences, of what families change."""
    voices = Voices()
    cases = [
        (voices.space.point(name), voices.spelled(sentence))
        for name in MEASURED
        for sentence in UNSEEN
    ]
    plain = np.stack([said(voices, *case, PLAIN) for case in cases])
    print(
        "| Family | Pitch, semitones | Range | Energy | Rate | Level |\n|---|---|---|---|---|---|"
    )
    for name, expression in FAMILIES.items():
        change = np.stack([said(voices, *case, expression) for case in cases]) - plain
        pitch, range_, energy, rate = np.median(change, 0)
        level = 20 * math.log10(expression.level)
        print(
            f"| {name} | {pitch:+.1f} | {math.expm1(range_):+.0%} | {energy:+.1f} "
            f"| {math.expm1(rate):+.0%} | {level:+.1f} dB |",
            flush=True,
        )


def main() -> None:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description="Learn directions of the voice space.")
    parser.add_argument("action", choices=("learn", "measure"))
    parser.add_argument("--voices", type=int, default=27, help="drawn beside the built-in ones")
    options = parser.parse_args()
    if options.action == "learn":
        learn(options.voices)
    else:
        measure()


if __name__ == "__main__":
    main()
