"""WAV files that arrived with an open length end with the true one."""

from __future__ import annotations

import io
import struct
import wave

import pytest

from cartesia.core import wav_sizes
from cartesia.core.wav_sizes import SizesOfFile, with_true_sizes
from cartesia.helpers.wav import wav_header

SAMPLES = bytes(range(200)) * 3


def streamed(encoding: str = "pcm_s16le") -> bytes:
    return wav_header(encoding=encoding, sample_rate=8000) + SAMPLES


def written(audio: bytes, piece: int, file: io.BytesIO | None = None) -> bytes:
    file = file or io.BytesIO()
    sizes = SizesOfFile()
    for start in range(0, len(audio), piece):
        sizes.passed(audio[start : start + piece])
        file.write(audio[start : start + piece])
    sizes.mend(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["pcm_s16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"])
def test_the_sizes_are_those_of_a_file_that_was_written_at_once(encoding: str) -> None:
    at_once = wav_header(encoding=encoding, sample_rate=8000, data_bytes=len(SAMPLES)) + SAMPLES
    assert with_true_sizes(streamed(encoding)) == at_once
    for piece in (1, 7, 44, 1000):
        assert written(streamed(encoding), piece) == at_once
    assert with_true_sizes(at_once) == at_once


def test_other_programs_agree() -> None:
    with wave.open(io.BytesIO(with_true_sizes(streamed()))) as reader:
        assert reader.getnframes() == len(SAMPLES) // 2


def test_what_broke_off_is_as_long_as_what_came() -> None:
    whole = with_true_sizes(streamed())
    assert struct.unpack_from("<I", with_true_sizes(whole[:-100]), 40) == (len(SAMPLES) - 100,)


@pytest.mark.parametrize(
    "audio",
    [
        b"",
        b"RIFF",
        b"ID3 and then mp3",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0",
        b"RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\xff" + SAMPLES,
        b"RIFF\xff\xff\xff\xffWAVEfmt \x02\0\0\0\1\0fact\0\0\0\0data",
    ],
)
def test_everything_else_stays_as_it_is(audio: bytes) -> None:
    assert with_true_sizes(audio) == audio
    assert written(audio, 3) == audio


def test_what_cannot_be_rewound_or_is_too_long_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert written(streamed(), 100, Pipe()) == streamed()
    monkeypatch.setattr(wav_sizes, "_LARGEST", 100)
    assert with_true_sizes(streamed()) == streamed()
