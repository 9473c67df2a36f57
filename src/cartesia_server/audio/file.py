"""Samples at an engine's rate to a file in the caller's format, piece by piece."""

from __future__ import annotations

from cartesia_server.audio.containers import audio_writer
from cartesia_server.audio.formats import AudioFormat
from cartesia_server.audio.resample import StreamResampler, resampled_length
from cartesia_server.engines.base import Samples


class FileEncoder:
    """Encodes one file; what `start`, every `write` and `finish` give out is the file.

    Args:
        sample_rate: of the samples, in Hz.
        form: the format of the file.
    """

    def __init__(self, sample_rate: int, form: AudioFormat) -> None:
        self._rates = (sample_rate, form.sample_rate)
        self._resampler = StreamResampler(*self._rates)
        self._writer = audio_writer(form)

    def start(self, length: int | None) -> bytes:
        """Begin a file of `length` samples, or of a length that is not known yet."""
        if length is None:
            return self._writer.start(None)
        return self._writer.start(resampled_length(length, *self._rates))

    def write(self, samples: Samples) -> bytes:
        """Encode samples; may hold some back."""
        return self._writer.write(self._resampler.feed(samples)) if len(samples) else b""

    def finish(self) -> bytes:
        """End the file, giving out what was held back."""
        return self._writer.write(self._resampler.drain()) + self._writer.finish()
