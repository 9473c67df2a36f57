"""Cut a Piper voice into an encoder and a chain of stages that can be run piece by piece.

A Piper voice is a VITS network in one graph: phonemes to durations and latent means, a flow that
shapes the latent frames, and a decoder to audio. What comes after the latent frames is
convolutions, which see only so far: a stretch of frames with enough of its neighbours comes out as
it would in the whole. The graph is cut where a single tensor carries everything, as soon as what
lies between sees more than `_FAR` frames to a side; so each stage makes little more than is asked.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import helper, numpy_helper

from cartesia_server.engines.graph import extract
from cartesia_server.engines.piper.widen import widen

VERSION = 3
"""Raise it when the same voice would come out as other graphs."""

IDS, LENGTHS, SCALES, SPEAKER = "input", "input_lengths", "scales", "sid"
OUTPUT = "output"
ENCODER = "encoder.onnx"
STAGE = "stage-{}.onnx"
REACH, FACTOR = "reach", "factor"
"""Metadata of a stage: frames that it sees to each side, and output steps for each input step."""

_FAR = 3.5  # frames seen to one side, above which a stage ends as soon as it can


class UnknownGraphError(ValueError):
    """A graph is not built as Piper exports its voices."""


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The tensors of a voice at which it is cut.

    Attributes:
        means: latent means of each phoneme, [1, channels, ids].
        spreads: logarithms of their deviations, [1, channels, ids].
        durations: frames of each phoneme, [1, 1, ids].
        latent: latent frames with their noise, [1, channels, frames].
        whims: noise of the durations, [1, 2, ids]; None if durations have none.
    """

    means: str
    spreads: str
    durations: str
    latent: str
    whims: str | None


def split(voice: bytes) -> bytes:
    """Split a voice.

    Args:
        voice: the file that Piper exported.

    Returns:
        A zip archive: `ENCODER`, which makes durations, means and deviations, and the stages in
        order, named by `STAGE`.

    Raises:
        UnknownGraphError: it is no Piper voice, or one of an unknown kind.
    """
    try:
        model = onnx.load_model_from_string(voice)
    except Exception as error:
        raise UnknownGraphError("the file is no ONNX model") from error
    graph = _Graph(model)
    marks = landmarks(graph)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        file.writestr(ENCODER, _encoder(graph, marks).SerializeToString())
        for number, stage in enumerate(_stages(graph, marks.latent)):
            file.writestr(STAGE.format(number), stage.SerializeToString())
    return archive.getvalue()


