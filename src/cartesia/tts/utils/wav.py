"""WAV files as a whole: read, brought to one format, put one after the other."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from operator import sub
from typing import NamedTuple

_PCM = 1
_FLOAT = 3
_EXTENSIBLE = 0xFFFE


class WavFormat(NamedTuple):
    """How samples are written.

    Attributes:
        tag: of the WAVE specification: 1 is PCM, 3 is floating point.
        channels: how many take turns.
        sample_rate: in Hz.
        bits: of a sample.
    """

    tag: int
    channels: int
    sample_rate: int
    bits: int

    def __str__(self) -> str:
        return (
            f"format {self.tag} with {self.bits} bits, {self.channels} channel(s) at "
            f"{self.sample_rate} Hz"
        )


class Wav(NamedTuple):
    """A WAV file.

    Attributes:
        name: what errors call it.
        form: how its samples are written.
        samples: these.
    """

    name: str
    form: WavFormat
    samples: bytes


def read_wav(name: str, audio: bytes) -> Wav:
    """Read a WAV file.

    Raises:
        ValueError: it is none.
    """
    form = None
    if audio[:4] == b"RIFF" and audio[8:12] == b"WAVE":
        position = 12
        while position + 8 <= len(audio):
            kind, size = struct.unpack_from("<4sI", audio, position)
            body = audio[position + 8 : position + 8 + size]
            if kind == b"fmt " and len(body) >= 16:
                tag, channels, sample_rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
                if tag == _EXTENSIBLE and len(body) >= 26:
                    (tag,) = struct.unpack_from("<H", body, 24)
                form = WavFormat(tag, channels, sample_rate, bits)
            elif kind == b"data" and form:
                return Wav(name, form, body)
            position += 8 + size + size % 2
    raise ValueError(f"{name}: expected a WAV file with samples, got {len(audio)} other bytes")


def common_format(parts: Sequence[Wav]) -> WavFormat:
    """The format that holds all files: their own if they agree, else the best of each.

    Raises:
        ValueError: they differ, and one is written in a way that is not known here.
    """
    forms = [part.form for part in parts]
    if len(set(forms)) == 1:
        return forms[0]
    for part in parts:
        if not (_is_known(part.form) and part.form.channels and part.form.sample_rate):
            said = ", ".join(f"{other.name} is {other.form}" for other in parts)
            raise ValueError(f"cannot join audio of different formats: {said}")
    small = all(form.tag == _PCM and form.bits <= 16 for form in forms)
    return WavFormat(
        tag=_PCM if small else _FLOAT,
        channels=max(form.channels for form in forms),
        sample_rate=max(form.sample_rate for form in forms),
        bits=16 if small else 32,
    )


def join_wavs(parts: Sequence[Wav]) -> bytes:
    """Put WAV files one after the other; those that differ are brought to one format.

    Raises:
        ValueError: see `common_format`.
    """
    form = common_format(parts)
    samples = b"".join(
        part.samples if part.form == form else _converted(part, form) for part in parts
    )
    width = form.channels * form.bits // 8
    chunks = [
        struct.pack(
            "<4sIHHIIHH",
            *(b"fmt ", 16, form.tag, form.channels, form.sample_rate),
            *(form.sample_rate * width, width, form.bits),
        )
    ]
    if form.tag != _PCM:
        chunks.append(struct.pack("<4sII", b"fact", 4, len(samples) // max(width, 1)))
    chunks.append(struct.pack("<4sI", b"data", len(samples)) + samples + b"\0" * (len(samples) % 2))
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _is_known(form: WavFormat) -> bool:
    return (form.tag, form.bits) in {
        (_PCM, 8),
        (_PCM, 16),
        (_PCM, 24),
        (_PCM, 32),
        (_FLOAT, 32),
    }


def _converted(part: Wav, form: WavFormat) -> bytes:
    whole = len(part.samples) - len(part.samples) % (part.form.channels * part.form.bits // 8)
    flat = _numbers(part.samples[:whole], part.form)
    lanes = [
        _stretched(flat[lane :: part.form.channels], part.form.sample_rate, form.sample_rate)
        for lane in range(part.form.channels)
    ]
    # Channels that a file lacks repeat its last one: mono is heard on both sides.
    lanes += lanes[-1:] * (form.channels - len(lanes))
    mixed = array("d", bytes(8 * form.channels * len(lanes[0])))
    for number, lane in enumerate(lanes):
        mixed[number :: form.channels] = lane
    if form.tag == _FLOAT:
        return _little_endian(array("f", mixed)).tobytes()
    return _little_endian(
        array("h", (max(-32768, min(32767, round(value * 32768))) for value in mixed))
    ).tobytes()


def _numbers(samples: bytes, form: WavFormat) -> array[float]:
    """Samples as numbers from -1 to 1."""
    if form.tag == _FLOAT:
        return array("d", _little_endian(array("f", samples)))
    if form.bits == 8:
        return array("d", ((value - 128) / 128 for value in samples))
    if form.bits == 24:
        wide = bytearray(len(samples) // 3 * 4)
        for byte in range(3):
            wide[byte + 1 :: 4] = samples[byte::3]
        samples = bytes(wide)
    whole = _little_endian(array("h" if form.bits == 16 else "i", samples))
    full = 1 << (15 if form.bits == 16 else 31)
    return array("d", (value / full for value in whole))


def _stretched(samples: array[float], rate: int, wanted: int) -> array[float]:
    """Samples at a higher rate, on the lines between those there are."""
    if rate == wanted or not samples:
        return samples
    steps = array("d", map(sub, samples[1:] + samples[-1:], samples))
    places = (divmod(number * rate, wanted) for number in range(len(samples) * wanted // rate))
    return array("d", (samples[at] + steps[at] * past / wanted for at, past in places))


def _little_endian(numbers: array[float] | array[int]) -> array[float] | array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
