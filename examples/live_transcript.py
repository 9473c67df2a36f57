"""Transcribe audio while it is being recorded: sending and reading at the same time.

A file stands in for the microphone: ``python live_transcript.py hello.wav``. Any WAV file of 16-bit
mono samples will do.
"""

from __future__ import annotations

import asyncio
import sys
import wave
from collections.abc import AsyncIterator

from cartesia import AsyncCartesia

PIECE_SECONDS = 0.1


async def microphone(recording: wave.Wave_read) -> AsyncIterator[bytes]:
    """Give out a recording at the speed of speech."""
    while audio := recording.readframes(round(recording.getframerate() * PIECE_SECONDS)):
        yield audio
        await asyncio.sleep(PIECE_SECONDS)


async def main(path: str) -> None:
    with wave.open(path) as recording:
        async with AsyncCartesia() as client:
            socket = await client.stt.websocket(
                model="ink-whisper",
                language="en",
                encoding="pcm_s16le",
                sample_rate=recording.getframerate(),
                max_silence_duration_secs=0.5,
            )

            async def send() -> None:
                async for audio in microphone(recording):
                    await socket.send(audio)
                await socket.send("finalize")
                await socket.send("done")

            sending = asyncio.create_task(send())
            async for result in socket.receive():
                if result["type"] == "transcript":
                    print("final " if result["is_final"] else "so far", result["text"])
            await sending
            await socket.close()


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "hello.wav"))
