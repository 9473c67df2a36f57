"""Measure Kokoro's decoder: the ranges of its signals, and what its normalisations see.

Usage:
    python scripts/calibrate_kokoro.py scales [--utterances 26]
    python scripts/calibrate_kokoro.py measure FOLDER --utterances 450
    python scripts/calibrate_kokoro.py measure FOLDER --utterances 400 --seed 1 --built-in 0.85
    python scripts/calibrate_kokoro.py measure FOLDER --utterances 180 --seed 2 --abroad
    python scripts/calibrate_kokoro.py fit FOLDER

``scales`` runs the decoder in float and writes the range of every channel before and after every
convolution to ``engines/kokoro/data/scales.npz``: by it signals and weights become 8-bit integers.
``measure`` has built-in and drawn voices speak spans of a text, from a word to a long sentence, and
stores the mean and the variance that every normalisation of the integer decoder saw in the whole
utterance in a new file of FOLDER; run it again with other seeds for more. ``fit`` learns from every
file of FOLDER to foretell them and writes ``engines/kokoro/data/statistics.npz``.

Statistics belong to the scales that they were measured with: after ``scales`` measure anew. On one
core an utterance takes about its own length.
"""

from __future__ import annotations

import argparse
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from cartesia_server.engines.base import VoicePoint
from cartesia_server.engines.kokoro import derive, network
from cartesia_server.engines.kokoro.alphabet import Speller
from cartesia_server.engines.kokoro.models import WEIGHTS, Models
from cartesia_server.engines.kokoro.network import Network, Scales, build_body, build_generator
from cartesia_server.engines.kokoro.parameters import Parameters
from cartesia_server.engines.kokoro.prosody import Array, Prosody
from cartesia_server.engines.kokoro.source import Source
from cartesia_server.engines.kokoro.statistics import TIMBRE, features, with_waves
from cartesia_server.engines.session import Session
from cartesia_server.engines.weights import resolve
from cartesia_server.settings import Settings
from cartesia_server.text.prepare import prepare
from cartesia_server.voices.space import VoiceSpace
from train_clone_map import drawn

DATA = Path(__file__).parents[1] / "src/cartesia_server/engines/kokoro/data"

TEXT = """\
The station was almost empty when she arrived, so she sat down on the last bench and opened the
letter again. It said very little: a name, an address, and the hour of a train that nobody had
mentioned before. Outside, the rain had stopped, and a thin yellow light lay over the roofs of the
old town. Could he really have forgotten her? Perhaps. A porter walked past with two heavy boxes,
whistling something cheerful, and the clock above the door jumped to half past nine. Thank you for
calling, how can I help you today? Of course, I would be glad to look that up for you. Your order
number is four seven two nine, is that right? Great. It left our warehouse on Thursday morning and
should reach you by the end of the week, unless the weather gets in the way. Hello! Yes, please.
No, I don't think so. One moment. In the early years of the century the village was known for its
glass, which was blown by hand in workshops along the river and sold as far away as Russia. Each
family kept its own recipe for the deep blue colour, and guarded it jealously. What happened next
surprised everyone: the youngest daughter published hers in the newspaper! Mix flour, butter and
sugar until the dough is smooth; leave it in a cool place for an hour, then roll it out thinly.
The engine of the machine measures temperature, pressure and speed several thousand times every
second. Just a quick question before you go. Why should anyone believe that? Good evening,
everybody, and welcome back to the show. My brother, who never reads maps, drove through the whole
forest in the dark with broken headlights and a sleeping dog on the back seat. They laughed, they
argued, they made peace again. Sorry, could you repeat that more slowly? Goodbye, and have a
lovely weekend."""

