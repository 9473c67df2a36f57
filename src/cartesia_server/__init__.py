"""A speech server that answers Cartesia's API with models of its own."""

import os

# From 1.32 on, onnxruntime reports its use to its maker, unless it is told not to before it starts.
# Nothing that is said here leaves the machine, and no word of it either.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
