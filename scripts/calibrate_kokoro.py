"""Measure Kokoro's decoder: the ranges of its signals, and what its normalisations see.

Usage:
    python scripts/calibrate_kokoro.py scales [--utterances 26]
    python scripts/calibrate_kokoro.py measure FOLDER --utterances 450
    python scripts/calibrate_kokoro.py measure FOLDER --utterances 400 --seed 1 --built-in 0.85
    python scripts/calibrate_kokoro.py measure FOLDER --utterances 180 --seed 2 --abroad
    python scripts/calibrate_kokoro.py fit FOLDER
    python scripts/calibrate_kokoro.py openings FOLDER --utterances 100 --seed 200
    python scripts/calibrate_kokoro.py teach FOLDER
    python scripts/calibrate_kokoro.py loudness [--utterances 900]

``scales`` runs the decoder in float and writes the range of every channel before and after every
convolution to ``engines/kokoro/data/scales.npz``: by it signals and weights become 8-bit integers.
``measure`` has built-in and drawn voices speak spans of a text, from a word to a long sentence, and
stores the mean and the variance that every normalisation of the integer decoder saw in the whole
utterance in a new file of FOLDER; run it again with other seeds for more. ``fit`` learns from every
file of FOLDER to foretell them and writes ``engines/kokoro/data/statistics.npz``. ``openings``
stores what is known of utterances from all their words and from their first ones, and ``teach``
learns to tell from these what that table tells from all, and adds it to the table. Nothing is
decoded for it, and an utterance takes a tenth of a second. After ``fit`` teach anew. Last,
``loudness`` measures by how much speech made with the table is louder than the same made whole, in
every built-in voice, and has the table know it.

Statistics belong to the scales that they were measured with: after ``scales`` measure anew. On one
core an utterance takes about its own length.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from calibration_fit import Table, by_timbre, fit, teach
from calibration_speech import Situation, agents, in_turn, situations
from cartesia_server.engines.base import CancelToken, SpeechControls
from cartesia_server.engines.kokoro import derive, network
from cartesia_server.engines.kokoro.alphabet import Speller
from cartesia_server.engines.kokoro.engine import KokoroEngine
from cartesia_server.engines.kokoro.models import WEIGHTS, Models
from cartesia_server.engines.kokoro.network import Network, Scales, build_body, build_generator
from cartesia_server.engines.kokoro.parameters import Parameters
from cartesia_server.engines.kokoro.plan import Plan
from cartesia_server.engines.kokoro.prosody import Array, Prosody
from cartesia_server.engines.kokoro.source import Source
from cartesia_server.engines.kokoro.statistics import TIMBRE, Statistics, features
from cartesia_server.engines.session import Session
from cartesia_server.engines.weights import resolve
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.space import VoiceSpace

DATA = Path(__file__).parents[1] / "src/cartesia_server/engines/kokoro/data"

_LEAST_STEP = 1e-6

_BEFORE, _AFTER = ":before", ":after"


@dataclass(frozen=True)
class Decoder:
    """Body and generator opened, and the layers that turn a style into scales and shifts."""

    body: Opened
    generator: Opened
    styles: Array
    of_body: int


class Opened:
    """A graph from which more is fetched than its output.

    Args:
        built: the graph.
        inside: labels of further tensors to fetch, and their names.
        reduced: whether to fetch ``label:mean`` and ``label:variance`` over time instead.
    """

    def __init__(self, built: Network, inside: Mapping[str, str], *, reduced: bool) -> None:
        model = onnx.ModelProto.FromString(built.model.SerializeToString())
        output = model.graph.output[0].name
        self._fetched = {output: output}
        for label, tensor in inside.items():
            if reduced:
                model.graph.node.extend(_moments(label, tensor))
                self._fetched |= {name: name for name in (f"{label}:mean", f"{label}:variance")}
            else:
                self._fetched[label] = tensor
        self._tensors = sorted(set(self._fetched.values()))
        model.graph.output.extend(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
            for name in self._tensors
            if name != output
        )
        self._session = Session(model.SerializeToString(), threads=2)

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Every fetched tensor by its label."""
        seen = dict(zip(self._tensors, self._session.run(inputs, self._tensors), strict=True))
        return {label: seen[tensor] for label, tensor in self._fetched.items()}


