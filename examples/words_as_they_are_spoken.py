"""Stream speech over a WebSocket and show each word with its time, as captions would."""

from __future__ import annotations

from cartesia import Cartesia

SAMPLE_RATE = 24000

with Cartesia() as client:
    socket = client.tts.websocket()
    seconds = 0.0
    for output in socket.send(
        model_id="sonic-turbo",
        transcript="Audio and the times of its words arrive while the rest is still being made.",
        voice={"id": "a0e99841-438c-4a64-b679-ae501e7d6091"},
        output_format={"container": "raw", "encoding": "pcm_s16le", "sample_rate": SAMPLE_RATE},
        stream=True,
        add_timestamps=True,
    ):
        if output.audio is not None:
            seconds += len(output.audio) / 2 / SAMPLE_RATE
        if output.word_timestamps is not None:
            times = output.word_timestamps
            for word, start, end in zip(times.words, times.start, times.end, strict=True):
                print(f"{start:6.2f} to {end:5.2f}  {word}")
    socket.close()

print(f"{seconds:.2f} seconds of audio")
