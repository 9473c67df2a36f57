"""Uploads of any container, and of none."""

import io
import tracemalloc

import av
import numpy as np
import pytest

from cartesia_server.audio.decode import decode_upload, decoding
from cartesia_server.audio.errors import AudioError
from cartesia_server.engines.base import Cancelled, CancelToken

RATE = 48000
SECONDS = 1.0


def tone(rate=RATE):
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * SECONDS)) / rate)).astype("f4")


def encoded(container, codec, other=1.0):
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.stack((tone(), other * tone())), format="fltp", layout="stereo"
        )
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            output.mux(packet)
    return file.getvalue()


CONTAINERS = [
    ("wav", "pcm_s16le"),
    ("flac", "flac"),
    ("mp3", "mp3"),
    ("ogg", "libopus"),
    ("webm", "libopus"),
    ("mp4", "aac"),
    ("adts", "aac"),
    ("aiff", "pcm_s16be"),
    ("mpegts", "mp2"),
]


@pytest.mark.parametrize(("container", "codec"), CONTAINERS)
def test_a_container_is_recognised_whatever_the_query_says(container, codec):
    data = encoded(container, codec)
    samples = decode_upload(data, encoding="pcm_s16le", sample_rate=8000, max_seconds=10)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(16000, abs=1200)
    # Both channels say the same: mixing them makes it neither louder nor softer.
    assert np.abs(samples[4000:12000]).max() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_array_equal(decode_upload(data, max_seconds=10), samples)


def test_headerless_audio_is_what_the_query_says():
    data = (tone(8000) * 32767).astype("<i2").tobytes()
    samples = decode_upload(data, encoding="pcm_s16le", sample_rate=8000, max_seconds=10)
    assert len(samples) == pytest.approx(16000, abs=2)


def test_a_path_and_an_open_file_will_do(tmp_path):
    path = tmp_path / "tone.flac"
    path.write_bytes(encoded("flac", "flac"))
    samples = decode_upload(path, max_seconds=10)
    with path.open("rb") as file:
        np.testing.assert_array_equal(decode_upload(file, max_seconds=10), samples)


@pytest.mark.parametrize("data", [encoded("flac", "flac"), bytes(32000)])
def test_too_much_audio_is_refused_while_decoding(data):
    with pytest.raises(AudioError, match=r"^file: is longer than 0\.5 s; accepted: at most"):
        decode_upload(data, encoding="pcm_s16le", sample_rate=16000, max_seconds=0.5)


@pytest.mark.parametrize(("container", "codec"), [("wav", "pcm_s16le"), ("mp3", "mp3")])
def test_channels_that_cancel_each_other_are_heard(container, codec):
    samples = decode_upload(encoded(container, codec, other=-1.0), max_seconds=10)
    assert np.abs(samples[4000:12000]).max() == pytest.approx(0.5, abs=0.05)


def test_one_silent_channel_counts_as_a_channel():
    samples = decode_upload(encoded("wav", "pcm_s16le", other=0.0), max_seconds=10)
    assert np.abs(samples[4000:12000]).max() == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(("seconds", "turns"), [(20, 0), (95, 3)])
def test_others_get_a_turn_after_every_half_minute(seconds, turns):
    steps = decoding(
        bytes(2 * 4000 * seconds), encoding="pcm_s16le", sample_rate=4000, max_seconds=100
    )
    taken = 0
    with pytest.raises(StopIteration) as end:
        while True:
            next(steps)
            taken += 1
    assert taken == turns
    assert len(end.value.value) == 16000 * seconds


def test_decoding_can_be_cancelled():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        decode_upload(encoded("flac", "flac"), max_seconds=10, cancel=cancel)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"encoding": "mp3"}, "encoding"),
        ({"sample_rate": -1}, "sample_rate"),
        ({"encoding": "pcm_s16le"}, "sample_rate"),
    ],
)
def test_a_description_that_cannot_be_is_refused_by_name(options, field):
    with pytest.raises(AudioError) as caught:
        decode_upload(bytes(1000), max_seconds=10, **options)
    assert caught.value.field == field
    assert caught.value.accepted


def test_a_long_recording_takes_little_more_memory_than_its_samples():
    upload = io.BytesIO(np.zeros(16000 * 300, "<i2").tobytes())
    tracemalloc.start()
    try:
        samples = decode_upload(
            upload, encoding="pcm_s16le", sample_rate=16000, max_seconds=600, cancel=None
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(samples) == 16000 * 300
    assert peak <= 1.4 * samples.nbytes