def _moments(name: str, tensor: str) -> list[onnx.NodeProto]:
    mean, away, square, variance = (
        f"{name}:{part}" for part in ("mean", "away", "square", "variance")
    )
    return [
        helper.make_node("ReduceMean", [tensor], [mean], axes=[2]),
        helper.make_node("Sub", [tensor, mean], [away]),
        helper.make_node("Mul", [away, away], [square]),
        helper.make_node("ReduceMean", [square], [variance], axes=[2]),
    ]


class Lab:
    """The parts of Kokoro, to be opened up."""

    def __init__(self) -> None:
        self.space = VoiceSpace.load()
        weights = resolve("kokoro", Settings().model_dir).read(WEIGHTS)
        self.parameters = Parameters(onnx.load_model_from_string(weights))
        self._speller = Speller()

    @cached_property
    def models(self) -> Models:
        """As the engine runs them; `fit` makes what they need and must do without."""
        settings = Settings()
        return Models.load(settings.model_dir, settings.cache_dir)

    @cached_property
    def engine(self) -> KokoroEngine:
        """Of these models."""
        return KokoroEngine(self.models, self.space.style, lambda voice, _: voice)

    def built(self, scales: Mapping[str, Scales]) -> list[Network]:
        """Body and generator."""
        return [build(self.parameters, scales) for build in (build_body, build_generator)]

    def opened(
        self,
        networks: Sequence[Network],
        inside: Callable[[Network], Mapping[str, str]],
        *,
        reduced: bool = False,
    ) -> Decoder:
        """A decoder whose inside can be seen; see `Opened`."""
        body, generator = networks
        return Decoder(
            Opened(body, inside(body), reduced=reduced),
            Opened(generator, inside(generator), reduced=reduced),
            styles=derive.style_layers(self.parameters, body, generator),
            of_body=sum(len(slot.gain) for slot in body.slots),
        )

    def prosody(self, situation: Situation) -> Prosody:
        """Settle how a text is spoken."""
        parts = prepare(situation.text, situation.language)
        words = [word for part in parts for word in part.spoken]
        ids = self._speller.spell(words, situation.language).ids
        style = self.space.style(situation.voice, len(ids))
        return self.models.encode(ids, style, situation.speed)

    def halves(self, situation: Situation) -> Iterator[tuple[Array, Array]]:
        """What is known of utterances from first words that come first, and from all words."""
        controls = SpeechControls(speed=situation.speed, first_piece=0.2)
        for text in prepare(situation.text, situation.language):
            first, *others = self.engine.plan(text, situation.voice, controls).passes
            if first.to_seam:
                parts = (first.prosody, others[0].prosody)
                share = (len(parts[0].durations) - 2) / (len(parts[1].durations) - 2)
                opening, whole = (
                    features(part, shared, self.models.beginnings(part))
                    for part, shared in zip(parts, (share, 1.0), strict=True)
                )
                yield opening, whole

    def run(self, decoder: Decoder, prosody: Prosody) -> dict[str, Array]:
        """Decode a whole utterance, normalised by what it is; what every fetched tensor held."""
        exact = {network.EXACT: np.array([True])}
        styled = prosody.style[:128] @ decoder.styles[:-1] + decoder.styles[-1]
        scale, shift = np.split(styled, 2)
        size = decoder.of_body
        seen = decoder.body.run(
            {
                network.TEXT: prosody.text,
                network.PITCH: prosody.pitch[:, None],
                network.ENERGY: prosody.energy[:, None],
                network.SCALE: scale[:size],
                network.SHIFT: shift[:size],
                **exact,
            }
        )
        return seen | decoder.generator.run(
            {
                network.HIDDEN: seen[network.HIDDEN],
                network.SOURCE: Source(prosody.pitch).spectrum(0, prosody.frames),
                network.SCALE: scale[size:],
                network.SHIFT: shift[size:],
                network.INNER: np.array([0, prosody.frames], np.int64),
                **exact,
            }
        )


