"""ONNX graphs, ready to run."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import onnxruntime

from cartesia_server.engines.base import CancelToken

# `cartesia_server` has told it by the environment already. This holds in a program that had started
# it before.
onnxruntime.disable_telemetry_events()


@cache
def _share_memory() -> None:
    """Have all graphs of this process draw from one pool; each would keep its own largest need."""
    kind, usage = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
    # No limit; grow by what is asked for instead of by powers of two; the rest by default.
    growth = onnxruntime.OrtArenaCfg(0, 1, -1, -1)
    onnxruntime.create_and_register_allocator(
        onnxruntime.OrtMemoryInfo("Cpu", kind, 0, usage), growth
    )


def give_back() -> None:
    """Return to the system what was needed for a while and is free now. Takes milliseconds.

    The pool of the graphs keeps what it once needed, in blocks of the sizes that were asked for:
    after work of unusual sizes they fit nothing else, and the pool grows from one such work to the
    next.
    """
    _smallest().run({"given": np.zeros(1, np.float32)}, shrink=True)
    if sys.platform == "linux":
        # Musl's C library has no such function, and keeps less.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


@cache
def _smallest() -> Session:
    """A graph that does nothing: the pool can shrink at the end of a run, and only there."""
    from onnx import TensorProto, helper  # a server that has its graphs ready needs it here only

    graph = helper.make_graph(
        [helper.make_node("Identity", ["given"], ["same"])],
        "smallest",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("same", TensorProto.FLOAT, [1])],
    )
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    return Session(model.SerializeToString())


class Session:
    """A graph on the processor. Thread-safe.

    Args:
        model: as ONNX writes it.
        threads: of one call.
        arena: keep memory from one call to the next, for all graphs of the process: quicker.
    """

    def __init__(self, model: bytes, *, threads: int = 1, arena: bool = True) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = arena
        if arena:
            _share_memory()
            options.add_session_config_entry("session.use_env_allocators", "1")
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # a run that is stopped is no error
        self._session: Any = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        # It keeps the model beside what it made of it, for a change of providers that never comes.
        self._session._model_bytes = None

    @property
    def inputs(self) -> dict[str, list[int | str]]:
        """Shapes of the inputs by their names; names stand for sizes that vary."""
        return {value.name: value.shape for value in self._session.get_inputs()}

    @property
    def outputs(self) -> dict[str, list[int | str]]:
        """The same of the outputs."""
        return {value.name: value.shape for value in self._session.get_outputs()}

    @property
    def notes(self) -> dict[str, str]:
        """What the model says of itself."""
        notes: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        return notes

    def run(
        self,
        feeds: Mapping[str, Any],
        outputs: Sequence[str] | None = None,
        cancel: CancelToken | None = None,
        *,
        shrink: bool = False,
    ) -> list[Any]:
        """Run the graph.

        Args:
            feeds: arrays by the names of the inputs.
            outputs: names of what is wanted; all by default.
            cancel: stops the run in the middle.
            shrink: afterwards, have the pool of all graphs keep no block that is free.

        Raises:
            Cancelled: `cancel` was flipped.
        """
        if cancel is None and not shrink:
            return list(self._session.run(outputs, feeds))
        options = onnxruntime.RunOptions()
        if shrink:
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        if cancel is None:
            return list(self._session.run(outputs, feeds, options))

        def stop() -> None:
            options.terminate = True

        with cancel.calling(stop):
            try:
                return list(self._session.run(outputs, feeds, options))
            except Exception:
                cancel.raise_if_cancelled()
                raise
