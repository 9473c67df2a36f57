"""MP3 files made on this machine, by the server's encoder, while the audio arrives."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from cartesia_server.audio.containers import audio_writer
from cartesia_server.audio.formats import AudioFormat

BIT_RATE = 128_000


class Mp3Writer:
    """Writes 16-bit mono audio as MP3.

    Args:
        target: where to; it stays open when this is closed.
        sample_rate: of the audio, in Hz.
    """

    def __init__(self, target: BinaryIO, *, sample_rate: int) -> None:
        self._target = target
        self._writer = audio_writer(AudioFormat("mp3", sample_rate=sample_rate, bit_rate=BIT_RATE))
        self._target.write(self._writer.start(None))

    def write(self, audio: bytes) -> None:
        """Encode the next piece."""
        samples = np.frombuffer(audio, "<i2") / np.float32(32767)
        self._target.write(self._writer.write(samples))
        self._target.flush()

    def close(self) -> None:
        """Write what the encoder still holds."""
        self._target.write(self._writer.finish())
        self._target.flush()
