"""Recorded speech in another voice: the words, the times and the length of the clip."""

from __future__ import annotations

import re
from pathlib import Path

import jiwer
import numpy as np

from cartesia import Cartesia
from cartesia.stt import TranscriptionResponse, TranscriptionWord
from cartesia_server.audio.decode import decode_upload
from cartesia_server.voices.features import SAMPLE_RATE, SpeakerEncoder

CLIP = "ls-1089-134691-0001"
GRACE = "694f9389-aac1-45b6-b726-9d9369183238"


def plain(text: str) -> str:
    return re.sub(r"[^a-z' ]", "", text.lower().replace("-", " "))


def heard(client: Cartesia, audio: bytes) -> TranscriptionResponse:
    return client.stt.transcribe(
        file=audio, model="ink-whisper", language="en", timestamp_granularities=["word"]
    )


def words(said: TranscriptionResponse) -> list[TranscriptionWord]:
    return said.words or []


def test_words_and_times_of_the_clip_are_kept_and_the_speaker_is_not(
    real_server: str, speech_dir: Path
) -> None:
    clip = (speech_dir / "audio" / f"{CLIP}.flac").read_bytes()
    with Cartesia(base_url=real_server, timeout=300) as client:
        audio = b"".join(
            client.voice_changer.bytes(
                clip=clip,
                voice_id=GRACE,
                output_format_container="wav",
                output_format_encoding="pcm_s16le",
                output_format_sample_rate=24000,
            )
        )
        before, after = heard(client, clip), heard(client, audio)
    recording, spoken = (decode_upload(sound, max_seconds=60.0) for sound in (clip, audio))
    assert abs(len(spoken) - len(recording)) <= 0.05 * SAMPLE_RATE
    assert jiwer.wer(plain(before.text), plain(after.text)) <= 0.1
    pairs = list(zip(words(before), words(after), strict=False))
    late = [new.start - old.start for old, new in pairs if plain(old.word) == plain(new.word)]
    assert len(late) > 12
    assert np.median(np.abs(late)) <= 0.06
    assert np.percentile(np.abs(late), 90) <= 0.2
    encoder = SpeakerEncoder()
    speakers = [encoder.features(samples).embedding for samples in (recording, spoken)]
    assert float(speakers[0] @ speakers[1]) < 0.8
