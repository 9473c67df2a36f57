"""Headerless audio to samples, piece by piece, as an STT socket receives it.

Bytes may be cut anywhere, also through a sample. A WAV file sent header and all is recognised by
its first bytes; its header then wins over what the caller said about the format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soxr

from cartesia_server.audio.errors import AudioError
from cartesia_server.engines.base import Samples

SAMPLE_RATE = 16_000
"""Sample rate of everything that this package decodes, in Hz: what recognisers want."""

ENCODINGS: tuple[str, ...] = (
    "pcm_s16le",
    "pcm_s32le",
    "pcm_f16le",
    "pcm_f32le",
    "pcm_mulaw",
    "pcm_alaw",
)
"""Encodings that a caller may name for headerless audio."""

LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000

_Stage: TypeAlias = Callable[[], Samples]
_CANCELLED = 5e-4  # share of two channels' power in their mean: 30 dB below that of either
_NOTHING: Samples = np.empty(0, np.float32)
_WAV_CHUNK_LIMIT = 1 << 20  # bytes of metadata that are skipped; more is taken for audio
_WAV_TRAILERS = (b"LIST", b"id3 ", b"ID3 ", b"bext", b"cue ", b"smpl", b"inst", b"fact", b"_PMX")
_LONGEST_WAV_DATA = 0x7FFF_0000  # streaming writers put 0 or about 2^31 or 2^32: length unknown


@dataclass(frozen=True, slots=True)
class PcmFormat:
    """How samples lie in bytes.

    Attributes:
        encoding: one of `ENCODINGS`, or ``pcm_u8``, ``pcm_s24le``, ``pcm_f64le`` from a WAV header.
        sample_rate: in Hz.
        channels: interleaved channels, mixed down by `mixed`.
    """

    encoding: str
    sample_rate: int
    channels: int = 1

    @property
    def frame_size(self) -> int:
        """Bytes of one sample of all channels."""
        return _WIDTHS[self.encoding] * self.channels


def check_format(encoding: str | None, sample_rate: int | None) -> None:
    """Raise `AudioError` unless both values, where given, can describe headerless audio."""
    if encoding is not None and encoding not in ENCODINGS:
        accepted = ", ".join(ENCODINGS)
        raise AudioError("encoding", f"{encoding!r} is not a known encoding", accepted)
    if sample_rate is not None and not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        accepted = f"{LOWEST_RATE} to {HIGHEST_RATE} Hz"
        raise AudioError("sample_rate", f"{sample_rate} Hz is out of range", accepted)


class RawDecoder:
    """Bytes of any length in, mono samples at 16 kHz out.

    Args:
        encoding: one of `ENCODINGS`.
        sample_rate: of the bytes, in Hz.

    Raises:
        AudioError: for an unknown encoding or a sample rate out of range; from `feed` for a WAV
            header that is broken or names a codec that is not PCM, mu-law or A-law.
    """

    def __init__(self, encoding: str, sample_rate: int) -> None:
        check_format(encoding, sample_rate)
        self._format = PcmFormat(encoding, sample_rate)
        self._resampler = Resampler(sample_rate)
        self._pending = b""
        self._stage: _Stage = self._sniff
        self._left: int | None = None  # bytes until the end of a WAV's data chunk
        self._ended = False

    @property
    def format(self) -> PcmFormat:
        """The format in force: what the caller said, or what a WAV header said instead."""
        return self._format

    def feed(self, data: bytes) -> Samples:
        """Decode the next bytes; returns shape (n,), possibly empty."""
        self._pending += data
        return self._drain()

    def flush(self) -> Samples:
        """Decode what is left at the end of the stream; an incomplete sample is dropped."""
        self._ended = True
        tail = self._drain()
        return np.concatenate((tail, self._resampler.feed(_NOTHING, last=True)))

    def _drain(self) -> Samples:
        pieces = []
        stage: _Stage | None = None
        while stage != self._stage:
            stage = self._stage
            pieces.append(stage())
        return np.concatenate(pieces)

    # Stages take what they can from the pending bytes, return samples, and set the next stage.

    def _sniff(self) -> Samples:
        head = self._pending[:12]
        if head.startswith(b"RIFF") and head[8:] == b"WAVE":
            self._stage = self._header
        elif self._ended or len(head) == 12 or not b"RIFF".startswith(head[:4]):
            self._stage = self._audio
        return _NOTHING

    def _header(self) -> Samples:
        found = parse_wav_header(self._pending)
        if found is None:
            if self._ended or len(self._pending) > _WAV_CHUNK_LIMIT:
                message = "the WAV header has no data chunk"
                raise AudioError("audio", message, "a complete WAV header")
            return _NOTHING
        tail = self._resampler.feed(_NOTHING, last=True)
        self._format, start, self._left = found
        self._resampler = Resampler(self._format.sample_rate)
        self._pending = self._pending[start:]
        self._stage = self._audio
        return tail

    def _audio(self) -> Samples:
        available = len(self._pending)
        if self._left is not None:
            available = min(available, self._left)
        usable = available - available % self._format.frame_size
        audio, self._pending = self._pending[:usable], self._pending[usable:]
        if self._left is not None:
            self._left -= usable
            if self._left < self._format.frame_size:
                self._pending = self._pending[self._left + self._left % 2 :]
                self._left = None
                self._stage = self._trailer
        return self._resampler.feed(to_mono(audio, self._format))

    def _trailer(self) -> Samples:
        """After the data that a header promised: metadata, another file, or yet more audio."""
        if len(self._pending) < 8 and not self._ended:
            return _NOTHING
        size = 8 + int.from_bytes(self._pending[4:8], "little")
        if not self._pending.startswith(_WAV_TRAILERS) or size > _WAV_CHUNK_LIMIT:
            self._stage = self._sniff
        elif len(self._pending) >= size or self._ended:
            self._pending = self._pending[size + size % 2 :]
            return self._trailer()
        return _NOTHING


class Resampler:
    """A stream of mono samples brought to 16 kHz by soxr; costs nothing where they are already."""

    def __init__(self, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        self._stream = (
            None
            if sample_rate == SAMPLE_RATE
            else soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1, dtype="float32", quality="HQ")
        )

    def feed(self, samples: Samples, last: bool = False) -> Samples:
        """Resample the next piece; `last` gets the filter's tail out as well."""
        if self._stream is None:
            return samples
        resampled: Samples = self._stream.resample_chunk(samples, last=last)
        return resampled