# --- scales ---------------------------------------------------------------------------------------


def measure_scales(lab: Lab, utterances: int) -> Table:
    """The table of `derive.load_scales`, from the ranges over some utterances."""
    low: dict[str, Array] = {}
    high: dict[str, Array] = {}
    decoder = lab.opened(lab.built({}), _ends)
    for situation in itertools.islice(situations(lab.space, seed=1), utterances):
        for label, signal in lab.run(decoder, lab.prosody(situation)).items():
            least, most = signal[0].min(axis=1), signal[0].max(axis=1)
            low[label] = np.minimum(low.get(label, least), least)
            high[label] = np.maximum(high.get(label, most), most)
    ends = [label.removesuffix(_BEFORE) for label in low if label.endswith(_BEFORE)]
    before = [_common_steps(low[path + _BEFORE], high[path + _BEFORE]) for path in ends]
    after = [_own_steps(low[path + _AFTER], high[path + _AFTER]) for path in ends]
    return {
        "paths": np.array(ends),
        "inputs": np.array([len(steps) for steps, _ in before], np.int16),
        "outputs": np.array([len(steps) for steps, _ in after], np.int16),
        "before": np.concatenate([steps for steps, _ in before]).astype(np.float16),
        "before_zero": np.array([zero for _, zero in before], np.uint8),
        "after": np.concatenate([steps for steps, _ in after]).astype(np.float16),
        "after_zero": np.concatenate([zeros for _, zeros in after]).astype(np.uint8),
    }


def _ends(built: Network) -> dict[str, str]:
    """Input and output of every convolution that can be made of integers."""
    return {
        node.name + side: tensor
        for node in built.model.graph.node
        if node.op_type == "Conv" and node.name  # the others stay in float
        for side, tensor in ((_BEFORE, node.input[0]), (_AFTER, node.output[0]))
    }


def _common_steps(low: Array, high: Array) -> tuple[Array, int]:
    """Steps of channels that share their zero: the zero that leaves the finest steps."""
    candidates = []
    for zero in range(1, 255):
        steps = np.maximum(np.maximum(high / (255 - zero), -low / zero), _LEAST_STEP)
        candidates.append((float(np.log(steps).mean()), zero, steps))
    _, zero, steps = min(candidates, key=lambda candidate: candidate[0])
    return steps, zero


def _own_steps(low: Array, high: Array) -> tuple[Array, Array]:
    """Steps and zeros of channels that have one each."""
    low, high = np.minimum(low, 0), np.maximum(high, 0)
    steps = np.maximum((high - low) / 255, _LEAST_STEP)
    return steps, np.rint(-low / steps)


# --- statistics -----------------------------------------------------------------------------------


def measure(lab: Lab, drawn: Iterable[Situation]) -> Table:
    """What is known of some utterances beforehand, and what the normalisations then saw."""
    networks = lab.built(derive.load_scales())
    paths = [slot.path for built in networks for slot in built.slots]
    decoder = lab.opened(
        networks, lambda built: {slot.path: slot.signal for slot in built.slots}, reduced=True
    )
    known, means, variances = [], [], []
    for situation in drawn:
        prosody = lab.prosody(situation)
        seen = lab.run(decoder, prosody)
        known.append(features(prosody, 1.0, lab.models.beginnings(prosody)))
        means.append(np.concatenate([seen[f"{path}:mean"].reshape(-1) for path in paths]))
        variances.append(np.concatenate([seen[f"{path}:variance"].reshape(-1) for path in paths]))
    return {
        "features": np.array(known),
        "means": np.array(means),
        "variances": np.array(variances),
    }


