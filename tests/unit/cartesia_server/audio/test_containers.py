"""Everything written is read back by PyAV, and wav also by the standard library."""

import io
import struct
import wave

import av
import numpy as np
import pytest

from cartesia_server.audio.containers import audio_writer
from cartesia_server.audio.formats import BIT_RATES, ENCODINGS, SAMPLE_RATES, AudioFormat

SECONDS = 1.2345


def written(form, samples, *, length_known):
    writer = audio_writer(form)
    pieces = np.array_split(samples, 7)
    return b"".join(
        [
            writer.start(len(samples) if length_known else None),
            *(writer.write(piece) for piece in pieces),
            writer.finish(),
        ]
    )


def tone(rate):
    """A tone that begins and ends at full level, so that a lost ending shows."""
    time = np.arange(int(SECONDS * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def read(data, **options):
    with av.open(io.BytesIO(data), **options) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].rate
    samples = np.concatenate(frames, axis=1)[0]
    scale = 1 if samples.dtype == np.float32 else 32768
    return samples.astype(np.float32) / scale, rate


@pytest.mark.parametrize("length_known", [True, False])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_wav_is_read_back_whole(rate, encoding, length_known):
    samples = tone(rate)
    form = AudioFormat("wav", rate, encoding)
    back, back_rate = read(written(form, samples, length_known=length_known))
    assert back_rate == rate
    assert len(back) == len(samples)
    assert np.abs(back - samples).max() < 0.02


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_wav_of_known_length_has_true_sizes(encoding):
    data = written(AudioFormat("wav", 8000, encoding), tone(8000), length_known=True)
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    at = data.index(b"data")
    size = struct.unpack_from("<I", data, at + 4)[0]
    assert at + 8 + size + size % 2 == len(data)


def test_streamed_wav_is_read_to_its_end_by_the_standard_library():
    samples = tone(16000)
    data = written(AudioFormat("wav", 16000, "pcm_s16le"), samples, length_known=False)
    with wave.open(io.BytesIO(data)) as reader:
        assert reader.getframerate() == 16000
        assert len(reader.readframes(10**6)) == 2 * len(samples)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_raw_has_no_header(encoding):
    samples = tone(8000)
    data = written(AudioFormat("raw", 8000, encoding), samples, length_known=True)
    width = {"pcm_f32le": 4, "pcm_s16le": 2}.get(encoding, 1)
    assert len(data) == width * len(samples)


@pytest.mark.parametrize("bit_rate", BIT_RATES)
@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_mp3_of_known_length_is_exact_and_in_time(rate, bit_rate):
    samples = tone(rate)
    form = AudioFormat("mp3", rate, bit_rate=bit_rate)
    back, back_rate = read(written(form, samples, length_known=True))
    assert back_rate == rate
    assert len(back) == len(samples)
    middle = slice(rate // 4, -rate // 4)
    assert np.corrcoef(back[middle], samples[middle])[0, 1] > 0.99
    assert np.abs(back[-rate // 50 :]).max() > 0.3


@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_mp3_of_unknown_length_is_exact_to_its_frame(rate):
    samples = tone(rate)
    form = AudioFormat("mp3", rate, bit_rate=64000)
    back, _ = read(written(form, samples, length_known=False))
    frame = 1152 if rate > 24000 else 576
    assert 0 <= len(back) - len(samples) < frame
    middle = slice(rate // 4, len(samples) - rate // 4)
    assert np.corrcoef(back[middle], samples[middle])[0, 1] > 0.99


def test_mp3_streams():
    """Audio leaves while it is made; not all of it at the end."""
    writer = audio_writer(AudioFormat("mp3", 24000, bit_rate=64000))
    writer.start(None)
    sizes = [len(writer.write(tone(24000)[:4800])) for _ in range(5)]
    assert min(sizes[1:]) > 0


@pytest.mark.parametrize("container", ["raw", "mp3"])
def test_nothing_written_is_nothing(container):
    assert written(AudioFormat(container, 8000), np.zeros(0, np.float32), length_known=True) == b""


def test_empty_wav_is_a_header():
    data = written(AudioFormat("wav", 8000), np.zeros(0, np.float32), length_known=True)
    with wave.open(io.BytesIO(data)) as reader:
        assert reader.getnframes() == 0
