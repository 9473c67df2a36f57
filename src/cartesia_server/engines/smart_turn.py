"""Whether somebody who falls silent has finished, by the sound of it: the network Smart Turn.

An encoder like that of Whisper tiny hears the last 8 s and knows a voice that trails off, hesitates
or comes to rest; it does not know the words. The network (BSD-2-Clause,
https://github.com/pipecat-ai/smart-turn) ships inside pipecat-ai, of which nothing else is used.
"""

from __future__ import annotations

import logging

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

from cartesia_server.engines.base import Samples
from cartesia_server.engines.session import Session
from cartesia_server.engines.turn_detector import TurnDetector
from cartesia_server.engines.weights import Weights, WeightsError, resolve
from cartesia_server.settings import Settings

MODEL = "smart-turn"

_WINDOW = 128_000  # samples: 8 s at 16 kHz
_LEAST_VARIANCE = 1e-7

_log = logging.getLogger(__name__)


def find(settings: Settings) -> TurnDetector | None:
    """Load the network if it is installed: the entry point ``smart-turn``.

    Weights that are there and cannot be used are left out, and the log says why.
    """
    try:
        weights = resolve(MODEL, settings.model_dir)
    except WeightsError as error:
        _log.info("ends of turns are told by silence and words alone: %s", error)
        return None
    try:
        return SmartTurn(weights)
    except WeightsError as error:
        _log.warning("ends of turns are told by silence and words alone: %s", error)
        return None


class SmartTurn:
    """The loaded network. Thread-safe.

    Args:
        weights: of the model ``smart-turn``.

    Raises:
        WeightsError: the file is not the one registered.
    """

    def __init__(self, weights: Weights) -> None:
        self._session = Session(weights.read("smart-turn-v3.2-cpu.onnx"))
        self._features = FeatureExtractor(feature_size=80, chunk_length=8)

    def finished(self, samples: Samples) -> float:
        """See `TurnDetector.finished`; of a longer turn, the last 8 s count."""
        heard = np.zeros(_WINDOW, np.float32)
        last = samples[-_WINDOW:]
        heard[_WINDOW - len(last) :] = last
        heard = (heard - heard.mean()) / np.sqrt(heard.var() + _LEAST_VARIANCE)
        features = self._features(heard, padding=0).astype(np.float32)
        [[[probability]]] = self._session.run({"input_features": features[np.newaxis]})
        return float(probability)