def openings(lab: Lab, drawn: Iterable[Situation], utterances: int) -> Table:
    """What is known of some utterances from their first words, and from all."""
    pairs = itertools.chain.from_iterable(map(lab.halves, drawn))
    first, whole = zip(*itertools.islice(pairs, utterances), strict=True)
    return {"first": np.array(first), "whole": np.array(whole)}


def loudness(lab: Lab, drawn: Iterable[Situation], utterances: int) -> Table:
    """By how much speech in pieces is louder than the same made whole, by timbre."""
    statistics = Statistics.load()
    styles: list[Array] = []
    louder: list[float] = []
    for situation in drawn:
        for text in prepare(situation.text, situation.language):
            pieces, whole = (
                lab.engine.plan(text, situation.voice, SpeechControls(first_piece=size))
                for size in (0.3, 60.0)
            )
            if any(run.affine for run in pieces.passes) and len(whole.passes) == 1:
                styles.append(whole.passes[0].prosody.style)
                left = _level(pieces) - _level(whole)
                louder.append(statistics.louder_in(styles[-1]) + left)
        if len(louder) >= utterances:
            break
    print(f"{np.mean(louder):.2f} dB louder, {np.std(louder):.2f} from one utterance to the next")
    return {"louder": by_timbre(np.array(styles)[:, :TIMBRE], np.array(louder))}


def _level(plan: Plan) -> float:
    """In dBFS, of what is heard."""
    audio = np.concatenate([chunk.samples for chunk in plan.chunks(CancelToken())])
    heard = audio[np.abs(audio) > 10 ** (-40 / 20)]
    return 10 * float(np.log10(np.mean(heard**2)))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("scales")
    command.add_argument("--utterances", type=int, default=26)
    command = commands.add_parser("measure")
    command.add_argument("folder", type=Path)
    command.add_argument("--utterances", type=int, default=600)
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--built-in", type=float, default=0.4, help="share of built-in voices")
    command.add_argument("--abroad", action="store_true", help="in other languages than English")
    commands.add_parser("fit").add_argument("folder", type=Path)
    command = commands.add_parser("openings")
    command.add_argument("folder", type=Path)
    command.add_argument("--utterances", type=int, default=100)
    command.add_argument("--seed", type=int, default=200)
    commands.add_parser("teach").add_argument("folder", type=Path)
    command = commands.add_parser("loudness")
    command.add_argument("--utterances", type=int, default=900)
    command.add_argument("--seed", type=int, default=300)
    options = parser.parse_args()
    lab = Lab()
    if options.command == "scales":
        np.savez_compressed(DATA / "scales.npz", **measure_scales(lab, options.utterances))
    elif options.command == "measure":
        options.folder.mkdir(parents=True, exist_ok=True)
        endless = situations(lab.space, options.seed, options.built_in, abroad=options.abroad)
        table = measure(lab, itertools.islice(endless, options.utterances))
        np.savez(options.folder / f"seed-{options.seed}.npz", **table)
    elif options.command == "openings":
        options.folder.mkdir(parents=True, exist_ok=True)
        table = openings(lab, agents(lab.space, options.seed), options.utterances)
        np.savez(options.folder / f"openings-{options.seed}.npz", **table)
    else:
        if options.command == "loudness":
            made = loudness(lab, in_turn(lab.space, options.seed), options.utterances)
        else:
            networks = lab.built(derive.load_scales())
            teaches = options.command == "teach"
            made = teach(options.folder) if teaches else fit(networks, options.folder)
        with np.load(DATA / "statistics.npz") as packaged:
            np.savez_compressed(DATA / "statistics.npz", **{**packaged, **made})


if __name__ == "__main__":
    main()
