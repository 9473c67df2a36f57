"""Compressed files made on this machine, by the server's encoders, while the audio arrives."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from cartesia_server.audio.containers import audio_writer
from cartesia_server.audio.formats import AudioFormat


class EncodedWriter:
    """Encodes 16-bit mono audio.

    Args:
        target: where to; it stays open when this is closed.
        form: what to make of it.
    """

    def __init__(self, target: BinaryIO, form: AudioFormat) -> None:
        self._target = target
        self._writer = audio_writer(form)
        self._half = b""  # of a sample
        self._target.write(self._writer.start(None))

    def write(self, audio: bytes) -> None:
        """Encode the next piece, which may end within a sample."""
        audio = self._half + audio
        whole = len(audio) // 2 * 2
        self._half = audio[whole:]
        samples = np.frombuffer(audio[:whole], "<i2") / np.float32(32767)
        self._target.write(self._writer.write(samples))
        self._target.flush()

    def close(self) -> None:
        """Write what the encoder still holds."""
        self._target.write(self._writer.finish())
        self._target.flush()
