"""What the tests ask for, and what they get."""

from __future__ import annotations

from typing import Any

from tests.contract.conftest import RAW, VOICE
from tests.contract.scripted import RATE, WORD_SECONDS

HOW: dict[str, Any] = {
    "model_id": "sonic-2",
    "voice": {"mode": "id", "id": VOICE},
    "output_format": RAW,
}
SPEECH: dict[str, Any] = {**HOW, "transcript": "one two three"}
SPEECH_BYTES = round(3 * WORD_SECONDS * RATE) * 2
KEY = "sk-secret"
"""What `locked` lets in."""


def audio_of(outputs: Any) -> bytes:
    return b"".join(output.audio or b"" for output in outputs)
