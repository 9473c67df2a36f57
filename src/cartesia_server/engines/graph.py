"""Cut a part out of an ONNX graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import onnx
from onnx import TensorProto, helper

Shape = Sequence[int | str | None] | None


def extract(
    model: onnx.ModelProto, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]
) -> onnx.ModelProto:
    """The part of a model that lies between two sets of float tensors.

    Args:
        model: in topological order, as ONNX demands; left as it is.
        inputs: shapes of the tensors to feed, by name. The model's own inputs may be among them
            and keep their type; inputs that nothing needs are left out.
        outputs: shapes of the tensors to fetch, by name.
    """
    own = {value.name: value for value in model.graph.input}
    wanted = set(outputs)
    nodes: list[onnx.NodeProto] = []
    for node in reversed(model.graph.node):
        made = {name for name in node.output if name not in inputs}
        if made & wanted:
            nodes.append(node)
            wanted.update(name for name in node.input if name)
    graph = helper.make_graph(
        nodes[::-1],
        model.graph.name,
        [
            own[name] if name in own else _float(name, shape)
            for name, shape in inputs.items()
            if name in wanted
        ],
        [_float(name, shape) for name, shape in outputs.items()],
        [tensor for tensor in model.graph.initializer if tensor.name in wanted],
    )
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def _float(name: str, shape: Shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
