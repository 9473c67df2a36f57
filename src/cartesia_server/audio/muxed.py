"""Samples to containers that FFmpeg writes as it goes: Ogg Opus, AAC in ADTS, FLAC."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import av
import numpy as np

from cartesia_server.audio.formats import AudioFormat
from cartesia_server.engines.base import Samples

_CODECS = {"opus": "libopus", "aac": "aac", "flac": "flac"}
_MUXERS = {"opus": "ogg", "aac": "adts", "flac": "flac"}

_OPTIONS = {
    "flush_packets": "1",  # what is encoded is sent, not kept until a buffer is full
    "page_duration": "100000",  # of Ogg, in microseconds; its own default is a second
}


class _Sink:
    """A file that gives out what was written to it; it cannot seek, so nothing is mended later."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


class MuxedWriter:
    """Writes one piece of audio in a container; see `containers.AudioWriter`.

    Opus and FLAC give the samples back from first to last. AAC in ADTS cannot say that the
    encoder puts some 20 ms of silence in front.

    Args:
        form: its container is ``opus``, ``aac`` or ``flac``.
    """

    def __init__(self, form: AudioFormat) -> None:
        self._rate = form.sample_rate
        self._sink = _Sink()
        muxer = _MUXERS[form.container]
        options = {name: _OPTIONS[name] for name in _OPTIONS if muxer == "ogg" or "flush" in name}
        self._container = av.open(self._sink, "w", format=muxer, container_options=options)
        stream = self._container.add_stream(_CODECS[form.container], rate=form.sample_rate)
        self._stream = cast("av.AudioStream", stream)
        self._stream.codec_context.layout = "mono"
        if form.container != "flac":
            self._stream.codec_context.bit_rate = form.bit_rate
        self._samples = 0

    def start(self, _length: int | None, /) -> bytes:
        """Begin; nothing is written before there are samples."""
        return b""

    def write(self, samples: Samples) -> bytes:
        """Encode samples; an encoder holds some of them back."""
        if not len(samples):
            return b""
        whole = np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._samples
        frame.time_base = Fraction(1, self._rate)
        self._samples += len(samples)
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
        return self._sink.taken()

    def finish(self) -> bytes:
        """End, giving out what was held back."""
        if self._samples:
            for packet in self._stream.encode(None):
                self._container.mux(packet)
        self._container.close()
        return self._sink.taken()
