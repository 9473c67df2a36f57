"""Speech between two files: what is sent, and how all is joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cartesia.core.api_error import ApiResponseError, InvalidArgumentError
from cartesia.helpers.wav import wav_header
from cartesia.tts import OutputFormat_Mp3, OutputFormat_Wav
from tests.unit.cartesia.conftest import Server, form_of

RAW = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000}

MP3 = OutputFormat_Mp3(sample_rate=44100, bit_rate=128000)


def wav(samples: bytes, sample_rate: int = 8000, encoding: str = "pcm_s16le") -> bytes:
    header = wav_header(encoding=encoding, sample_rate=sample_rate, data_bytes=len(samples))
    return header + samples


INFILL: dict[str, Any] = {
    "model_id": "m",
    "language": "en",
    "transcript": "and",
    "voice": {"id": "v", "experimental_controls": {"speed": "slow"}},
    "output_format": OutputFormat_Wav(encoding="pcm_s16le", sample_rate=8000),
}


@pytest.mark.parametrize("sides", ["left", "right", "left right"])
def test_infill_joins_files_and_speech(
    client: Any, server: Server, tmp_path: Path, sides: str
) -> None:
    paths = {side: tmp_path / f"{side}.wav" for side in sides.split()}
    for side, path in paths.items():
        path.write_bytes(wav(side[:2].encode()))
    server.answers = [wav(b"mmmm")]
    audio, whole = client.tts.infill(
        **INFILL, **{f"{side}_audio_path": str(path) for side, path in paths.items()}
    )
    assert audio == wav(b"mmmm")
    expected = [b"le" if "left" in sides else b"", b"mmmm", b"ri" if "right" in sides else b""]
    assert whole == wav(b"".join(expected))
    (request,) = server.requests
    assert request.url.path == "/api/infill/bytes"
    assert form_of(request) == [
        ("model_id", b"m"),
        ("language", b"en"),
        ("transcript", b"and"),
        ("voice_id", b"v"),
        ("output_format[container]", b"wav"),
        ("output_format[sample_rate]", b"8000"),
        ("output_format[encoding]", b"pcm_s16le"),
        ("voice[__experimental_controls][speed]", b"slow"),
        *((f"{side}_audio", path.read_bytes()) for side, path in paths.items()),
    ]
    assert all(f'filename="{side}.wav"'.encode() in request.content for side in paths)


def test_infill_joins_mp3_too(client: Any, server: Server, tmp_path: Path) -> None:
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    (tmp_path / "left.mp3").write_bytes(frame)
    server.answers = [frame * 2]
    audio, whole = client.tts.infill(
        **{**INFILL, "output_format": MP3}, left_audio_path=str(tmp_path / "left.mp3")
    )
    assert (audio, whole) == (frame * 2, frame * 3)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"left_audio_path": None}, "left_audio_path, right_audio_path: got neither"),
        ({"voice": {"mode": "embedding", "embedding": [1.0]}}, "voice: got mode 'embedding'"),
        ({"voice": {"embedding": [1.0]}}, "voice: got mode 'embedding'"),
        ({"voice": {"mode": "id", "id": ""}}, "voice: got mode 'id'"),
        ({"output_format": RAW}, r"output_format\.container: got 'raw'"),
        ({"output_format": {**RAW, "container": "wav", "encoding": "pcm_alaw"}}, "different form"),
        ({"output_format": MP3}, "left: expected an MP3 file"),
        ({"output_format": "wav"}, "output_format: got 'wav'; accepted is a dictionary"),
        ({"voice": "v"}, "voice: got 'v'; accepted is a dictionary"),
    ],
)
def test_infill_refuses_what_cannot_work_before_anything_is_made(
    client: Any, server: Server, tmp_path: Path, changes: dict[str, Any], text: str
) -> None:
    path = tmp_path / "left.wav"
    path.write_bytes(wav(b"left"))
    with pytest.raises(InvalidArgumentError, match=text):
        client.tts.infill(**{**INFILL, "left_audio_path": str(path), **changes})
    assert server.requests == []


@pytest.mark.parametrize("missing", ["encoding", "sample_rate"])
def test_infill_leaves_a_strange_format_to_the_server(
    client: Any, server: Server, tmp_path: Path, missing: str
) -> None:
    path = tmp_path / "left.wav"
    path.write_bytes(wav(b"left"))
    form = {**RAW, "container": "wav"}
    del form[missing]
    server.answers = [wav(b"mmmm")]
    client.tts.infill(**{**INFILL, "output_format": form}, left_audio_path=str(path))
    assert len(server.requests) == 1


def test_infill_says_so_when_the_server_answers_in_another_format(
    client: Any, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "left.wav"
    path.write_bytes(wav(b"left"))
    server.answers = [b"no sound"]
    with pytest.raises(ApiResponseError, match=r"cannot be joined: infill: expected a WAV file"):
        client.tts.infill(**INFILL, left_audio_path=str(path))
