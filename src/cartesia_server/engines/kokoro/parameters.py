"""The trained numbers of Kokoro's decoder, read out of the int8 export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from cartesia_server.engines.kokoro.prosody import Array

_PREFIX = "/decoder/decoder/"


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution, plain or transposed.

    Attributes:
        weight: [out, in, kernel]; [in, out / groups, kernel] when transposed.
        bias: [out], zeros where the layer has none.
        attributes: of the ONNX node: strides, pads, dilations, group.
    """

    weight: Array
    bias: Array
    attributes: Mapping[str, Any]


class Parameters:
    """Layers by their path in the model, ``generator/resblocks.0/convs1.0``.

    Args:
        model: the int8 export.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self._constants = {tensor.name: tensor for tensor in model.graph.initializer}
        self._nodes = {node.name: node for node in model.graph.node}

    def convolution(self, path: str) -> Convolution:
        """A convolution that the export quantised, or left in float."""
        node = self._nodes.get(f"{_PREFIX}{path}/Conv_quant")
        if node is not None:
            return self._restored(node, path)
        kind = "Conv" if f"{_PREFIX}{path}/Conv" in self._nodes else "ConvTranspose"
        node = self._nodes[f"{_PREFIX}{path}/{kind}"]
        weight, bias = self._constant(node.input[1]), self._constant(node.input[2])
        return Convolution(weight, bias, _attributes(node))

    def style(self, path: str) -> tuple[Array, Array]:
        """The layer that turns a style into scales and shifts of a normalisation.

        Returns:
            Weights [128, 2 * channels] and bias [2 * channels], scales (less 1) before shifts.
        """
        weight = self._dequantised(self._nodes[f"{_PREFIX}{path}/fc/Gemm_MatMul_quant"])
        return weight, self._constant(_dotted(path) + ".fc.bias")

    def alpha(self, block: str, name: str) -> Array:
        """The frequencies of a snake activation, [channels]."""
        return self._constant(f"{_dotted(block)}.{name}").reshape(-1)

    @cached_property
    def inverse_basis(self) -> Array:
        """The inverse short-time Fourier transform as a transposed convolution, [22, 1, 20]."""
        return self._constant(_dotted("generator/stft") + ".istft.stft.inverse_basis")

    def _restored(self, node: onnx.NodeProto, path: str) -> Convolution:
        weight = self._dequantised(node)
        # Sequential containers repeat their name in the path, and not in the names of weights.
        bias = _dotted(path.replace("asr_res/asr_res.0", "asr_res.0")) + ".bias"
        known = bias in self._constants
        return Convolution(
            weight,
            self._constant(bias) if known else np.zeros(len(weight), np.float32),
            _attributes(node),
        )

    def _dequantised(self, node: onnx.NodeProto) -> Array:
        name = node.input[1]
        integers, zero = self._constant(name), self._constant(node.input[3])
        return (integers - zero) * self._constant(name.removesuffix("_quantized") + "_scale")

    def _constant(self, name: str) -> Array:
        return np.asarray(numpy_helper.to_array(self._constants[name]), np.float32)


def _dotted(path: str) -> str:
    return (_PREFIX + path).strip("/").replace("/", ".")


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {
        attribute.name: onnx.helper.get_attribute_value(attribute)
        for attribute in node.attribute
        if attribute.name != "auto_pad"
    }
