"""Uploads of any container to the samples that recognisers want: float32, mono, 16 kHz.

Nothing that an upload claims is believed: durations and sizes in headers are ignored, audio is
counted while it is decoded, and formats that refer to other files or addresses are not opened.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from cartesia_server.audio.errors import AudioError
from cartesia_server.audio.raw import (
    HIGHEST_RATE,
    LOWEST_RATE,
    SAMPLE_RATE,
    RawDecoder,
    Resampler,
    check_format,
    mixed,
)
from cartesia_server.audio.sniff import is_container
from cartesia_server.engines.base import CancelToken, Samples

CONTAINERS = "flac, m4a, mp3, mp4, mpeg, mpga, oga, ogg, wav, webm and other common containers"
"""What `decode_upload` accepts, in words for an error message."""

CONTAINERS_OR_RAW = f"{CONTAINERS}; headerless audio with encoding and sample_rate"
"""What is accepted where a request has fields for these two."""

# Demuxers that read their audio from the file itself. Playlists and scripts (hls, concat, dash,
# sdp, ...) stay out: they make the decoder open whatever paths and addresses they name.
_DEMUXERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mpeg,mpegts,"
    "ogg,tta,w64,wav,wv"
)
_BLOCK = 1 << 16
_WIDTH = np.dtype(np.float32).itemsize
_STEP = 30 * SAMPLE_RATE  # samples


def decode_upload(
    upload: bytes | Path | BinaryIO,
    *,
    encoding: str | None = None,
    sample_rate: int | None = None,
    max_seconds: float,
    cancel: CancelToken | None = None,
) -> Samples:
    """Decode a whole upload; see `decoding`."""
    steps = decoding(
        upload, encoding=encoding, sample_rate=sample_rate, max_seconds=max_seconds, cancel=cancel
    )
    decoded: list[Samples] = []

    def run() -> Iterator[None]:
        decoded.append((yield from steps))

    for _ in run():
        pass
    return decoded[0]


def decoding(
    upload: bytes | Path | BinaryIO,
    *,
    encoding: str | None = None,
    sample_rate: int | None = None,
    max_seconds: float,
    cancel: CancelToken | None = None,
    accepted: str = CONTAINERS,
) -> Generator[None, None, Samples]:
    """Decode a whole upload in steps, on a thread that others wait for.

    Args:
        upload: the bytes, a file's path, or an open file that can seek.
        encoding: of headerless audio, one of `raw.ENCODINGS`; a container's own header wins.
        sample_rate: of headerless audio, in Hz; a container's own header wins.
        max_seconds: decoding stops with an error past this much audio.
        cancel: looked at between blocks.
        accepted: what the request could have held, in words for an error message.

    Yields:
        After every half minute of audio.

    Returns:
        Mono samples at 16 kHz, shape (n,), n > 0. Channels are mixed by `raw.mixed`.

    Raises:
        AudioError: naming ``file``, ``encoding`` or ``sample_rate``.
        Cancelled: `cancel` was flipped.
    """
    check_format(encoding, sample_rate)
    if isinstance(upload, Path):
        with upload.open("rb") as opened:
            pieces = _pieces(opened, encoding, sample_rate, accepted)
            return (yield from _collect(pieces, max_seconds, cancel))
    file: BinaryIO = io.BytesIO(upload) if isinstance(upload, bytes) else upload
    pieces = _pieces(file, encoding, sample_rate, accepted)
    return (yield from _collect(pieces, max_seconds, cancel))


def _pieces(
    file: BinaryIO, encoding: str | None, sample_rate: int | None, accepted: str
) -> Iterator[Samples]:
    head = file.read(_BLOCK)
    file.seek(0)
    if not head:
        raise AudioError("file", "is empty", accepted)
    if encoding is None or is_container(head):
        return _decode_container(file, accepted)
    if sample_rate is None:
        message = "is missing: headerless audio needs it beside its encoding"
        raise AudioError("sample_rate", message, f"{LOWEST_RATE} to {HIGHEST_RATE} Hz")
    return _decode_headerless(file, RawDecoder(encoding, sample_rate))


def _collect(
    pieces: Iterator[Samples], max_seconds: float, cancel: CancelToken | None
) -> Generator[None, None, Samples]:
    """All pieces as one, which grows in place: pieces beside their whole would be twice as much."""
    gathered = bytearray()  # of an array, numpy's newer versions make a second one to grow
    step = _STEP
    for piece in pieces:
        if cancel is not None:
            cancel.raise_if_cancelled()
        count = len(gathered) // _WIDTH + len(piece)
        if count > max_seconds * SAMPLE_RATE:
            accepted = f"at most {max_seconds:g} s of audio"
            raise AudioError("file", f"is longer than {max_seconds:g} s", accepted)
        gathered += np.ascontiguousarray(piece, np.float32).data
        if count >= step:
            step += _STEP
            yield
    if not gathered:
        raise AudioError("file", "holds no audio", CONTAINERS)
    return np.frombuffer(gathered, np.float32)


def _decode_headerless(file: BinaryIO, decoder: RawDecoder) -> Iterator[Samples]:
    while block := file.read(_BLOCK):
        yield decoder.feed(block)
    yield decoder.flush()


def _decode_container(file: BinaryIO, accepted: str) -> Iterator[Samples]:
    try:
        container = av.open(
            file,
            mode="r",
            metadata_errors="replace",
            container_options={"format_whitelist": _DEMUXERS},
        )
    except av.FFmpegError as error:
        raise AudioError("file", "is no audio file that can be read", accepted) from error
    with container:
        yield from _decode_track(container)


def _decode_track(container: InputContainer) -> Iterator[Samples]:
    if not container.streams.audio:
        raise AudioError("file", "has no audio track", CONTAINERS)
    planar = AudioResampler(format="fltp")
    resampler: Resampler | None = None
    for frame in _frames(container):
        if not LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE:
            accepted = f"audio of {LOWEST_RATE} to {HIGHEST_RATE} Hz"
            raise AudioError("file", f"has a sample rate of {frame.sample_rate} Hz", accepted)
        if resampler is None or resampler.sample_rate != frame.sample_rate:
            planar = AudioResampler(format="fltp")
            resampler = Resampler(frame.sample_rate)
        for converted in planar.resample(frame):
            yield resampler.feed(_mix(converted))
    if resampler is not None:
        yield resampler.feed(np.empty(0, np.float32), last=True)


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    """Decode the first audio track; damaged packets are left out, as players do.

    Raises:
        AudioError: more packets were damaged than whole.
    """
    stream = container.streams.audio[0]
    good = bad = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            break
        except av.FFmpegError:
            bad += 1
            if bad > good + 32:
                break
            continue
        good += 1
        yield from (frame for frame in frames if isinstance(frame, AudioFrame))
    if bad > good:
        raise AudioError("file", "is damaged: most of its audio cannot be decoded", CONTAINERS)


def _mix(frame: AudioFrame) -> Samples:
    finite = np.nan_to_num(frame.to_ndarray(), nan=0.0, posinf=1.0, neginf=-1.0)
    channels = np.asarray(finite, np.float32)
    mono: Samples = np.clip(mixed(channels), -1.0, 1.0)
    return mono
