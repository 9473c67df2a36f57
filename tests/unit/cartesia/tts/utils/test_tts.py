"""Putting audio files one after the other."""

from __future__ import annotations

import io
import struct
import wave

import pytest

from cartesia.helpers.wav import wav_header
from cartesia.tts.utils.tts import concat_audio_segments


def _wav(samples: bytes, sample_rate: int = 8000, channels: int = 1) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((channels, 2, sample_rate, 0, "NONE", ""))
        file.writeframes(samples)
    return target.getvalue()


def _samples(audio: bytes) -> bytes:
    with wave.open(io.BytesIO(audio)) as file:
        return bytes(file.readframes(file.getnframes()))


def test_wav_files_become_one() -> None:
    joined = concat_audio_segments(_wav(b"aabb"), _wav(b"cc"), _wav(b"ddeeff"))
    assert _samples(joined) == b"aabbccddeeff"


@pytest.mark.parametrize(("left", "right"), [(None, _wav(b"rr")), (_wav(b"ll"), None), (b"", None)])
def test_either_side_may_be_missing(left: bytes | None, right: bytes | None) -> None:
    expected = (_samples(left) if left else b"") + b"mm" + (_samples(right) if right else b"")
    assert _samples(concat_audio_segments(left, _wav(b"mm"), right)) == expected


def test_a_streamed_header_and_further_chunks_are_understood() -> None:
    streamed = wav_header(encoding="pcm_s16le", sample_rate=8000) + b"ss"
    noted = _wav(b"nn")
    noted = noted[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + noted[12:]
    assert _samples(concat_audio_segments(noted, streamed, None)) == b"nnss"


def test_float_samples_keep_their_format() -> None:
    one = wav_header(encoding="pcm_f32le", sample_rate=44100, data_bytes=4) + b"\0\0\x80\x3f"
    joined = concat_audio_segments(one, one, None)
    assert struct.unpack_from("<HHI", joined, 20) == (3, 1, 44100)
    assert joined.endswith(struct.pack("<4sI", b"data", 8) + b"\0\0\x80\x3f" * 2)
    assert struct.unpack_from("<I", joined, 4)[0] == len(joined) - 8


def test_the_extensible_form_of_pcm_is_pcm() -> None:
    pcm = struct.pack("<HHIIHH", 0xFFFE, 1, 8000, 16000, 2, 16)
    extension = struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)
    body = b"WAVEfmt " + struct.pack("<I", 40) + pcm + extension + b"data\x02\0\0\0xx"
    extensible = b"RIFF" + struct.pack("<I", len(body)) + body
    assert _samples(concat_audio_segments(extensible, _wav(b"yy"), None)) == b"xxyy"


@pytest.mark.parametrize("audio", [b"no audio at all", _wav(b"aa")[:30]])
def test_what_is_no_wav_is_refused_by_name(audio: bytes) -> None:
    with pytest.raises(ValueError, match="right: expected a WAV file"):
        concat_audio_segments(None, _wav(b"aa"), audio)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format: got 'ogg'"):
        concat_audio_segments(None, b"aa", None, format="ogg")


def test_raw_samples_are_joined_as_they_are() -> None:
    assert concat_audio_segments(b"a", b"b", b"c", format="raw") == b"abc"


def _mp3_frame(header: bytes, length: int, content: bytes = b"") -> bytes:
    return (header + bytes(32) + content).ljust(length, b"\x55")


MPEG1 = _mp3_frame(b"\xff\xfb\x90\x00", 417)  # 128 kbit/s at 44100 Hz


def test_mp3_files_are_joined_frame_by_frame() -> None:
    tag = b"ID3\x04\0\0" + bytes([0, 0, 1, 2]) + bytes(130)
    length_frame = _mp3_frame(b"\xff\xfb\x90\x00", 417, b"Info")
    left = tag + length_frame + MPEG1
    right = MPEG1 + b"TAG" + bytes(125)
    assert concat_audio_segments(left, MPEG1 * 2, right, format="mp3") == MPEG1 * 4


def test_mp3_frames_of_low_rates_are_measured_too() -> None:
    header = b"\xff\xf3\x48\xc0"  # MPEG 2: 32 kbit/s at 16000 Hz
    length_frame = _mp3_frame(header, 144, b"Xing")
    sound = _mp3_frame(header, 144)
    assert concat_audio_segments(length_frame + sound, sound, None, format="mp3") == sound * 2


@pytest.mark.parametrize(
    "audio", [b"RIFF", b"\xff\xfb", b"\xff\xfb\xf0\x00", b"\xff\xfb\x9c\x00", b"\xff\xeb\x90\x00"]
)
def test_what_is_no_mp3_is_refused_by_name(audio: bytes) -> None:
    with pytest.raises(ValueError, match="infill: expected an MP3 file"):
        concat_audio_segments(None, audio, None, format="mp3")
