"""From the published weights to the graphs that run here; done once, then cached."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib import resources

import numpy as np
import onnx

from cartesia_server.engines import products
from cartesia_server.engines.graph import extract
from cartesia_server.engines.kokoro.network import (
    Network,
    Scales,
    build_body,
    build_generator,
    build_opening,
)
from cartesia_server.engines.kokoro.parameters import Parameters
from cartesia_server.engines.kokoro.prosody import Array

VERSION = 6
"""Raise it when the same weights and scales would come out as other graphs."""

TOKENS, STYLE, SPEED = "tokens", "style", "speed"
TEXT = "/encoder/MatMul_1_output_0"
PITCH = "/encoder/Reshape_output_0"
ENERGY = "/encoder/Reshape_1_output_0"
DURATIONS = "/encoder/Clip_output_0"

ENCODER, BODY, GENERATOR, STYLES = "encoder.onnx", "body.onnx", "generator.onnx", "styles.npy"
OPENING = "opening.onnx"
PARTS = (ENCODER, OPENING, BODY, GENERATOR, STYLES)

SCALES = "data/scales.npz"


def recipe() -> bytes:
    """What the parts depend on besides the weights."""
    table = resources.files(__package__).joinpath(SCALES).read_bytes()
    return table + bytes([VERSION, products.exact()])


def derive(weights: bytes) -> dict[str, bytes]:
    """Make every part from the int8 export, for this processor.

    Returns:
        By name: the encoder as it was trained; the body's opening, body and generator as `network`
        builds them; and the layers that turn a style into scales and shifts of the normalisations,
        float32 [129, 2 * channels], bias last, scales before shifts, body before generator.
    """
    model = onnx.load_model_from_string(weights)
    parameters = Parameters(model)
    scales = load_scales()
    body, generator = build_body(parameters, scales), build_generator(parameters, scales)
    styles = io.BytesIO()
    np.save(styles, style_layers(parameters, body, generator))
    return {
        ENCODER: _encoder(model).SerializeToString(),
        OPENING: build_opening(parameters, scales).model.SerializeToString(),
        BODY: body.model.SerializeToString(),
        GENERATOR: generator.model.SerializeToString(),
        STYLES: styles.getvalue(),
    }


def load_scales() -> dict[str, Scales]:
    """The packaged table: ranges of every signal over 26 utterances of many voices."""
    with (
        resources.files(__package__).joinpath(SCALES).open("rb") as file,
        np.load(file) as table,
    ):
        return unpack_scales(table)


def unpack_scales(table: Mapping[str, np.ndarray]) -> dict[str, Scales]:
    """Scales by path of their convolution, from the columns of a table."""
    before, after, zeros = (table[name] for name in ("before", "after", "after_zero"))
    scales = {}
    for path, into, out, zero in zip(
        table["paths"], table["inputs"], table["outputs"], table["before_zero"], strict=True
    ):
        scales[str(path)] = Scales(
            before[:into].astype(np.float32), int(zero), after[:out].astype(np.float32), zeros[:out]
        )
        before, after, zeros = before[into:], after[out:], zeros[out:]
    return scales


def style_layers(parameters: Parameters, *networks: Network) -> Array:
    """The style layers of all normalisations side by side, gains included."""
    scales, shifts = [], []
    for slot in (slot for network in networks for slot in network.slots):
        weight, bias = parameters.style(slot.path)
        layer = np.concatenate([weight, bias[None]]) * np.tile(slot.gain, 2)
        scale, shift = np.split(layer, 2, axis=1)
        scale[-1] += slot.gain  # the layer tells how much the scale differs from 1
        scales.append(scale)
        shifts.append(shift)
    return np.concatenate(scales + shifts, axis=1, dtype=np.float32)


def _encoder(model: onnx.ModelProto) -> onnx.ModelProto:
    encoder = extract(
        model,
        {TOKENS: (1, "tokens"), STYLE: (1, 256), SPEED: (1,)},
        {
            TEXT: (1, 512, "frames"),
            PITCH: (1, "halves"),
            ENERGY: (1, "halves"),
            DURATIONS: (1, "tokens"),
        },
    )
    if products.exact():
        products.multiply(encoder)
    return encoder
