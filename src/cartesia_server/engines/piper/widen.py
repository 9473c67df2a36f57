"""Turn signals, [1, channels, steps], into pictures of one row, [1, channels, 1, steps].

The runtime has convolutions for pictures that are a fifth faster than those for signals, and shares
rows between threads. What comes out is the same but for the order of sums, also of pictures of
several rows: these know nothing of each other.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

_CONVOLUTIONS = frozenset({"Conv", "ConvTranspose"})
_UNMOVED = frozenset(
    {
        *("Add", "Div", "Exp", "LeakyRelu", "Mul", "Neg", "Relu", "Sigmoid", "Sub", "Tanh"),
        *("Cast", "Concat", "Constant", "ConstantOfShape", "Gather", "Shape", "Slice", "Split"),
        "Unsqueeze",
    }
)
"""Operators that do the same to a picture, given that they count dimensions from the first one."""


def widen(stage: onnx.ModelProto, signal: str) -> None:
    """Widen a graph in place, unless it holds an operator that could mistake a row for something.

    Args:
        stage: a graph of one signal, and of a speaker perhaps.
        signal: name of its input.
    """
    graph = stage.graph
    if not {node.op_type for node in graph.node} <= _CONVOLUTIONS | _UNMOVED:
        return
    wide = {signal}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type in _CONVOLUTIONS:
            if node.input[0] not in wide:  # of the speaker
                row = f"{node.input[0]}/row/{len(nodes)}"
                nodes.append(helper.make_node("Unsqueeze", [node.input[0], _ROW], [row]))
                node.input[0] = row
            _widen_attributes(node)
            wide.update(node.output)
        elif not wide.isdisjoint(node.input):
            wide.update(node.output)
        nodes.append(node)
    kernels = {node.input[1] for node in nodes if node.op_type in _CONVOLUTIONS}
    for tensor in graph.initializer:
        if tensor.name in kernels:
            kernel = np.expand_dims(numpy_helper.to_array(tensor), 2)
            tensor.CopyFrom(numpy_helper.from_array(kernel, tensor.name))
    graph.initializer.append(numpy_helper.from_array(np.array([2]), _ROW))
    kept = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(kept)
    for value in graph.input:
        if value.name == signal:
            shape = (1, None, "rows", "steps")
            value.CopyFrom(helper.make_tensor_value_info(signal, onnx.TensorProto.FLOAT, shape))


_ROW = "axis of rows"


def _widen_attributes(node: onnx.NodeProto) -> None:
    given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    for name in ("dilations", "kernel_shape", "strides"):
        if name in given:
            given[name] = [1, *given[name]]
    if "output_padding" in given:
        given["output_padding"] = [0, *given["output_padding"]]
    if "pads" in given:
        before, after = given["pads"]
        given["pads"] = [0, before, 0, after]
    del node.attribute[:]
    node.attribute.extend(helper.make_attribute(name, value) for name, value in given.items())
