"""Output formats by the names that 2.x gives them."""

from __future__ import annotations

import pytest

from cartesia.tts.utils.constants import DEFAULT_OUTPUT_FORMAT
from cartesia.tts.utils.tts import get_output_format
from cartesia.tts.utils.types import OutputFormatMapping


@pytest.mark.parametrize("encoding", ["pcm_f32le", "pcm_s16le"])
@pytest.mark.parametrize("sample_rate", [44100, 24000, 22050, 16000, 8000])
def test_pcm_is_there_at_every_rate(encoding: str, sample_rate: int) -> None:
    expected = {"container": "raw", "encoding": encoding, "sample_rate": sample_rate}
    assert OutputFormatMapping.get_format(f"raw_{encoding}_{sample_rate}") == expected


@pytest.mark.parametrize("encoding", ["pcm_mulaw", "pcm_alaw"])
def test_telephone_formats(encoding: str) -> None:
    assert get_output_format(f"raw_{encoding}_8000")["encoding"] == encoding


def test_the_default_exists() -> None:
    assert get_output_format(DEFAULT_OUTPUT_FORMAT)["sample_rate"] == 44100


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"Unsupported format: mp3_44100; .*raw_pcm_alaw_8000"):
        get_output_format("mp3_44100")
