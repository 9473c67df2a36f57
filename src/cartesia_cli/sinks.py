"""Where the sound of ``cartesia say`` goes: a file, a pipe, or a player."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cartesia.helpers.wav import WavWriter
from cartesia_cli.connection import INSTALL_LOCAL
from cartesia_cli.failures import UsageError
from cartesia_cli.players import open_player

PIPE = "-"


class Format(str, Enum):
    """What the audio is wrapped in; ogg holds Opus, and raw is 16-bit mono alone."""

    wav = "wav"
    mp3 = "mp3"
    ogg = "ogg"
    flac = "flac"
    raw = "raw"


_EXTENSIONS = {
    ".wav": Format.wav,
    ".mp3": Format.mp3,
    ".ogg": Format.ogg,
    ".opus": Format.ogg,
    ".flac": Format.flac,
    ".raw": Format.raw,
    ".pcm": Format.raw,
}

BIT_RATE = 128_000
"""Of mp3 and Opus, in bits per second."""

_OPUS_RATES = (8000, 16000, 24000, 48000)


class Sink(Protocol):
    """Takes 16-bit mono audio as it comes."""

    def write(self, audio: bytes) -> object:
        """Take the next piece."""

    def close(self) -> None:
        """Finish: true lengths in headers, everything heard."""


def audio_format(output: str | None, wanted: Format | None, sample_rate: int) -> Format:
    """The format of the audio: as wanted, else by the extension of the file, else wav.

    Raises:
        UsageError: the extension says nothing and no format was given, or it cannot be made.
    """
    form = _named_format(output, wanted)
    if form in (Format.ogg, Format.flac) and find_spec("av") is None:
        raise UsageError(
            f'{form.value} needs the extra "local" to encode it here; in a checkout of this '
            f"project, run {INSTALL_LOCAL} or write a .wav or .mp3 file"
        )
    if form is Format.ogg and sample_rate not in _OPUS_RATES:
        raise UsageError(
            f"--sample-rate {sample_rate}: Opus, which ogg holds, has "
            f"{', '.join(map(str, _OPUS_RATES))} Hz"
        )
    return form


def _named_format(output: str | None, wanted: Format | None) -> Format:
    if wanted is not None:
        return wanted
    if output is None or output == PIPE:
        return Format.wav
    extension = Path(output).suffix.lower()
    if extension not in _EXTENSIONS:
        raise UsageError(
            f"--output {output}: the extension says no audio format; accepted: "
            f"{', '.join(_EXTENSIONS)}, or any name with --format {'|'.join(Format)}"
        )
    return _EXTENSIONS[extension]


def format_to_ask_for(form: Format, sample_rate: int) -> tuple[dict[str, Any], Format]:
    """What to ask a server for, so that a sink can make what is wanted of it.

    Returns:
        Output format arguments of `infill.bytes` and `voice_changer.bytes`, and the format of the
        sink: mp3 is encoded here where it can be, else by the server and written as it comes.
    """
    asked: dict[str, Any] = {"output_format_sample_rate": sample_rate}
    if form is Format.mp3 and find_spec("av") is None:
        container = {"output_format_container": "mp3", "output_format_bit_rate": BIT_RATE}
        return {**asked, **container}, Format.raw
    container = {"output_format_container": "raw", "output_format_encoding": "pcm_s16le"}
    return {**asked, **container}, form


def check_writable(option: str, path: Path) -> None:
    """Refuse a path that cannot become a file, before any work is done for it.

    Raises:
        UsageError: its folder does not exist, it is a folder itself, or it may not be written.
    """
    if path.is_dir():
        raise UsageError(f"{option} {path}: that is a folder; give the name of a file")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{option} {path}: there is no folder {path.parent}")
    _check_permission(option, path, path if path.exists() else path.absolute().parent)


def check_folder(option: str, folder: Path) -> None:
    """Refuse a folder in which no file can be made.

    Raises:
        UsageError: there is none, or it may not be written.
    """
    if not folder.is_dir():
        raise UsageError(f"{option} {folder}: there is no such folder")
    _check_permission(option, folder, folder)


def _check_permission(option: str, given: Path, written: Path) -> None:
    if not os.access(written, os.W_OK):
        raise UsageError(f"{option} {given}: you may not write there")


@contextmanager
def open_sink(output: str | None, form: Format, sample_rate: int) -> Iterator[Sink]:
    """Open what `output` names and close it whatever happens; None means a player.

    A file is only made, or replaced, when the first audio is there.

    Raises:
        UsageError: the file cannot be made, the pipe is a terminal, or there is no player.
    """
    if output is None:
        player = open_player(sample_rate)
        try:
            yield player
            player.close()
        except BaseException:
            player.abort()
            raise
        return
    sink = _to_pipe(form, sample_rate) if output == PIPE else _to_file(output, form, sample_rate)
    try:
        yield sink
    finally:
        sink.close()


def _to_pipe(form: Format, sample_rate: int) -> _LateSink:
    if sys.stdout.isatty():
        raise UsageError("--output - writes audio; send it to a file or into another program")
    return _LateSink(lambda: sys.stdout.buffer, form, sample_rate)


def _to_file(output: str, form: Format, sample_rate: int) -> _LateSink:
    path = Path(output)
    check_writable("--output", path)
    return _LateSink(lambda: path.open("wb"), form, sample_rate)


def _encoder(form: Format, target: BinaryIO, sample_rate: int) -> Sink:
    if form is Format.wav:
        return WavWriter(target, encoding="pcm_s16le", sample_rate=sample_rate)
    if form is Format.raw:
        return _RawWriter(target)
    from cartesia_cli.encoded import EncodedWriter
    from cartesia_server.audio.formats import AudioFormat

    container = "opus" if form is Format.ogg else form.value
    return EncodedWriter(target, AudioFormat(container, sample_rate, bit_rate=BIT_RATE))


class _RawWriter:
    """Passes audio on as it is, without waiting for a buffer to fill."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target

    def write(self, audio: bytes) -> None:
        self._target.write(audio)
        self._target.flush()

    def close(self) -> None:
        self._target.flush()


class _LateSink:
    """Opens its target when the first audio arrives, so that a failed request changes nothing."""

    def __init__(self, open_: Callable[[], BinaryIO], form: Format, sample_rate: int) -> None:
        self._open = open_
        self._form = form
        self._sample_rate = sample_rate
        self._target: BinaryIO | None = None
        self._sink: Sink | None = None

    def write(self, audio: bytes) -> None:
        if self._sink is None:
            self._target = self._open()
            self._sink = _encoder(self._form, self._target, self._sample_rate)
        self._sink.write(audio)

    def close(self) -> None:
        try:
            if self._sink is not None:
                self._sink.close()
        finally:
            if self._target is not None and self._target is not sys.stdout.buffer:
                self._target.close()
