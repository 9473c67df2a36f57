import io

import av
import numpy as np
import pytest

from cartesia_server.audio.containers import audio_writer
from cartesia_server.audio.formats import AudioFormat

RATE = 24000
SECONDS = 1.7


def chirp():
    """A tone that rises from 200 Hz, so that it fits itself in one place only."""
    time = np.arange(round(RATE * SECONDS)) / RATE
    return (0.3 * np.sin(2 * np.pi * (200 * time + 300 * time**2))).astype(np.float32)


def written(container, samples, piece=1237):
    writer = audio_writer(AudioFormat(container, RATE, bit_rate=96000))
    parts = [writer.start(None)]
    parts += [writer.write(samples[i : i + piece]) for i in range(0, len(samples), piece)]
    return [*parts, writer.finish()]


def decoded(file):
    """What another tool makes of it, at `RATE`."""
    with av.open(io.BytesIO(file)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [*container.decode(audio=0), None]
        parts = [out.to_ndarray()[0] for frame in frames for out in resampler.resample(frame)]
    return np.concatenate(parts)


@pytest.mark.parametrize(("container", "magic"), [("opus", b"OggS"), ("flac", b"fLaC")])
def test_samples_come_back_in_their_place_and_number(container, magic):
    samples = chirp()
    file = b"".join(written(container, samples))
    heard = decoded(file)
    assert file.startswith(magic)
    assert len(heard) == pytest.approx(len(samples), abs=2)
    middle = slice(RATE // 2, RATE)
    assert np.corrcoef(samples[middle], heard[middle])[0, 1] > 0.99


def test_flac_loses_nothing_but_bits():
    samples = chirp()
    heard = decoded(b"".join(written("flac", samples)))
    np.testing.assert_allclose(heard, samples, atol=1 / 32767)


def test_aac_has_all_of_it_after_the_silence_of_its_encoder():
    samples = chirp()
    file = b"".join(written("aac", samples))
    assert file[0] == 0xFF
    assert file[1] & 0xF0 == 0xF0
    heard = decoded(file)
    assert len(samples) + 1024 <= len(heard) < len(samples) + 3 * 1024
    delayed = heard[1024 : 1024 + len(samples)]
    assert np.corrcoef(samples, delayed)[0, 1] > 0.99


@pytest.mark.parametrize("container", ["opus", "aac", "flac"])
def test_bytes_leave_while_samples_come(container):
    parts = written(container, chirp())
    before_the_end = len(b"".join(parts[:-1]))
    assert before_the_end > 0.8 * len(b"".join(parts))
    assert len(b"".join(parts[: len(parts) // 2])) > 0.3 * before_the_end


@pytest.mark.parametrize("container", ["opus", "aac", "flac"])
def test_no_samples_are_no_fault(container):
    assert len(b"".join(written(container, chirp()[:0]))) < 1000


@pytest.mark.parametrize("container", ["opus", "flac"])
def test_loud_samples_are_clipped(container):
    heard = decoded(b"".join(written(container, 8 * chirp())))
    assert np.abs(heard).max() <= 1.2