def to_mono(audio: bytes, form: PcmFormat) -> Samples:
    """Decode whole frames to mono float32 within [-1, 1]."""
    samples = _DECODERS[form.encoding](audio)
    if form.channels > 1:
        samples = mixed(samples.reshape(-1, form.channels).T)
    return samples


def mixed(channels: Samples) -> Samples:
    """Mix channels with equal weight: shape (channels, n) to (n,).

    Of two that cancel each other the first is heard: a balanced microphone that was recorded in
    stereo has its signal upside down on the other, and their sum is silence.
    """
    mono: Samples = channels.mean(axis=0, dtype=np.float32)
    if len(channels) == 2 and np.vdot(mono, mono) < _CANCELLED * np.vdot(channels, channels):
        mono = channels[0]
    return mono


def parse_wav_header(data: bytes) -> tuple[PcmFormat, int, int | None] | None:
    """Read a WAV header.

    Args:
        data: the first bytes of the file, beginning with ``RIFF``.

    Returns:
        The format, where the samples begin, and how many bytes of them there are (None where the
        header does not know); or None while the header is incomplete.

    Raises:
        AudioError: the header names no usable PCM format.
    """
    form: PcmFormat | None = None
    at = 12
    while len(data) >= at + 8:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = at + 8
        if name == b"data":
            if form is None:
                raise AudioError("audio", "the WAV header has no format before its data", "fmt")
            return form, body, size if 0 < size < _LONGEST_WAV_DATA else None
        if len(data) < body + size:
            return None
        if name == b"fmt ":
            form = _wav_format(data[body : body + size])
        at = body + size + size % 2
    return None


