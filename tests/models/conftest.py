"""What tests with real models share."""

from __future__ import annotations

import pytest

from cartesia import Cartesia

SPOKEN = "The quick brown fox jumps over the lazy dog, and the dog does not mind."


@pytest.fixture(scope="session")
def recording(real_server: str) -> bytes:
    """`SPOKEN` as a WAV file of 16-bit samples at 16 kHz, in a voice of our own."""
    with Cartesia(base_url=real_server) as client:
        return b"".join(
            client.tts.bytes(
                model_id="sonic-2",
                transcript=SPOKEN,
                voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                output_format={
                    "container": "wav",
                    "encoding": "pcm_s16le",
                    "sample_rate": 16000,
                },
            )
        )
