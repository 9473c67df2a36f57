"""Make subtitles for a recording: ``python subtitle_a_recording.py talk.mp4 > talk.srt``."""

from __future__ import annotations

import sys
from pathlib import Path

from cartesia import Cartesia
from cartesia.helpers.subtitles import to_srt

path = Path(sys.argv[1] if len(sys.argv) > 1 else "hello.wav")

with Cartesia(timeout=600) as client, path.open("rb") as recording:
    heard = client.stt.transcribe(
        file=recording,
        model="ink-whisper",
        language="en",
        timestamp_granularities=["word"],
    )

print(to_srt(heard, max_chars=38), end="")
