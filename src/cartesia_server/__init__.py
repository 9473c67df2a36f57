"""A speech server that answers Cartesia's API with models of its own."""

import os

# From 1.32 on, onnxruntime reports its use to its maker, unless it is told not to before it starts.
# Nothing that is said here leaves the machine, and no word of it either.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# numpy's matrices are small here. Its threads would wait for each other at every product, and keep
# the processor busy meanwhile: beside other work, two make the search of a clone cost 30 times as
# much.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
