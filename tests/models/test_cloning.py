"""A clip goes in over HTTP, and the voice that comes of it speaks like whoever it was."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from cartesia import Cartesia
from cartesia.core.api_error import ApiError
from cartesia.tts import OutputFormat_WavParams
from cartesia_server.audio.decode import decode_upload
from cartesia_server.voices.features import SpeakerEncoder
from tests.models.conftest import SPOKEN

MODEL = "sonic-2"
WAV: OutputFormat_WavParams = {
    "container": "wav",
    "encoding": "pcm_s16le",
    "sample_rate": 24000,
}
GRACE = "694f9389-aac1-45b6-b726-9d9369183238"


def test_a_cloned_voice_is_stored_and_speaks_like_its_clip(
    real_server: str, speech_dir: Path
) -> None:
    clip = speech_dir / "audio" / "ls-3005-163389-0003.flac"  # 12 s of a man
    encoder = SpeakerEncoder()
    person = encoder.features(decode_upload(clip, max_seconds=60.0))
    with Cartesia(base_url=real_server) as client:
        cloned = client.voices.clone(clip=clip, name="Clone", language="en", mode="similarity")
        try:
            alike = {
                voice: encoder.features(decode_upload(speech(client, voice), max_seconds=60.0))
                for voice in (cloned.id, GRACE)
            }
            assert client.voices.get(cloned.id).name == "Clone"
        finally:
            client.voices.delete(cloned.id)
    near, far = (float(heard.embedding @ person.embedding) for heard in alike.values())
    assert near > far + 0.1


@pytest.mark.parametrize("overtones", [1, 30])
def test_a_tone_is_nobody(real_server: str, overtones: int) -> None:
    moments = np.arange(5 * 16000) / 16000
    tones = np.arange(1, overtones + 1)[:, None]
    tone = (np.sin(2 * np.pi * 200 * tones * moments) / tones).sum(0) * 0.2
    with Cartesia(base_url=real_server) as client:
        clip = wav_file(tone)
        with pytest.raises(ApiError, match=r"clip: got 0\.0 s of speech, accepted: at least 1 s"):
            client.voices.clone(clip=clip, name="Tone", language="en", mode="similarity")


def wav_file(samples: np.ndarray) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 16000, 0, "NONE", ""))
        writer.writeframes((samples * 32767).astype("<i2").tobytes())
    return file.getvalue()


def speech(client: Cartesia, voice: str) -> bytes:
    return b"".join(
        client.tts.bytes(
            model_id=MODEL, transcript=SPOKEN, voice={"mode": "id", "id": voice}, output_format=WAV
        )
    )
