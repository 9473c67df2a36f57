"""Convolutions of 8-bit integers as products of matrices.

The runtime multiplies matrices of unsigned and signed bytes several times as fast as it convolves
unsigned ones, on a processor with instructions for that (VNNI). What comes out is the same to the
last bit.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from cartesia_server.engines.session import Session

_MIDDLE = 128  # of unsigned bytes, which is the zero of signed ones
_FAR = 2**31 - 1


@cache
def exact() -> bool:
    """Whether this processor adds up products of bytes without overflow.

    Those without VNNI add up two of them in 16 bits.
    """
    size = 64
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["given", "weights"], ["sums"])],
        "products",
        [helper.make_tensor_value_info("given", TensorProto.UINT8, [size, size])],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, [size, size])],
        [numpy_helper.from_array(np.full((size, size), 127, np.int8), "weights")],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    given = np.full((size, size), 255, np.uint8)
    (sums,) = Session(model.SerializeToString()).run({"given": given})
    return bool((sums == size * 255 * 127).all())


def multiply(model: onnx.ModelProto) -> None:
    """Turn convolutions into products, in place: those that keep the length of their signal.

    Args:
        model: in topological order.
    """
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, onnx.TensorProto] = {}
    for node in graph.node:
        if node.op_type == "ConvInteger" and _keeps_length(node, weights):
            products = _Product(node, weights)
            nodes += products.nodes
            constants.update(products.constants)
        else:
            nodes.append(node)
    kept = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(kept)
    used = {name for node in graph.node for name in node.input}
    tensors = [tensor for tensor in graph.initializer if tensor.name in used]
    tensors = [onnx.TensorProto.FromString(tensor.SerializeToString()) for tensor in tensors]
    del graph.initializer[:]
    graph.initializer.extend([*tensors, *constants.values()])


def _keeps_length(node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]) -> bool:
    if len(node.input) != 4 or not {node.input[1], node.input[3]} <= weights.keys():
        return False
    weight = weights[node.input[1]]
    if weight.data_type != TensorProto.UINT8 or len(weight.dims) != 3 or weight.dims[2] % 2 == 0:
        return False
    zero = weights[node.input[3]]
    given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    margin = weight.dims[2] // 2
    return (
        not zero.dims
        and given.get("group", 1) == 1
        and list(given.get("strides", [1])) == [1]
        and list(given.get("dilations", [1])) == [1]
        and list(given.get("pads", [0, 0])) == [margin, margin]
    )


class _Product:
    """What stands for one convolution: every step beside its neighbours, times the weights."""

    def __init__(self, node: onnx.NodeProto, weights: dict[str, onnx.TensorProto]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self._prefix = node.output[0]
        signal, weight, zero, zero_of_weights = node.input
        kernel = _signed(weights[weight])
        size = kernel.shape[2]
        turned = self._node("Transpose", signal, perm=[0, 2, 1])
        matrix = kernel.transpose(2, 1, 0).reshape(-1, kernel.shape[0])
        sums = self._node(
            "MatMulInteger",
            turned if size == 1 else self._beside_neighbours(turned, size, zero),
            self._constant("weights", matrix),
            zero,
            self._constant("zero", _signed(weights[zero_of_weights])),
        )
        self.nodes.append(helper.make_node("Transpose", [sums], node.output, perm=[0, 2, 1]))

    def _beside_neighbours(self, turned: str, size: int, zero: str) -> str:
        """Steps of a signal, [1, steps, channels], to [1, steps, size * channels]."""
        margin = size // 2
        pads = self._constant("pads", np.array([0, margin, 0, 0, margin, 0]))
        padded = self._node("Pad", turned, pads, zero)
        steps = self._constant("axis", np.array([1]))
        parts = []
        for first in range(size):
            after = size - 1 - first
            begin = self._constant(f"begin{first}", np.array([first]))
            end = self._constant(f"end{first}", np.array([-after if after else _FAR]))
            parts.append(self._node("Slice", padded, begin, end, steps))
        return self._node("Concat", *parts, axis=2)

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        made = f"{self._prefix}/{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [made], **attributes))
        return made

    def _constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        full = f"{self._prefix}/{name}"
        self.constants[full] = numpy_helper.from_array(np.ascontiguousarray(value), full)
        return full


def _signed(tensor: onnx.TensorProto) -> npt.NDArray[np.int8]:
    """Unsigned weights, or their zero, as signed ones: both are less by the same."""
    signed = numpy_helper.to_array(tensor).astype(np.int16) - _MIDDLE
    return np.asarray(signed, np.int8)