def _wav_format(chunk: bytes) -> PcmFormat:
    tag, channels = (int.from_bytes(chunk[i : i + 2], "little") for i in (0, 2))
    sample_rate = int.from_bytes(chunk[4:8], "little")
    bits = int.from_bytes(chunk[14:16], "little")
    if tag == 0xFFFE:  # WAVE_FORMAT_EXTENSIBLE: the real tag begins the sub-format's GUID
        tag = int.from_bytes(chunk[24:26], "little")
    encoding = _WAV_ENCODINGS.get((tag, bits))
    if encoding is None or not 1 <= channels <= 64:
        raise AudioError(
            "audio",
            f"a WAV of format {tag} with {bits} bits and {channels} channels cannot be streamed",
            "PCM of 8, 16, 24 or 32 bits, float of 32 or 64 bits, mu-law or A-law",
        )
    check_format(None, sample_rate)
    return PcmFormat(encoding, sample_rate, channels)


# --- samples --------------------------------------------------------------------------------------


def _integers(dtype: str) -> Callable[[bytes], Samples]:
    scale = np.float32(1.0 / -float(np.iinfo(dtype).min))

    def decode(audio: bytes) -> Samples:
        samples: Samples = np.frombuffer(audio, dtype).astype(np.float32) * scale
        return samples

    return decode


def _floats(dtype: str) -> Callable[[bytes], Samples]:
    def decode(audio: bytes) -> Samples:
        raw = np.frombuffer(audio, dtype)
        finite = np.nan_to_num(raw, nan=0.0, posinf=1.0, neginf=-1.0)
        samples: Samples = np.clip(finite, -1.0, 1.0).astype(np.float32)
        return samples

    return decode


def _unsigned_bytes(audio: bytes) -> Samples:
    raw = np.frombuffer(audio, np.uint8).astype(np.float32)
    samples: Samples = (raw - np.float32(128.0)) / np.float32(128.0)
    return samples


def _three_bytes(audio: bytes) -> Samples:
    triples = np.frombuffer(audio, np.uint8).reshape(-1, 3)
    words = np.zeros((len(triples), 4), np.uint8)
    words[:, 1:] = triples
    return _integers("<i4")(words.tobytes())


def _companded(table: Callable[[], npt.NDArray[np.float32]]) -> Callable[[bytes], Samples]:
    def decode(audio: bytes) -> Samples:
        return table()[np.frombuffer(audio, np.uint8)]

    return decode


@cache
def _mulaw_table() -> npt.NDArray[np.float32]:
    """ITU-T G.711 mu-law, all 256 codes."""
    codes = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (codes >> 4) & 0x07, codes & 0x0F
    magnitude = (((mantissa.astype(np.int32) << 3) + 0x84) << exponent) - 0x84
    signed = np.where(codes & 0x80, -magnitude, magnitude)
    return (signed / 32768.0).astype(np.float32)


@cache
def _alaw_table() -> npt.NDArray[np.float32]:
    """ITU-T G.711 A-law, all 256 codes."""
    codes = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent, mantissa = ((codes >> 4) & 0x07).astype(np.int32), (codes & 0x0F).astype(np.int32)
    linear = (mantissa << 4) + 8
    magnitude = np.where(exponent == 0, linear, (linear + 0x100) << np.maximum(exponent - 1, 0))
    signed = np.where(codes & 0x80, magnitude, -magnitude)
    return (signed / 32768.0).astype(np.float32)


_WIDTHS: dict[str, int] = {
    "pcm_u8": 1,
    "pcm_s16le": 2,
    "pcm_s24le": 3,
    "pcm_s32le": 4,
    "pcm_f16le": 2,
    "pcm_f32le": 4,
    "pcm_f64le": 8,
    "pcm_mulaw": 1,
    "pcm_alaw": 1,
}

_DECODERS: dict[str, Callable[[bytes], Samples]] = {
    "pcm_u8": _unsigned_bytes,
    "pcm_s16le": _integers("<i2"),
    "pcm_s24le": _three_bytes,
    "pcm_s32le": _integers("<i4"),
    "pcm_f16le": _floats("<f2"),
    "pcm_f32le": _floats("<f4"),
    "pcm_f64le": _floats("<f8"),
    "pcm_mulaw": _companded(_mulaw_table),
    "pcm_alaw": _companded(_alaw_table),
}

_WAV_ENCODINGS: dict[tuple[int, int], str] = {
    (1, 8): "pcm_u8",
    (1, 16): "pcm_s16le",
    (1, 24): "pcm_s24le",
    (1, 32): "pcm_s32le",
    (3, 32): "pcm_f32le",
    (3, 64): "pcm_f64le",
    (6, 8): "pcm_alaw",
    (7, 8): "pcm_mulaw",
}
