"""Samples to a file or stream that players accept: raw, wav, mp3 and what FFmpeg writes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Protocol

import av
import numpy as np

from cartesia_server.audio.encode import bytes_per_sample, sample_encoder
from cartesia_server.audio.formats import AudioFormat
from cartesia_server.audio.mp3 import info_frame
from cartesia_server.audio.muxed import MuxedWriter
from cartesia_server.engines.base import Samples

_UNKNOWN_SIZE = 0xFFFFFFFF
"""What a streamed wav says of its length; players read to the end of the stream."""


class AudioWriter(Protocol):
    """Writes one piece of audio; the bytes of `start`, every `write` and `finish` are the file."""

    def start(self, length: int | None, /) -> bytes:
        """Begin; `length` is the number of samples that will be written, if that is known."""

    def write(self, samples: Samples) -> bytes:
        """Encode samples at the format's rate; may hold some back."""

    def finish(self) -> bytes:
        """End, giving out what was held back."""


def audio_writer(form: AudioFormat) -> AudioWriter:
    """Make the writer for a format."""
    return _WRITERS[form.container](form)


class _RawWriter:
    def __init__(self, form: AudioFormat) -> None:
        self._encode = sample_encoder(form.encoding)

    def start(self, _length: int | None, /) -> bytes:
        return b""

    def write(self, samples: Samples) -> bytes:
        return self._encode(samples)

    def finish(self) -> bytes:
        return b""


class _WavWriter(_RawWriter):
    def __init__(self, form: AudioFormat) -> None:
        super().__init__(form)
        self._form = form
        self._odd = False

    def start(self, length: int | None, /) -> bytes:
        width = bytes_per_sample(self._form.encoding)
        self._odd = length is not None and length * width % 2 == 1
        return wav_header(self._form, length)

    def finish(self) -> bytes:
        return b"\0" if self._odd else b""  # RIFF pads a chunk of odd size


def wav_header(form: AudioFormat, length: int | None) -> bytes:
    """The header of a wav, as the RIFF specification and Microsoft's format tags have it.

    Args:
        form: the format; its container is taken to be wav.
        length: samples that follow; None writes the sizes of a stream without a known end.
    """
    width = bytes_per_sample(form.encoding)
    tag = {"pcm_s16le": 1, "pcm_f32le": 3, "pcm_alaw": 6, "pcm_mulaw": 7}[form.encoding]
    fields = struct.pack(
        "<HHIIHH", tag, 1, form.sample_rate, form.sample_rate * width, width, 8 * width
    )
    if tag == 1:
        chunks = _chunk(b"fmt ", fields)
    else:
        # Everything but PCM has an extension, empty here, and a count of samples.
        samples = _UNKNOWN_SIZE if length is None else length
        chunks = _chunk(b"fmt ", fields + b"\0\0") + _chunk(b"fact", struct.pack("<I", samples))
    if length is None:
        data_size = riff_size = _UNKNOWN_SIZE
    else:
        data_size = length * width
        riff_size = len(b"WAVE") + len(chunks) + 8 + data_size + data_size % 2
    riff = b"RIFF" + struct.pack("<I", riff_size) + b"WAVE"
    return riff + chunks + b"data" + struct.pack("<I", data_size)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content


class _Mp3Writer:
    """MP3 through LAME, one packet after another: each is a frame, and a stream needs no more.

    The first frame tells decoders how much of the beginning is the encoder's delay, which would
    otherwise be heard as 25 to 140 ms of silence.
    """

    _DELAY = 1105
    """Samples that LAME and a decoder together add in front (576 + 529)."""

    def __init__(self, form: AudioFormat) -> None:
        self._rate = form.sample_rate
        self._codec = av.AudioCodecContext.create("libmp3lame", "w")
        self._codec.sample_rate = form.sample_rate
        self._codec.bit_rate = form.bit_rate
        self._codec.layout = "mono"
        self._codec.format = "fltp"
        self._codec.open()
        self._length: int | None = None
        self._samples = 0
        self._frames = 0

    def start(self, length: int | None, /) -> bytes:
        self._length = length
        return b""  # the first frame copies the header of the first packet

    def write(self, samples: Samples) -> bytes:
        if not len(samples):
            return b""
        frame = av.AudioFrame.from_ndarray(
            np.clip(samples, -1, 1)[None], format="fltp", layout="mono"
        )
        frame.sample_rate = self._rate
        frame.pts = self._samples
        self._samples += len(samples)
        return self._encoded(frame)

    def finish(self) -> bytes:
        if not self._samples:
            return b""
        return self._encoded(None, self._frames_for(self._samples))

    def _encoded(self, frame: av.AudioFrame | None, most: int | None = None) -> bytes:
        packets = [bytes(packet) for packet in self._codec.encode(frame)]
        if most is not None:
            packets = packets[: most - self._frames]  # beyond them there is only padding
        if packets and not self._frames:
            packets.insert(0, self._first_frame(packets[0]))
            self._frames -= 1
        self._frames += len(packets)
        return b"".join(packets)

    def _frames_for(self, samples: int) -> int:
        return -(-(samples + self._DELAY) // self._codec.frame_size)

    def _first_frame(self, packet: bytes) -> bytes:
        if self._length is None:
            return info_frame(packet, delay=self._DELAY - 529, padding=0, frames=None)
        frames = self._frames_for(self._length)
        padding = frames * self._codec.frame_size - self._DELAY + 529 - self._length
        return info_frame(packet, delay=self._DELAY - 529, padding=padding, frames=frames)


_WRITERS: dict[str, Callable[[AudioFormat], AudioWriter]] = {
    "raw": _RawWriter,
    "wav": _WavWriter,
    "mp3": _Mp3Writer,
    "opus": MuxedWriter,
    "aac": MuxedWriter,
    "flac": MuxedWriter,
}
