import av
import numpy as np
import pytest

from cartesia_server.audio.encode import bytes_per_sample, sample_encoder

RAMP = np.linspace(-1, 1, 65537).astype(np.float32)


def decoded_by_ffmpeg(data, codec):
    context = av.CodecContext.create(codec, "r")
    context.sample_rate = 8000
    context.layout = "mono"
    frames = context.decode(av.Packet(data))
    samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
    return samples if samples.dtype == np.float32 else samples.astype(np.float32) / 32768


@pytest.mark.parametrize(
    ("encoding", "error"),
    [("pcm_f32le", 0), ("pcm_s16le", 2**-15), ("pcm_mulaw", 0.02), ("pcm_alaw", 0.02)],
)
def test_another_decoder_reads_what_was_written(encoding, error):
    back = decoded_by_ffmpeg(sample_encoder(encoding)(RAMP), encoding)
    assert np.abs(back - RAMP).max() <= error


@pytest.mark.parametrize("encoding", ["pcm_mulaw", "pcm_alaw"])
def test_g711_codes_are_those_of_ffmpeg(encoding):
    """Where ffmpeg's encoder rounds a tie the other way, the decoded error must be as small."""
    samples = (np.arange(-32767, 32768, 3) / 32767).astype(np.float32)
    ours = np.frombuffer(sample_encoder(encoding)(samples), np.uint8)
    encoder = av.CodecContext.create(encoding, "w")
    encoder.sample_rate, encoder.layout, encoder.format = 8000, "mono", "s16"
    pcm = np.rint(samples * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
    frame.sample_rate = 8000
    theirs = np.frombuffer(b"".join(map(bytes, encoder.encode(frame))), np.uint8)
    assert np.mean(ours == theirs) > 0.98
    back = decoded_by_ffmpeg(ours.tobytes(), encoding)
    other = decoded_by_ffmpeg(theirs.tobytes(), encoding)
    assert np.abs(back - samples).max() <= np.abs(other - samples).max() + 2**-12


@pytest.mark.parametrize("encoding", ["pcm_mulaw", "pcm_alaw"])
def test_g711_keeps_silence_and_small_signals(encoding):
    encode = sample_encoder(encoding)
    assert np.abs(decoded_by_ffmpeg(encode(np.zeros(9, np.float32)), encoding)).max() < 3e-4
    quiet = np.sin(np.arange(800) / 5).astype(np.float32) * 0.01
    noise = decoded_by_ffmpeg(encode(quiet), encoding) - quiet
    assert np.sqrt(np.mean(noise**2)) < 0.01 * 0.05


@pytest.mark.parametrize("encoding", ["pcm_f32le", "pcm_s16le"])
def test_samples_beyond_full_scale_are_clipped_not_wrapped(encoding):
    loud = np.array([1.5, -1.5], np.float32)
    back = decoded_by_ffmpeg(sample_encoder(encoding)(loud), encoding)
    np.testing.assert_allclose(back, [1, -1], atol=2**-14)


def test_bytes_per_sample():
    sizes = {"pcm_f32le": 4, "pcm_s16le": 2, "pcm_mulaw": 1, "pcm_alaw": 1}
    assert {name: bytes_per_sample(name) for name in sizes} == sizes


def test_unknown_encoding_is_a_key_error():
    with pytest.raises(KeyError):
        sample_encoder("pcm_s24le")