class _Graph:
    """A model with its nodes found by what they make and take."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.model = model
        self.nodes: list[onnx.NodeProto] = list(model.graph.node)
        self.inputs = {value.name for value in model.graph.input}
        self.constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self.maker = {name: node for node in self.nodes for name in node.output}

    def of_kind(self, kind: str) -> list[onnx.NodeProto]:
        """The nodes with this operator, in order."""
        return [node for node in self.nodes if node.op_type == kind]

    def after(self, names: Iterable[str]) -> set[str]:
        """Some tensors and all that depend on them."""
        found = set(names)
        for node in self.nodes:
            if not found.isdisjoint(node.input):
                found.update(node.output)
        return found

    def before(self, name: str) -> set[str]:
        """A tensor and all that it depends on."""
        found = {name}
        for node in reversed(self.nodes):
            if not found.isdisjoint(node.output):
                found.update(filter(None, node.input))
        return found


def landmarks(graph: _Graph) -> Landmarks:
    """Find where to cut, by what the tensors do and not by their names.

    Raises:
        UnknownGraphError: a landmark is missing.
    """
    if not {IDS, LENGTHS, SCALES} <= graph.inputs:
        raise UnknownGraphError(f"the graph has the inputs {', '.join(sorted(graph.inputs))}")
    # Durations are rounded up to whole frames, and nothing else is.
    ceil = _only(graph.of_kind("Ceil"), "rounding of durations")
    durations = ceil.output[0]
    framed = graph.after([durations])
    noises = graph.of_kind("RandomNormalLike")
    noise = _only([one for one in noises if framed & set(one.input)], "noise of the latent frames")
    whims = [one for one in noises if one is not noise]
    # latent = means + noise * exp(spreads) * scale, means and spreads repeated for each frame.
    chain = list(_until_sum(graph, noise))
    factors = {name for node in chain for name in node.input}
    exp = _only([n for n in graph.of_kind("Exp") if n.output[0] in factors], "deviation of frames")
    return Landmarks(
        means=_unrepeated(graph, noise.input[0]),
        spreads=_unrepeated(graph, exp.input[0]),
        durations=durations,
        latent=chain[-1].output[0],
        whims=_only(whims, "noise of durations").output[0] if whims else None,
    )


def _until_sum(graph: _Graph, noise: onnx.NodeProto) -> Iterator[onnx.NodeProto]:
    """The nodes that make latent frames of noise, one after another, an addition the last."""
    node = noise
    while node.op_type != "Add":
        takers = [one for one in graph.nodes if node.output[0] in one.input]
        node = _only(takers, "use of the noise")
        yield node
    if noise.input[0] not in node.input:
        raise UnknownGraphError("noise is not added to means")


def _unrepeated(graph: _Graph, name: str) -> str:
    """The tensor by phonemes, [1, channels, ids], that was repeated to make one by frames."""
    # frames = transpose(path @ transpose(ids)), the path from durations
    node = graph.maker.get(name)
    if node is not None and node.op_type == "Transpose":
        product = graph.maker.get(node.input[0])
        if product is not None and product.op_type == "MatMul":
            repeated = graph.maker.get(product.input[1])
            if repeated is not None and repeated.op_type == "Transpose":
                return str(repeated.input[0])
    raise UnknownGraphError("latent frames are not made from phonemes as expected")


def _only(nodes: Sequence[onnx.NodeProto], what: str) -> onnx.NodeProto:
    if len(nodes) != 1:
        raise UnknownGraphError(f"expected one {what}, found {len(nodes)}")
    return nodes[0]


def _encoder(graph: _Graph, marks: Landmarks) -> onnx.ModelProto:
    """Phonemes to durations, means and spreads; noise is an input, so that it can be repeated."""
    inputs: dict[str, Sequence[int | str | None]] = {
        name: () for name in (IDS, LENGTHS, SCALES, SPEAKER) if name in graph.inputs
    }
    if marks.whims is not None:
        inputs[marks.whims] = (1, 2, "ids")
    outputs = dict.fromkeys((marks.means, marks.spreads, marks.durations), (1, None, "ids"))
    return extract(graph.model, inputs, outputs)


def _stages(graph: _Graph, latent: str) -> Iterator[onnx.ModelProto]:
    """The graph from the latent frames to the audio, in stages."""
    path = _path(graph, latent)
    sights = _sights(graph, path, latent)
    start = latent
    for name in _cuts(path, latent):
        reach = sights[name].reach - sights[start].reach
        if reach > _FAR or name == OUTPUT:
            stage = _stage(graph, path, start, name)
            factor = sights[name].rate // sights[start].rate
            props = {REACH: str(math.ceil(reach - 1e-6)), FACTOR: str(factor)}
            helper.set_model_props(stage, props)
            yield stage
            start = name


def _path(graph: _Graph, latent: str) -> list[onnx.NodeProto]:
    """The nodes that depend on the latent frames and that the audio depends on, in order."""
    between = graph.after([latent]) & graph.before(OUTPUT) - {latent}
    return [node for node in graph.nodes if not between.isdisjoint(node.output)]


def _cuts(path: Sequence[onnx.NodeProto], latent: str) -> Iterator[str]:
    """The tensors that alone carry everything from what lies before them to what lies after."""
    last_use = {name: index for index, node in enumerate(path) for name in node.input}
    alive = {latent}
    for index, node in enumerate(path):
        alive.update(name for name in node.output if name in last_use or name == OUTPUT)
        alive = {name for name in alive if name == OUTPUT or last_use[name] > index}
        if len(alive) == 1:
            yield from alive


@dataclass(frozen=True, slots=True)
class _Sight:
    """How far a tensor sees: frames to each side, and its steps for each frame."""

    reach: float
    rate: int


def _sights(graph: _Graph, path: Sequence[onnx.NodeProto], latent: str) -> dict[str, _Sight]:
    sights = {latent: _Sight(0.0, 1)}
    for node in path:
        seen = [sights[name] for name in node.input if name in sights]
        sight = _Sight(max(one.reach for one in seen), max(one.rate for one in seen))
        if node.op_type in ("Conv", "ConvTranspose"):
            sight = _convolved(graph, node, sight)
        sights.update(dict.fromkeys(node.output, sight))
    return sights


def _convolved(graph: _Graph, node: onnx.NodeProto, sight: _Sight) -> _Sight:
    attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    (kernel,) = graph.constants[node.input[1]].dims[2:]
    (before, _), (dilation,) = attributes.get("pads", (0, 0)), attributes.get("dilations", (1,))
    (stride,) = attributes.get("strides", (1,))
    width = dilation * (kernel - 1)
    if node.op_type == "Conv":
        return _Sight(sight.reach + max(before, width - before) / sight.rate, sight.rate)
    side = max(before, width - before) / stride
    return _Sight(sight.reach + side / sight.rate, sight.rate * stride)


def _stage(graph: _Graph, path: Sequence[onnx.NodeProto], start: str, end: str) -> onnx.ModelProto:
    """What lies between two cuts. Masks of the frames that count are taken for ones: all do."""
    downstream, by_phonemes = graph.after([start]), graph.after([IDS, LENGTHS])
    between = downstream & graph.before(end) - {start}
    masks: set[str] = set()
    for node in path:
        if not between.isdisjoint(node.output):
            foreign = by_phonemes.intersection(node.input) - downstream
            if foreign and node.op_type != "Mul":
                raise UnknownGraphError(f"{node.name} depends on phonemes: {sorted(foreign)}")
            masks |= foreign
    inputs: dict[str, Sequence[int | str | None]] = {start: (1, None, "steps"), SPEAKER: ()}
    inputs |= dict.fromkeys(masks, (1, 1, 1))
    stage = extract(graph.model, inputs, {end: None})
    widen(stage, start)
    fed = [value for value in stage.graph.input if value.name not in masks]
    used = [value.name for value in stage.graph.input if value.name in masks]
    del stage.graph.input[:]
    stage.graph.input.extend(fed)
    ones = np.ones((1, 1, 1), np.float32)
    stage.graph.initializer.extend(numpy_helper.from_array(ones, name) for name in used)
    return stage
