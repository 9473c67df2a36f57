"""Headerless audio, cut anywhere."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartesia_server.audio.errors import AudioError
from cartesia_server.audio.raw import ENCODINGS, RawDecoder

TONE = (0.5 * np.sin(np.arange(1600) * 0.05)).astype(np.float32)
AS_S16 = (TONE * 32767).astype("<i2").tobytes()


def wav(data, *, encoding=(1, 16), rate=16000, channels=1, size=None, before=b"", after=b""):
    tag, bits = encoding
    width = bits // 8 * channels
    form = struct.pack("<HHIIHH", tag, channels, rate, rate, width % 65536, bits)
    chunks = before + b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(data) if size is None else size) + data + after
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def decode(decoder, data, step):
    pieces = [decoder.feed(data[i : i + step]) for i in range(0, len(data), step)]
    return np.concatenate([*pieces, decoder.flush()])


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("pcm_s16le", AS_S16),
        ("pcm_s32le", (TONE.astype(np.float64) * 2147483647).astype("<i4").tobytes()),
        ("pcm_f16le", TONE.astype("<f2").tobytes()),
        ("pcm_f32le", TONE.astype("<f4").tobytes()),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 640, 100_000])
def test_samples_may_be_cut_anywhere(encoding, data, step):
    np.testing.assert_allclose(decode(RawDecoder(encoding, 16000), data, step), TONE, atol=1e-3)


@pytest.mark.parametrize(
    ("encoding", "codes", "values"),
    [
        ("pcm_mulaw", [0x00, 0x7F, 0x80, 0xFF], [-32124, 0, 32124, 0]),
        ("pcm_alaw", [0x2A, 0xAA, 0x55, 0xD5], [-32256, 32256, -8, 8]),
    ],
)
def test_telephone_codes_have_the_values_of_g711(encoding, codes, values):
    samples = RawDecoder(encoding, 16000).feed(bytes(codes))
    assert (samples * 32768).round().tolist() == values


def test_floats_that_are_no_samples_do_no_harm():
    data = np.array([np.nan, np.inf, -np.inf, 1e30, 0.25], "<f4").tobytes()
    assert RawDecoder("pcm_f32le", 16000).feed(data).tolist() == [0.0, 1.0, -1.0, 1.0, 0.25]


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000])
def test_every_rate_becomes_16_khz(rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    samples = decode(RawDecoder("pcm_f32le", rate), tone.astype("<f4").tobytes(), 1000)
    assert len(samples) == pytest.approx(16000, abs=2)
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)
    np.testing.assert_allclose(samples[800:15000], expected[800:15000], atol=0.01)


@pytest.mark.parametrize("step", [1, 7, 44, 100_000])
def test_a_wav_header_is_no_sound_and_wins_over_what_was_said(step):
    stereo = np.repeat((TONE * 32767).astype("<i2"), 2).tobytes()
    data = wav(stereo, channels=2, before=b"LIST" + struct.pack("<I", 4) + b"INFO")
    decoder = RawDecoder("pcm_mulaw", 8000)
    np.testing.assert_allclose(decode(decoder, data, step), TONE, atol=1e-3)
    assert (decoder.format.encoding, decoder.format.sample_rate) == ("pcm_s16le", 16000)


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ((1, 8), ((TONE * 127).round() + 128).astype(np.uint8).tobytes()),
        ((1, 24), b"".join(int(s * 8388607).to_bytes(3, "little", signed=True) for s in TONE)),
        ((1, 32), (TONE.astype(np.float64) * 2147483647).astype("<i4").tobytes()),
        ((3, 32), TONE.astype("<f4").tobytes()),
        ((3, 64), TONE.astype("<f8").tobytes()),
    ],
)
def test_every_pcm_format_of_wav_can_be_streamed(encoding, data):
    decoder = RawDecoder("pcm_s16le", 16000)
    np.testing.assert_allclose(decode(decoder, wav(data, encoding=encoding), 640), TONE, atol=0.01)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 100])
def test_no_sound_is_lost_to_a_wrong_length_in_the_header(size):
    samples = decode(RawDecoder("pcm_s16le", 16000), wav(AS_S16, size=size), 640)
    np.testing.assert_allclose(samples, TONE, atol=1e-3)


def test_what_follows_the_samples_is_no_sound_and_another_file_is():
    data = wav(AS_S16, after=b"LIST" + struct.pack("<I", 6) + b"INFOxy") + wav(AS_S16)
    samples = decode(RawDecoder("pcm_s16le", 16000), data, 640)
    np.testing.assert_allclose(samples, np.tile(TONE, 2), atol=1e-3)


def test_sound_that_begins_like_a_header_is_sound():
    data = b"RIFF" + bytes(range(60))
    assert len(decode(RawDecoder("pcm_mulaw", 16000), data, 1)) == 64


@given(data=st.binary(max_size=300), step=st.integers(1, 50), encoding=st.sampled_from(ENCODINGS))
@settings(max_examples=50)
def test_any_bytes_in_any_pieces_give_the_same_samples(data, step, encoding):
    whole = decode(RawDecoder(encoding, 16000), data, 1000)
    np.testing.assert_array_equal(decode(RawDecoder(encoding, 16000), data, step), whole)
    assert np.abs(whole).max(initial=0) <= 1.0


@pytest.mark.parametrize(
    ("encoding", "rate", "field"),
    [("mp3", 16000, "encoding"), ("pcm_s16le", 0, "sample_rate"), ("pcm_s16le", 1 << 30, "sample")],
)
def test_formats_that_cannot_be_are_refused_by_name(encoding, rate, field):
    with pytest.raises(AudioError, match=f"^{field}.*accepted: "):
        RawDecoder(encoding, rate)


@pytest.mark.parametrize(
    "data",
    [
        wav(AS_S16, encoding=(85, 16)),
        wav(AS_S16, channels=65535),
        wav(AS_S16, rate=0xFFFFFFFF),
        b"RIFF\0\0\0\0WAVEdata\0\0\0\0",
        b"RIFF\0\0\0\0WAVEjunk" + struct.pack("<I", 1 << 30) + bytes(1 << 21),
    ],
)
def test_headers_that_cannot_be_are_refused(data):
    with pytest.raises(AudioError):
        RawDecoder("pcm_s16le", 16000).feed(data)
