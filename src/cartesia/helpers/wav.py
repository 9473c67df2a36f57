"""WAV files, written piece by piece while the audio arrives."""

from __future__ import annotations

import struct
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from typing_extensions import Self

_FORMATS = {  # raw encoding: format tag of the WAVE specification, bytes a sample
    "pcm_s16le": (1, 2),
    "pcm_f32le": (3, 4),
    "pcm_alaw": (6, 1),
    "pcm_mulaw": (7, 1),
}

_UNKNOWN = 0xFFFFFFFF


def wav_header(*, encoding: str, sample_rate: int, data_bytes: int | None = None) -> bytes:
    """The bytes in front of raw mono audio that make it a WAV file.

    Args:
        encoding: ``pcm_s16le``, ``pcm_f32le``, ``pcm_mulaw`` or ``pcm_alaw``.
        sample_rate: in Hz.
        data_bytes: length of the audio that follows. None, for audio of unknown length, writes the
            largest length there is; players then play until the data ends.

    Raises:
        ValueError: an unknown encoding.
    """
    try:
        tag, width = _FORMATS[encoding]
    except KeyError:
        accepted = ", ".join(_FORMATS)
        raise ValueError(f"encoding: got {encoding!r}, accepted: {accepted}") from None
    # Formats other than plain PCM say that no extension follows, and count their samples.
    extra = b"" if tag == 1 else struct.pack("<H", 0)
    body = (
        struct.pack("<HHIIHH", tag, 1, sample_rate, sample_rate * width, width, width * 8) + extra
    )
    chunks = b"fmt " + struct.pack("<I", len(body)) + body
    if tag != 1:
        samples = _UNKNOWN if data_bytes is None else data_bytes // width
        chunks += b"fact" + struct.pack("<II", 4, samples)
    if data_bytes is None:
        whole = length = _UNKNOWN
    else:
        length = min(data_bytes, _UNKNOWN)
        whole = min(4 + len(chunks) + 8 + data_bytes + data_bytes % 2, _UNKNOWN)
    return (
        b"RIFF" + struct.pack("<I", whole) + b"WAVE" + chunks + b"data" + struct.pack("<I", length)
    )


class WavWriter:
    """Writes raw mono audio as a WAV file as it comes; closing it puts the true length in.

    A target that cannot seek, like a pipe, keeps the open length that players accept. Use it as a
    context manager::

        with WavWriter("hello.wav", encoding="pcm_s16le", sample_rate=24000) as wav:
            for chunk in client.tts.bytes(...):
                wav.write(chunk)

    Args:
        target: path of a file to make, or a binary file that stays open when this is closed.
        encoding: of the audio: ``pcm_s16le``, ``pcm_f32le``, ``pcm_mulaw`` or ``pcm_alaw``.
        sample_rate: of the audio, in Hz.

    Raises:
        ValueError: an unknown encoding.
        OSError: the file cannot be written.
    """

    def __init__(self, target: str | Path | BinaryIO, *, encoding: str, sample_rate: int) -> None:
        self._encoding = encoding
        self._sample_rate = sample_rate
        header = wav_header(encoding=encoding, sample_rate=sample_rate)
        self._owned = isinstance(target, (str, Path))
        self._file: BinaryIO
        if isinstance(target, (str, Path)):
            self._file = Path(target).open("wb")  # noqa: SIM115 -- closed by close()
        else:
            self._file = target
        self._start = self._file.tell() if self._file.seekable() else None
        self._file.write(header)
        self._bytes = 0
        self._closed = False

    def write(self, audio: bytes) -> None:
        """Append raw audio, at once visible to whoever reads the file."""
        self._file.write(audio)
        self._file.flush()
        self._bytes += len(audio)

    def close(self) -> None:
        """Write the true length into the header where the target can seek. Twice is harmless."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._start is not None:
                self._finish(self._start)
            self._file.flush()
        finally:
            if self._owned:
                self._file.close()

    def _finish(self, start: int) -> None:
        if self._bytes % 2:
            self._file.write(b"\0")
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(
            wav_header(
                encoding=self._encoding, sample_rate=self._sample_rate, data_bytes=self._bytes
            )
        )
        self._file.seek(end)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
