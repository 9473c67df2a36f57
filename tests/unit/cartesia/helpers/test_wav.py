"""WAV files: headers that players accept, true lengths at the end."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import pytest

from cartesia.helpers.wav import WavWriter, wav_header


def test_a_closed_file_has_its_true_length(tmp_path: Path) -> None:
    path = tmp_path / "hello.wav"
    with WavWriter(path, encoding="pcm_s16le", sample_rate=24000) as wav:
        wav.write(b"\1\0" * 100)
        wav.write(b"\2\0" * 50)
    with wave.open(str(path)) as read:
        assert read.getparams()[:4] == (1, 2, 24000, 150)
        assert read.readframes(150) == b"\1\0" * 100 + b"\2\0" * 50
    assert struct.unpack_from("<I", path.read_bytes(), 4) == (path.stat().st_size - 8,)


class Pipe(io.RawIOBase):
    """A target that can only be written to."""

    def __init__(self) -> None:
        self.written = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.written += data
        return len(data)


def test_a_pipe_gets_an_open_length_and_stays_open() -> None:
    pipe = Pipe()
    with WavWriter(pipe, encoding="pcm_s16le", sample_rate=8000) as wav:  # type: ignore[arg-type]
        wav.write(b"\1\0" * 10)
    assert pipe.written == wav_header(encoding="pcm_s16le", sample_rate=8000) + b"\1\0" * 10
    assert pipe.written[40:44] == b"\xff\xff\xff\xff"
    assert not pipe.closed


def test_closing_twice_is_harmless() -> None:
    target = io.BytesIO()
    wav = WavWriter(target, encoding="pcm_s16le", sample_rate=8000)
    wav.write(b"\1\0")
    wav.close()
    first = target.getvalue()
    wav.close()
    assert target.getvalue() == first


def test_a_file_that_already_has_content_keeps_it() -> None:
    target = io.BytesIO(b"before")
    target.seek(6)
    with WavWriter(target, encoding="pcm_s16le", sample_rate=8000) as wav:
        wav.write(b"\1\0")
    assert target.getvalue()[:10] == b"beforeRIFF"


@pytest.mark.parametrize(
    ("encoding", "tag", "bits"),
    [("pcm_s16le", 1, 16), ("pcm_f32le", 3, 32), ("pcm_alaw", 6, 8), ("pcm_mulaw", 7, 8)],
)
def test_every_encoding_is_named_in_its_header(encoding: str, tag: int, bits: int) -> None:
    header = wav_header(encoding=encoding, sample_rate=16000, data_bytes=801)
    assert header[:4] + header[8:16] == b"RIFFWAVEfmt "
    assert struct.unpack_from("<HHIIHH", header, 20) == (
        tag,
        1,
        16000,
        16000 * bits // 8,
        bits // 8,
        bits,
    )
    assert header[-8:] == b"data" + struct.pack("<I", 801)
    (riff,) = struct.unpack_from("<I", header, 4)
    assert riff == len(header) - 8 + 801 + 1, "an odd length is padded"


def test_the_pad_byte_is_written() -> None:
    target = io.BytesIO()
    with WavWriter(target, encoding="pcm_mulaw", sample_rate=8000) as wav:
        wav.write(b"\x7f" * 3)
    data = target.getvalue()
    assert len(data) % 2 == 0
    assert struct.unpack_from("<I", data, 4) == (len(data) - 8,)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(ValueError, match="encoding: got 'pcm_s24le', accepted: pcm_s16le, "):
        wav_header(encoding="pcm_s24le", sample_rate=8000)
