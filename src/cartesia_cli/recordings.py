"""Long recordings, cut at quiet moments into parts that are sent one by one.

That shows progress, stays under the limits of any server, and needs little memory. What cannot be
read here (containers other than WAV without the extra ``local``, broken files) is left whole, for
the server to judge.
"""

from __future__ import annotations

import itertools
import struct
import wave
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import BinaryIO

from cartesia.helpers.wav import wav_header
from cartesia_cli.failures import CommandError

LONG = 90.0  # seconds: longer recordings are cut

_PART = 60  # seconds of a part at most
_SEARCH = 15  # seconds at the end of a part in which the quietest moment is looked for
_FRAME = 0.02  # seconds over which loudness is measured
_RATE = 16000  # Hz: what recognisers work with
_WIDTH = 2  # bytes a sample


@dataclass(frozen=True)
class Recording:
    """A recording that can be read here.

    Attributes:
        seconds: its length, as its header says.
        rate: samples a second that `blocks` carry, in Hz.
        blocks: 16-bit mono audio, piece by piece, to be read once.
    """

    seconds: float
    rate: int
    blocks: Iterator[bytes]


@dataclass(frozen=True)
class Part:
    """A stretch of a recording.

    Attributes:
        wav: the stretch as a WAV file.
        start: where it begins, in seconds of the recording.
        seconds: its length.
    """

    wav: bytes
    start: float
    seconds: float


def open_recording(file: BinaryIO) -> Recording | None:
    """Look into an audio file; None where it cannot be read here. The file must be able to seek."""
    recording = None
    if find_spec("av") is not None:
        recording = _open_with_av(file)
    if recording is None:
        file.seek(0)
        with suppress(wave.Error, EOFError):
            recording = _open_wave(file)
    return recording


def cut_into_parts(recording: Recording) -> Iterator[Part]:
    """Cut a recording at quiet moments into parts of a minute at most.

    Raises:
        CommandError: the recording turns out to be broken.
    """
    full = _PART * recording.rate * _WIDTH
    pending = bytearray()
    done = 0
    for block in recording.blocks:
        pending += block
        while len(pending) >= full:
            cut = _quietest_moment(bytes(pending[:full]), recording.rate)
            yield _part(bytes(pending[:cut]), done, recording.rate)
            done += cut
            del pending[:cut]
    if pending:
        yield _part(bytes(pending), done, recording.rate)


def _part(audio: bytes, before: int, rate: int) -> Part:
    header = wav_header(encoding="pcm_s16le", sample_rate=rate, data_bytes=len(audio))
    return Part(header + audio, before / _WIDTH / rate, len(audio) / _WIDTH / rate)


def _quietest_moment(audio: bytes, rate: int) -> int:
    """Where to cut, in bytes: the middle of the quietest frame near the end of the audio."""
    frame = round(_FRAME * rate)
    first = len(audio) - _SEARCH * rate * _WIDTH
    samples = _samples(audio[first:])
    loudness = [
        sum(map(abs, samples[start : start + frame]))
        for start in range(0, len(samples) - frame + 1, frame)
    ]
    quietest = min(range(len(loudness)), key=lambda index: (loudness[index], -index))
    return first + (quietest * frame + frame // 2) * _WIDTH


def _samples(audio: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(audio) // _WIDTH}h", audio)


def _open_with_av(file: BinaryIO) -> Recording | None:
    import av

    try:
        container = av.open(file, "r")
        stream = container.streams.audio[0]
    except (av.FFmpegError, IndexError):
        return None
    if container.duration is None:
        return None

    def blocks() -> Iterator[bytes]:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
        try:
            with container:
                for decoded in itertools.chain(container.decode(stream), [None]):
                    for frame in resampler.resample(decoded):
                        yield bytes(frame.planes[0])[: frame.samples * _WIDTH]
        except av.FFmpegError as error:
            raise CommandError(f"the recording is broken: {error}") from None

    return Recording(container.duration / av.time_base, _RATE, blocks())


def _open_wave(file: BinaryIO) -> Recording | None:
    reader = wave.open(file)  # noqa: SIM115 -- the file is the caller's, and read later
    rate, channels = reader.getframerate(), reader.getnchannels()
    if reader.getsampwidth() != _WIDTH or channels != 1:
        return None

    def blocks() -> Iterator[bytes]:
        while audio := reader.readframes(rate):
            yield audio

    return Recording(reader.getnframes() / rate, rate, blocks())
