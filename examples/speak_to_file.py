"""Say a sentence into a file: ``python speak_to_file.py "Hello, world!" hello.mp3``."""

from __future__ import annotations

import sys

from cartesia import Cartesia

text = sys.argv[1] if len(sys.argv) > 1 else "Hello, world!"
path = sys.argv[2] if len(sys.argv) > 2 else "speech.mp3"

with Cartesia() as client:
    speech = client.tts.bytes(
        model_id="sonic-2",
        transcript=text,
        voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
        output_format={"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
    )
    speech.write_to_file(path)

print(f"wrote {path}")
