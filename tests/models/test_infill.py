"""Speech between two recordings of a person: the words asked for, as loud as its neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cartesia import Cartesia
from cartesia_server.audio.decode import decode_upload
from cartesia_server.delivery.level import speech_power
from cartesia_server.engines.silero import Silero
from cartesia_server.engines.weights import resolve

SAID = "and nobody had asked him why"
LEFT, RIGHT = "ls-1089-134691-0001", "ls-2414-128291-0006"


def test_words_are_those_asked_for_at_the_level_of_the_neighbours(
    real_server: str, speech_dir: Path
) -> None:
    sides = [(speech_dir / "audio" / f"{name}.flac").read_bytes() for name in (LEFT, RIGHT)]
    with Cartesia(base_url=real_server) as client:
        audio = b"".join(
            client.infill.bytes(
                left_audio=sides[0],
                right_audio=sides[1],
                model_id="sonic-2",
                language="en",
                transcript=SAID,
                voice_id="a0e99841-438c-4a64-b679-ae501e7d6091",
                output_format_container="wav",
                output_format_encoding="pcm_s16le",
                output_format_sample_rate=16000,
            )
        )
        heard = client.stt.transcribe(file=audio, model="ink-whisper", language="en")
    assert heard.text.lower().strip(" .") == SAID
    silero = Silero(resolve("silero-vad", None))
    left, infill, right = (
        speech_power(decode_upload(sound, max_seconds=60.0), silero.stream())
        for sound in (sides[0], audio, sides[1])
    )
    assert left
    assert infill
    assert right
    assert abs(10 * np.log10(infill / np.sqrt(left * right))) <= 1.5
