"""WAV files that differ, joined into one."""

from __future__ import annotations

import struct

import pytest

from cartesia.tts.utils.wav import Wav, WavFormat, common_format, join_wavs, read_wav

MONO_8K = WavFormat(tag=1, channels=1, sample_rate=8000, bits=16)


def shorts(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def joined(*parts: tuple[WavFormat, bytes]) -> Wav:
    names = ("left", "infill", "right")
    files = [Wav(name, form, data) for name, (form, data) in zip(names, parts, strict=False)]
    return read_wav("all", join_wavs(files))


def test_the_highest_rate_counts_and_what_lies_between_is_on_a_line() -> None:
    whole = joined(
        (MONO_8K, shorts(0, 8000, -8000)),
        (MONO_8K._replace(sample_rate=16000), shorts(1, 2)),
    )
    assert whole.form == MONO_8K._replace(sample_rate=16000)
    assert whole.samples == shorts(0, 4000, 8000, 0, -8000, -8000, 1, 2)


def test_mono_is_heard_on_both_sides() -> None:
    whole = joined((MONO_8K, shorts(5, -6)), (MONO_8K._replace(channels=2), shorts(1, 2)))
    assert whole.form.channels == 2
    assert whole.samples == shorts(5, 5, -6, -6, 1, 2)


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (MONO_8K, shorts(-32768, 0, 16384)),
        (MONO_8K._replace(bits=8), bytes([0, 128, 192])),
        (MONO_8K._replace(bits=24), bytes([0, 0, 128, 0, 0, 0, 0, 0, 64])),
        (MONO_8K._replace(bits=32), struct.pack("<3i", -(1 << 31), 0, 1 << 30)),
        (MONO_8K._replace(tag=3, bits=32), floats(-1.0, 0.0, 0.5)),
    ],
)
def test_samples_of_every_kind_keep_their_value(form: WavFormat, data: bytes) -> None:
    other = MONO_8K._replace(tag=3, bits=32)
    whole = joined((form, data), (other, floats(0.25)))
    assert whole.form == other
    assert whole.samples == floats(-1.0, 0.0, 0.5, 0.25)


def test_few_bits_become_sixteen() -> None:
    whole = joined((MONO_8K, shorts(7)), (MONO_8K._replace(bits=8), bytes([160])))
    assert (whole.form, whole.samples) == (MONO_8K, shorts(7, 8192))


def test_what_is_cut_off_within_a_sample_is_left_out() -> None:
    whole = joined((MONO_8K, shorts(1, 2) + b"x"), (MONO_8K._replace(channels=2), b""))
    assert whole.samples == shorts(1, 1, 2, 2)


def test_files_that_agree_may_be_of_any_kind() -> None:
    law = WavFormat(tag=7, channels=1, sample_rate=8000, bits=8)
    assert joined((law, b"ab"), (law, b"c")).samples == b"abc"


@pytest.mark.parametrize(
    "other",
    [
        WavFormat(tag=7, channels=1, sample_rate=8000, bits=8),
        WavFormat(tag=1, channels=0, sample_rate=8000, bits=16),
        WavFormat(tag=1, channels=1, sample_rate=0, bits=16),
        WavFormat(tag=1, channels=1, sample_rate=8000, bits=12),
    ],
)
def test_what_cannot_be_converted_is_told_by_name(other: WavFormat) -> None:
    message = r"different formats: left is format 1 with 16 bits, 1 channel\(s\) at 8000 Hz, infill"
    with pytest.raises(ValueError, match=message):
        common_format([Wav("left", MONO_8K, b""), Wav("infill", other, b"")])
