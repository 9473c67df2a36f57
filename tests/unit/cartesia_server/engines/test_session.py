from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from cartesia_server.engines.base import Cancelled, CancelToken
from cartesia_server.engines.session import Session, give_back


@pytest.fixture(scope="module")
def session():
    """Doubles and squares."""
    shape = (1, "steps")
    graph = helper.make_graph(
        [
            helper.make_node("Add", ["signal", "signal"], ["double"]),
            helper.make_node("Mul", ["signal", "signal"], ["square"]),
        ],
        "graph",
        [helper.make_tensor_value_info("signal", TensorProto.FLOAT, shape)],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name in ("double", "square")
        ],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    helper.set_model_props(model, {"reach": "3"})
    return Session(model.SerializeToString())


SIGNAL = {"signal": np.array([[1, 2, 3]], np.float32)}


def test_it_gives_all_outputs_or_those_that_are_wanted(session):
    double, square = session.run(SIGNAL)
    assert double.tolist() == [[2, 4, 6]]
    assert square.tolist() == [[1, 4, 9]]
    (square,) = session.run(SIGNAL, ["square"], CancelToken())
    assert square.tolist() == [[1, 4, 9]]


def test_it_tells_what_it_takes_and_makes(session):
    assert session.inputs == {"signal": [1, "steps"]}
    assert session.outputs == {"double": [1, "steps"], "square": [1, "steps"]}
    assert session.notes == {"reach": "3"}


def test_a_run_that_is_cancelled_stops(session):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        session.run(SIGNAL, cancel=cancel)


def test_what_fails_otherwise_is_told(session):
    with pytest.raises(ValueError, match="signal"):
        session.run({}, cancel=CancelToken())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_large_run_needed_is_given_back(session):
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    size = 64 << 20
    give_back()  # or there may be room for it from other tests
    before = resident()
    session.run({"signal": np.ones((1, size // 4), np.float32)}, ["square"])
    kept = resident() - before
    give_back()
    assert kept > size / 2  # or there is nothing to give back, and this test tells nothing
    assert resident() - before < size / 4
