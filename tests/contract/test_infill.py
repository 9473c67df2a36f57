"""Speech between two recordings, over HTTP and by both surfaces of the SDK."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from cartesia.core.api_error import ApiError
from tests.contract.conftest import VOICE
from tests.contract.scripted import WORD_SECONDS
from tests.faults.surfaces import Runner, Surface

RATE = 24000
SAID = "one two three"
JOINT = 0.15  # seconds of silence on either side, where the recordings bring none
HOW: dict[str, Any] = {
    "model_id": "sonic-2",
    "language": "en",
    "transcript": SAID,
    "voice_id": VOICE,
    "output_format_container": "raw",
    "output_format_encoding": "pcm_f32le",
    "output_format_sample_rate": RATE,
}
FORM = {
    "model_id": "sonic-2",
    "language": "en",
    "transcript": SAID,
    "voice_id": VOICE,
    "output_format[container]": "raw",
    "output_format[encoding]": "pcm_f32le",
    "output_format[sample_rate]": str(RATE),
}


@pytest.fixture(params=["sync", "async"])
def surface(request: pytest.FixtureRequest) -> Iterator[Surface]:
    surface = Surface(None if request.param == "sync" else Runner())
    yield surface
    surface.close()


def recording(level: float, *, before: float = 0.0, after: float = 0.0, rate: int = RATE) -> bytes:
    """A second of sound as a WAV file, silence around it; silence alone at level 0."""
    lengths = (round(before * rate), rate, round(after * rate))
    parts = [np.full(length, value) for length, value in zip(lengths, (0, level, 0), strict=True)]
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        writer.writeframes((np.concatenate(parts) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def infilled(http: httpx.Client, files: dict[str, bytes], **changes: Any) -> httpx.Response:
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    uploads = {name: ("upload", data) for name, data in files.items()}
    return http.post("/infill/bytes", data=form, files=uploads)


def samples(audio: bytes) -> Any:
    return np.frombuffer(audio, "<f4")


def around(audio: Any) -> tuple[float, float]:
    """Seconds of silence before and after the sound."""
    heard = np.flatnonzero(np.abs(audio) > 1e-4)
    return heard[0] / RATE, (len(audio) - 1 - heard[-1]) / RATE


@pytest.mark.parametrize("sides", [["left_audio"], ["right_audio"], ["left_audio", "right_audio"]])
def test_only_what_goes_in_between_comes_as_loud_as_its_neighbours(surface, server, sides):
    files = {
        side: recording(0.1) if side in sides else None for side in ("left_audio", "right_audio")
    }
    audio = samples(b"".join(surface.client(server).infill.bytes(**files, **HOW)))
    silences = JOINT * len(sides)
    assert len(audio) / RATE == pytest.approx(3 * WORD_SECONDS + silences, abs=0.01)
    assert np.median(np.abs(audio[audio != 0])) == pytest.approx(0.1, rel=0.02)


def test_between_a_loud_and_a_soft_one_it_is_in_the_middle(http):
    files = {"left_audio": recording(0.4), "right_audio": recording(0.1)}
    audio = samples(infilled(http, files).content)
    assert np.median(np.abs(audio[audio != 0])) == pytest.approx(0.2, rel=0.02)


def test_silence_in_a_neighbour_does_not_count_for_its_level(http):
    files = {"left_audio": recording(0.1, before=9.0)}
    audio = samples(infilled(http, files).content)
    assert np.median(np.abs(audio[audio != 0])) == pytest.approx(0.1, rel=0.02)


def test_a_pause_that_a_neighbour_brings_is_not_made_longer(http):
    files = {"left_audio": recording(0.1, after=0.5), "right_audio": recording(0.1)}
    before, after = around(samples(infilled(http, files).content))
    assert before < 0.005
    assert after == pytest.approx(JOINT, abs=0.005)


def test_a_sentence_ends_in_a_longer_pause(http):
    files = {"right_audio": recording(0.1)}
    audio = samples(infilled(http, files, transcript="one two three.").content)
    assert around(audio)[1] == pytest.approx(0.35, abs=0.005)


def test_borders_do_not_click(http):
    files = {"left_audio": recording(0.1, after=1.0), "right_audio": recording(0.1, before=1.0)}
    audio = samples(infilled(http, files).content)
    assert max(abs(audio[0]), abs(audio[-1])) < 0.002
    assert np.abs(np.diff(audio)).max() < 0.002


def test_neighbours_without_speech_change_nothing(http):
    audio = samples(infilled(http, {"left_audio": recording(0.0)}).content)
    assert np.median(np.abs(audio)) == pytest.approx(0.25, rel=0.02)


def test_long_text_is_sent_while_it_is_made(http, engine):
    files = {"left_audio": recording(0.1), "right_audio": recording(0.1)}
    words = "one two three four five. " * 20
    audio = samples(infilled(http, files, transcript=words).content)
    assert len(audio) / RATE == pytest.approx(100 * WORD_SECONDS + JOINT + 0.35, abs=0.01)
    assert np.median(np.abs(audio)) == pytest.approx(0.1, rel=0.02)
    assert len(engine.said) == 100


def test_speed_is_honoured(http):
    speed = {"voice[__experimental_controls][speed]": "fastest"}
    audio = samples(infilled(http, {"left_audio": recording(0.1, after=1.0)}, **speed).content)
    assert len(audio) / RATE == pytest.approx(3 * WORD_SECONDS / 1.5, abs=0.01)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transcript": None}, "transcript: got nothing"),
        ({"transcript": "..."}, "transcript empty or contains only punctuation"),
        ({"model_id": None}, "model_id: got nothing"),
        ({"model_id": "sonnet"}, "model_id: got 'sonnet'"),
        ({"voice_id": None}, "voice_id: got nothing"),
        ({"voice_id": "nobody"}, "voice_id: got 'nobody'"),
        ({"language": "xx"}, "language: got 'xx', accepted: en-US, en-GB, es"),
        ({"output_format[container]": None}, "output_format[container]: got nothing"),
        ({"output_format[sample_rate]": "x"}, "output_format[sample_rate]: got 'x'"),
        (
            {"voice[__experimental_controls][speed]": "warp"},
            "voice[__experimental_controls][speed]: got 'warp', accepted: slowest",
        ),
    ],
)
def test_a_bad_field_is_refused_by_the_name_it_has_in_the_form(http, changes, message):
    answer = infilled(http, {"left_audio": recording(0.1)}, **changes)
    assert answer.status_code == 400
    assert message in answer.text


def test_a_bad_recording_is_refused_by_its_name(http):
    answer = infilled(http, {"left_audio": recording(0.1), "right_audio": b"not audio"})
    assert answer.status_code == 400
    assert "right_audio: is no audio file" in answer.text
    answer = infilled(http, {})
    assert answer.status_code == 400
    assert "left_audio, right_audio: got nothing, accepted: one or both" in answer.text


# --- tts.infill -----------------------------------------------------------------------------------


@pytest.mark.parametrize("container", ["wav", "mp3"])
def test_the_helper_gives_the_infill_and_all_joined(surface, server, tmp_path: Path, container):
    client = surface.client(server)
    form = {"container": container, "sample_rate": RATE}
    form |= {"encoding": "pcm_s16le"} if container == "wav" else {"bit_rate": 128000}
    paths = {}
    for side in ("left_audio_path", "right_audio_path"):
        spoken = client.tts.bytes(
            model_id="sonic-2", transcript=SAID, voice={"id": VOICE}, output_format=form
        )
        paths[side] = tmp_path / f"{side}.{container}"
        paths[side].write_bytes(b"".join(spoken))
    infill, joined = client.tts.infill(
        model_id="sonic-2",
        language="en",
        transcript=SAID,
        voice={"id": VOICE},
        output_format=form,
        **{side: str(path) for side, path in paths.items()},
    )
    assert len(joined) > len(infill) > 0
    if container == "wav":
        lengths = [frames(data) for data in (paths["left_audio_path"].read_bytes(), infill, joined)]
        assert lengths[2] == 2 * lengths[0] + lengths[1]


def test_a_refusal_is_an_api_error(surface, server):
    with pytest.raises(ApiError, match="voice_id: got 'nobody'"):
        b"".join(
            surface.client(server).infill.bytes(
                left_audio=recording(0.1), right_audio=None, **{**HOW, "voice_id": "nobody"}
            )
        )


def frames(data: bytes) -> int:
    with wave.open(io.BytesIO(data)) as reader:
        return int(reader.getnframes())
