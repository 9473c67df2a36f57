"""Whisper through CTranslate2: speech to text with word times, in about a hundred languages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cartesia_server.settings import Settings

if TYPE_CHECKING:
    from cartesia_server.engines.whisper.engine import WhisperEngine


def create(settings: Settings) -> WhisperEngine:
    """Load Whisper base and Silero from the installed weights, or from ``settings.model_dir``.

    Raises:
        WeightsError: weights are missing or damaged; the text says how to get them.
    """
    # CTranslate2's OpenMP reads this once, when it is loaded. Its threads would else spin while
    # they wait for each other, and beside other engines that doubles the time of both.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from cartesia_server.engines.whisper.engine import load

    return load(settings)
