"""Long recordings are cut where it is quiet, and nothing of them is lost."""

from __future__ import annotations

import array
import io
import itertools
import math
import wave

import pytest

from cartesia_cli import recordings
from cartesia_cli.recordings import cut_into_parts, open_recording

RATE = 8000


def tone(seconds: float, loudness: int = 10_000) -> bytes:
    samples = round(seconds * RATE)
    return array.array("h", (round(loudness * math.sin(i / 3)) for i in range(samples))).tobytes()


def wav(audio: bytes, *, channels: int = 1, width: int = 2) -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(RATE)
        writer.writeframes(audio)
    file.seek(0)
    return file


@pytest.fixture
def without_av(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "find_spec", lambda name: None)


def test_parts_are_cut_in_the_silence_and_add_up(without_av: None) -> None:
    audio = tone(50) + tone(1, loudness=0) + tone(29)
    recording = open_recording(wav(audio))
    assert recording is not None
    assert (recording.seconds, recording.rate) == (80.0, RATE)
    first, second = cut_into_parts(recording)
    assert 50 <= first.seconds <= 51
    assert (first.start, second.start) == (0.0, first.seconds)
    frames = []
    for part in (first, second):
        with wave.open(io.BytesIO(part.wav)) as reader:
            assert reader.getparams()[:3] == (1, 2, RATE)
            frames.append(reader.readframes(reader.getnframes()))
    assert b"".join(frames) == audio


def test_no_part_is_longer_than_a_minute(without_av: None) -> None:
    recording = open_recording(wav(tone(200)))
    assert recording is not None
    parts = list(cut_into_parts(recording))
    assert all(part.seconds <= 60 for part in parts)
    for earlier, later in itertools.pairwise(parts):
        assert later.start == pytest.approx(earlier.start + earlier.seconds)
    assert parts[-1].start + parts[-1].seconds == pytest.approx(200)


@pytest.mark.parametrize(
    "file",
    [io.BytesIO(b"ID3 no wave file"), io.BytesIO(b""), wav(b"\0" * 90, width=3)],
    ids=["another container", "empty", "24 bits"],
)
def test_what_cannot_be_read_is_left_to_the_server(without_av: None, file: io.BytesIO) -> None:
    assert open_recording(file) is None


def test_other_containers_are_read_with_av() -> None:
    av = pytest.importorskip("av")
    encoded = io.BytesIO()
    with av.open(encoded, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE)
        stream.layout = "stereo"
        frame = av.AudioFrame(format="s16", layout="stereo", samples=RATE)
        frame.sample_rate = RATE
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    encoded.seek(0)
    recording = open_recording(encoded)
    assert recording is not None
    (part,) = cut_into_parts(recording)
    assert recording.seconds == pytest.approx(1.0)
    assert part.seconds == pytest.approx(1.0, abs=0.01)


def test_a_broken_file_is_left_to_the_server() -> None:
    pytest.importorskip("av")
    assert open_recording(io.BytesIO(b"\0" * 5000)) is None