OTHER_TEXTS = {
    "es": """\
La estación estaba casi vacía cuando ella llegó, así que se sentó en el último banco y volvió a
abrir la carta. ¿De verdad la había olvidado? Quizás. Gracias por llamar, ¿en qué puedo ayudarle
hoy? Su pedido salió del almacén el jueves por la mañana y debería llegar antes del fin de
semana. Un momento, por favor. Mi hermano condujo por el bosque oscuro con un perro dormido en el
asiento de atrás.""",
    "fr": """\
La gare était presque vide quand elle arriva, alors elle s'assit sur le dernier banc et rouvrit
la lettre. L'avait-il vraiment oubliée ? Peut-être. Merci de votre appel, comment puis-je vous
aider aujourd'hui ? Votre commande a quitté notre entrepôt jeudi matin et devrait arriver avant
la fin de la semaine. Un instant, je vous prie. Mon frère a traversé la forêt sombre avec un
chien endormi.""",
    "it": """\
La stazione era quasi vuota quando lei arrivò, così si sedette sull'ultima panchina e riaprì la
lettera. L'aveva davvero dimenticata? Forse. Grazie per la chiamata, come posso aiutarla oggi? Il
suo ordine ha lasciato il magazzino giovedì mattina e dovrebbe arrivare entro la fine della
settimana. Un momento, per favore. Mio fratello ha guidato nel bosco buio con un cane
addormentato sul sedile.""",
    "pt": """\
A estação estava quase vazia quando ela chegou, então sentou-se no último banco e abriu de novo a
carta. Será que ele a tinha esquecido? Talvez. Obrigado por ligar, como posso ajudar hoje? O seu
pedido saiu do armazém na quinta-feira de manhã e deve chegar até o fim da semana. Um momento,
por favor. O meu irmão dirigiu pela floresta escura com um cachorro dormindo no banco de trás, e
a viagem durou seis horas.""",
}

ENGLISH = "en-US"
LONGEST = 25  # words of one span
CHANCE_OF_OTHER_SPEED = 0.3

RANK = 160
WAVES = 256
WAVES_REACH = 1.5  # of the usual squared distance between two timbres
WAVES_WEIGHT = 2.0  # against each of the other kinds of features
RIDGES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
FOLDS = 6

_LEAST_STEP = 1e-6
_LEAST_VARIANCE = 1e-9
_BLOCK = 1024  # channels of the body's blocks

Indices = npt.NDArray[np.int32]
_BEFORE, _AFTER = ":before", ":after"

Table = dict[str, Any]  # of arrays


@dataclass(frozen=True)
class Situation:
    """What is spoken, by whom, and how fast."""

    text: str
    language: str
    voice: VoicePoint
    speed: float


def situations(
    space: VoiceSpace, seed: int, share_of_built_in: float = 0.4, *, abroad: bool = False
) -> Iterator[Situation]:
    """Draw texts, voices and speeds without end."""
    chance = np.random.default_rng(seed)
    voices = drawn(space, chance)
    while True:
        language = str(chance.choice(list(OTHER_TEXTS))) if abroad else ENGLISH
        text = (OTHER_TEXTS[language] if abroad else TEXT).split()
        words = round(float(np.exp(chance.uniform(0, np.log(LONGEST)))))
        start = int(chance.integers(0, len(text) - words))
        span = " ".join(text[start : start + words])
        if not span.endswith((".", "!", "?", ",", ":", ";")):
            span += str(chance.choice([".", ",", "", "?"], p=[0.5, 0.2, 0.2, 0.1]))
        built_in = chance.random() < share_of_built_in
        point = space.points[chance.integers(len(space.points))]
        voice = np.asarray(point, np.float32) if built_in else space.at(next(voices))
        other = chance.random() < CHANCE_OF_OTHER_SPEED
        yield Situation(span, language, voice, float(chance.uniform(0.75, 1.4)) if other else 1.0)


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
        known.append(features(prosody, lab.models.beginnings(prosody)))
        means.append(np.concatenate([seen[f"{path}:mean"].reshape(-1) for path in paths]))
        variances.append(np.concatenate([seen[f"{path}:variance"].reshape(-1) for path in paths]))
    return {
        "features": np.array(known),
        "means": np.array(means),
        "variances": np.array(variances),
    }


