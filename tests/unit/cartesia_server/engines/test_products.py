"""Products of matrices that stand for convolutions."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from cartesia_server.engines import products
from cartesia_server.engines.session import Session

CHANNELS, STEPS = 24, 19
random = np.random.default_rng(5)


def model(size: int, *, pads: int | None = None, attributes: str = "") -> onnx.ModelProto:
    margin = size // 2 if pads is None else pads
    weight = random.integers(0, 256, (32, CHANNELS, size), np.uint8)
    made = onnx.parser.parse_model(f"""
        <ir_version: 8, opset_import: ["" : 17]>
        convolved (float[1, {CHANNELS}, steps] signal) => (int32[1, 32, steps] sums) {{
            bytes, scale, zero = DynamicQuantizeLinear (signal)
            sums = ConvInteger <pads = [{margin}, {margin}] {attributes}>
                (bytes, weight, zero, middle)
        }}
    """)
    made.graph.initializer.extend(
        [
            onnx.numpy_helper.from_array(weight, "weight"),
            onnx.numpy_helper.from_array(np.array(131, np.uint8), "middle"),
        ]
    )
    return made


def kinds(made: onnx.ModelProto) -> set[str]:
    return {node.op_type for node in made.graph.node}


@pytest.mark.parametrize("size", [1, 3, 5])
def test_sums_are_the_same_to_the_last_bit(size):
    if not products.exact():
        pytest.skip("this processor adds up products of bytes in 16 bits")
    made = model(size)
    signal = random.normal(size=(1, CHANNELS, STEPS)).astype(np.float32)
    (expected,) = Session(made.SerializeToString()).run({"signal": signal})
    products.multiply(made)
    assert "MatMulInteger" in kinds(made)
    assert "ConvInteger" not in kinds(made)
    assert "weight" not in {tensor.name for tensor in made.graph.initializer}
    (sums,) = Session(made.SerializeToString()).run({"signal": signal})
    np.testing.assert_array_equal(sums, expected)


@pytest.mark.parametrize(
    "made",
    [model(3, pads=0), model(3, attributes=", strides = [2]"), model(4), model(2, pads=1)],
    ids=["shorter", "strides", "even", "longer"],
)
def test_other_convolutions_stay_as_they_are(made):
    before = made.SerializeToString()
    products.multiply(made)
    assert kinds(made) == {"DynamicQuantizeLinear", "ConvInteger"}
    assert made.SerializeToString() == before


def test_whether_a_processor_is_exact_is_seen_by_trying(monkeypatch):
    def overflowing(self, feeds):
        return [np.zeros((64, 64), np.int32)]

    products.exact.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(Session, "run", overflowing)
        assert not products.exact()
    products.exact.cache_clear()
    assert isinstance(products.exact(), bool)
