"""Recorded speech in another voice: the words, the times and the length of the clip."""

from __future__ import annotations

import io
import json
import re
import wave
from pathlib import Path

import jiwer
import numpy as np
import pytest

from cartesia import Cartesia
from cartesia.stt import TranscriptionResponse
from cartesia.voices import Voice
from cartesia_server.audio.decode import decode_upload
from cartesia_server.voices.features import SpeakerEncoder

CLIPS = ("ls-2414-128291-0006", "ls-1089-134691-0001")
GRACE = "694f9389-aac1-45b6-b726-9d9369183238"


def plain(text: str) -> str:
    return re.sub(r"[^a-z' ]", "", text.lower().replace("-", " "))


def heard(client: Cartesia, audio: bytes) -> TranscriptionResponse:
    return client.stt.transcribe(
        file=audio, model="ink-whisper", language="en", timestamp_granularities=["word"]
    )


def starts(said: TranscriptionResponse) -> list[tuple[str, float]]:
    return [(plain(word.word), word.start) for word in said.words or ()]


@pytest.fixture(scope="module")
def seconds(speech_dir: Path) -> dict[str, float]:
    lines = (speech_dir / "manifest.jsonl").read_text().splitlines()
    return {entry["id"]: entry["seconds"] for entry in map(json.loads, lines)}


def test_words_and_times_of_the_clip_are_kept_and_the_speaker_is_not(
    real_server: str, speech_dir: Path, seconds: dict[str, float]
) -> None:
    encoder = SpeakerEncoder()
    texts: list[tuple[str, str]] = []
    late: list[float] = []
    with Cartesia(base_url=real_server) as client:
        voice: Voice = client.voices.get(GRACE)
        for name in CLIPS:
            clip = (speech_dir / "audio" / f"{name}.flac").read_bytes()
            audio = b"".join(
                client.voice_changer.bytes(
                    clip=clip,
                    voice_id=voice.id,
                    output_format_container="wav",
                    output_format_encoding="pcm_s16le",
                    output_format_sample_rate=24000,
                )
            )
            with wave.open(io.BytesIO(audio)) as reader:
                assert reader.getnframes() / 24000 == pytest.approx(seconds[name], abs=0.05)
            before, after = heard(client, clip), heard(client, audio)
            texts.append((plain(before.text), plain(after.text)))
            pairs = zip(starts(before), starts(after), strict=False)
            late += [new[1] - old[1] for old, new in pairs if old[0] == new[0]]
            speakers = [
                encoder.features(decode_upload(sound, max_seconds=60.0)) for sound in (clip, audio)
            ]
            assert float(speakers[0].embedding @ speakers[1].embedding) < 0.8
    assert jiwer.wer([old for old, _ in texts], [new for _, new in texts]) <= 0.1
    assert len(late) > 15
    assert np.median(np.abs(late)) <= 0.06
    assert np.percentile(np.abs(late), 90) <= 0.2