def fit(lab: Lab, folder: Path) -> Table:
    """The table of `Statistics.load`, from every file of a folder."""
    files = [np.load(path) for path in sorted(folder.glob("*.npz"))]
    known, means, variances = (
        np.concatenate([file[name] for file in files]).astype(np.float64)
        for name in ("features", "means", "variances")
    )
    deviation = np.sqrt(np.exp(np.log(variances + _LEAST_VARIANCE).mean(0)))
    outputs = np.concatenate([means / deviation, np.log(variances + _LEAST_VARIANCE)], axis=1)
    waves = _drawn_waves(known[:, :TIMBRE])
    weights = np.append(_feature_weights(known), np.full(WAVES, np.sqrt(2 * WAVES_WEIGHT / WAVES)))
    known = np.array([with_waves(row, waves) for row in known])
    centre, base = known.mean(0), outputs.mean(0)
    inputs = (known - centre) * weights
    alike = inputs @ inputs.T
    ridge = min(RIDGES, key=lambda ridge: _left_out_error(alike, outputs, ridge))
    dual = np.linalg.solve(alike + ridge * np.eye(len(alike)), outputs - base)
    # The directions in which what is foretold for the utterances differs most.
    told = alike @ dual
    directions = np.linalg.svd(told, full_matrices=False)[2][:RANK]
    kept = ((told @ directions.T) ** 2).sum() / (told**2).sum()
    error = _left_out_error(alike, outputs, ridge)
    print(f"{len(known)} utterances, ridge {ridge}: error {error:.3f} of 1, rank keeps {kept:.4f}")
    into = weights[:, None] * (inputs.T @ (dual @ directions.T))
    step = np.abs(directions).max(axis=1) / 127
    known_channels, measured = _measured_channels(lab.built(derive.load_scales()))
    return {
        "waves": waves.astype(np.float32),
        "centre": centre.astype(np.float32),
        "into": into.astype(np.float32),
        "out": np.rint(directions / step[:, None]).astype(np.int8),
        "step": step.astype(np.float32),
        "base": base.astype(np.float16),
        "deviation": deviation.astype(np.float32),
        "known": known_channels,
        "measured": measured,
    }


def _drawn_waves(timbre: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Waves of random direction whose products approach a Gaussian kernel.

    (Rahimi, Recht: "Random features for large-scale kernel machines", 2007.)
    """
    chance = np.random.default_rng(0)
    spread = timbre.std(0) + 1e-6
    scaled = timbre / spread
    pairs = scaled[chance.permutation(len(scaled))] - scaled
    reach = WAVES_REACH * float(np.median((pairs**2).sum(1)))
    directions = chance.normal(size=(timbre.shape[1], WAVES)) * np.sqrt(2 / reach)
    phases = chance.uniform(0, 2 * np.pi, WAVES)
    return np.concatenate([directions / spread[:, None], phases[None]])


def _feature_weights(known: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Standardises features, and gives style, curves, means and deviations equal weight."""
    style, moments = 256, 1604
    curves = known.shape[1] - style - 2 * moments
    sizes = np.repeat([style, curves, moments, moments], [style, curves, moments, moments])
    return np.asarray(1 / (known.std(0) + 1e-6) / np.sqrt(sizes))


def _left_out_error(
    alike: npt.NDArray[np.float64], outputs: npt.NDArray[np.float64], ridge: float
) -> float:
    """Squared error over utterances that were left out, as a share of the variance."""
    fold = np.arange(len(alike)) % FOLDS
    errors = []
    for left_out in range(FOLDS):
        kept, out = fold != left_out, fold == left_out
        base = outputs[kept].mean(0)
        system = alike[np.ix_(kept, kept)] + ridge * np.eye(kept.sum())
        told = base + alike[np.ix_(out, kept)] @ np.linalg.solve(system, outputs[kept] - base)
        errors.append(((told - outputs[out]) ** 2).mean(0))
    return float((np.mean(errors, axis=0) / (outputs.var(0) + 1e-9)).mean())


def _measured_channels(networks: Sequence[Network]) -> tuple[Indices, Indices]:
    """Channels whose moments `Models.beginnings` measures, and where they are among those."""
    known: list[Indices] = []
    offset = 0
    for slot in (slot for built in networks for slot in built.slots):
        channels = np.arange(offset, offset + len(slot.gain), dtype=np.int32)
        if slot.path in ("encode/norm1", "encode/norm2"):
            known.append(channels)
        elif re.fullmatch(r"decode\.\d/norm1", slot.path):
            known.append(channels[_BLOCK:])  # what it gets beside the block before
        offset += len(channels)
    first = sum(map(len, known[:2]))
    measured = [np.arange(first), *(first + np.arange(len(part)) for part in known[2:])]
    return np.concatenate(known), np.concatenate(measured).astype(np.int32)


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
    options = parser.parse_args()
    lab = Lab()
    if options.command == "scales":
        np.savez_compressed(DATA / "scales.npz", **measure_scales(lab, options.utterances))
    elif options.command == "measure":
        options.folder.mkdir(parents=True, exist_ok=True)
        endless = situations(lab.space, options.seed, options.built_in, abroad=options.abroad)
        table = measure(lab, itertools.islice(endless, options.utterances))
        np.savez(options.folder / f"seed-{options.seed}.npz", **table)
    else:
        np.savez_compressed(DATA / "statistics.npz", **fit(lab, options.folder))


if __name__ == "__main__":
    main()
