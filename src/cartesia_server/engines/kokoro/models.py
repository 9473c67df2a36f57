"""Kokoro's graph in two parts: one settles prosody, the other makes sound from a stretch of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from cartesia_server.engines.weights import Cache, resolve

Array = npt.NDArray[np.float32]

FRAME = 600
"""Samples of one frame, the unit of durations: 25 ms at 24 kHz."""

WEIGHTS = "kokoro-v1.0.int8.onnx"
_RECIPE = 1  # raise when the derived graphs change

_TEXT = "/encoder/MatMul_1_output_0"
_PITCH = "/encoder/Reshape_output_0"
_ENERGY = "/encoder/Reshape_1_output_0"
_DURATIONS = "/encoder/Clip_output_0"


@dataclass(frozen=True, slots=True)
class Prosody:
    """What the first part settles for one pass: when every sound comes, how high and how loud.

    Attributes:
        text: features of the phonemes at each frame, [1, 512, frames].
        pitch: in Hz at each half frame, near 0 where unvoiced, [1, 2 * frames].
        energy: at each half frame, [1, 2 * frames]; below 0 nothing is heard.
        durations: frames of each token, beginning and end included, [tokens + 2].
        style: the row of the voice's pack that was used, [1, 256].
    """

    text: Array
    pitch: Array
    energy: Array
    durations: npt.NDArray[np.int64]
    style: Array

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.text.shape[2])


class Models:
    """Kokoro's two halves, ready to run. Thread-safe."""

    def __init__(self, encoder: bytes, decoder: bytes) -> None:
        self._encoder = _session(encoder)
        self._decoder = _session(decoder)

    @classmethod
    def load(cls, model_dir: Path | None, cache_dir: Path) -> Models:
        """Find the weights and split them, or take the halves from the cache.

        Raises:
            WeightsError: the weights are missing or damaged.
        """
        weights = resolve("kokoro", model_dir)
        cache = Cache(cache_dir / "kokoro")
        key = f"{weights.sha256(WEIGHTS)[:16]}-{_RECIPE}"
        parts: dict[str, bytes] = {}

        def build(part: str) -> bytes:
            if not parts:
                parts.update(_split(weights.read(WEIGHTS)))
            return parts[part]

        return cls(
            cache.get(f"{key}-encoder.onnx", lambda: build("encoder")),
            cache.get(f"{key}-decoder.onnx", lambda: build("decoder")),
        )

    def encode(self, ids: list[int], style: Array, speed: float) -> Prosody:
        """Settle the prosody of up to 510 tokens.

        Args:
            ids: tokens without beginning and end.
            style: one row of a style pack, [256].
            speed: 1.0 is the voice's own rate.
        """
        row = style.reshape(1, 256)
        text, pitch, energy, durations = self._encoder.run(
            [_TEXT, _PITCH, _ENERGY, _DURATIONS],
            {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": row,
                "speed": np.array([speed], np.float32),
            },
        )
        return Prosody(text, pitch, energy, durations.reshape(-1).astype(np.int64), row)

    def decode(self, prosody: Prosody, first: int, last: int) -> Array:
        """Make the samples of the frames from `first` up to `last`."""
        left, right = max(first - _OVERLAP, 0), min(last + _OVERLAP, prosody.frames)
        (audio,) = self._decoder.run(
            ["audio"],
            {
                _TEXT: prosody.text[:, :, left:right],
                _PITCH: prosody.pitch[:, 2 * left : 2 * right],
                _ENERGY: prosody.energy[:, 2 * left : 2 * right],
                "style": prosody.style,
            },
        )
        samples: Array = audio.reshape(-1)[(first - left) * FRAME : (last - left) * FRAME]
        return samples


_OVERLAP = 10


def _split(model: bytes) -> dict[str, bytes]:
    import onnx

    from cartesia_server.engines.kokoro.graph import extract

    whole = onnx.load_model_from_string(model)
    frames: dict[str, tuple[int | str, ...]] = {
        _TEXT: (1, 512, "frames"),
        _PITCH: (1, "halves"),
        _ENERGY: (1, "halves"),
    }
    encoder = extract(
        whole,
        {"tokens": (1, "tokens"), "style": (1, 256), "speed": (1,)},
        {**frames, _DURATIONS: (1, "tokens")},
    )
    decoder = extract(whole, {**frames, "style": (1, 256)}, {"audio": ("samples",)})
    return {"encoder": encoder.SerializeToString(), "decoder": decoder.SerializeToString()}


def _session(model: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    # One thread per call: two threads beside another busy core are slower than one.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
