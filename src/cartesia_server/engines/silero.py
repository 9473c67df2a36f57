"""Voice activity detection with Silero's network, as a stream.

The network (MIT, https://github.com/snakers4/silero-vad) ships inside faster-whisper. It judges
frames of 32 ms, each with the last 4 ms before it, and carries a state from frame to frame; on
one core a frame costs less than a tenth of a millisecond.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cartesia_server.engines.base import VOICE_FRAME, Samples, VoiceDetector
from cartesia_server.engines.session import Session
from cartesia_server.engines.weights import Weights

_CONTEXT = 64
_STATE = (1, 1, 128)


class Silero:
    """The loaded network; `stream` makes any number of independent detectors. Thread-safe.

    Args:
        weights: of the model ``silero-vad``.

    Raises:
        WeightsError: the file is not the one registered.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = Session(weights.read("silero_vad_v6.onnx"), arena=False)

    def stream(self) -> VoiceDetector:
        """A detector for one stream, from its beginning."""
        return _Stream(self._session)


class _Stream:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._hidden = np.zeros(_STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)
        self._pending: Samples = np.zeros(_CONTEXT, np.float32)

    def feed(self, samples: Samples) -> npt.NDArray[np.float32]:
        pending = np.concatenate((self._pending, samples))
        count = (len(pending) - _CONTEXT) // VOICE_FRAME
        self._pending = pending[count * VOICE_FRAME :]
        if not count:
            return np.empty(0, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(pending, _CONTEXT + VOICE_FRAME)[
            ::VOICE_FRAME
        ]
        probabilities, self._hidden, self._cell = self._session.run(
            {
                "input": np.ascontiguousarray(windows[:count]),
                "h": self._hidden,
                "c": self._cell,
            },
        )
        judged: npt.NDArray[np.float32] = probabilities
        return judged
