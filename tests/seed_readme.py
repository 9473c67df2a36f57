"""The original library's README: its examples, and the only changes that tests make to them.

It is read from the folder that `CARTESIA_TEST_SEED` names, by default ``../shared/seed``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.markdown import CodeBlock, code_blocks

README = (
    Path(os.environ.get("CARTESIA_TEST_SEED", REPOSITORY.parent / "shared" / "seed"))
    / "cartesia-python-readme.md"
)

ARGUMENTS = """
    model_id="sonic-2",
    transcript="Hello, world!",
    voice={"mode": "id", "id": "694f9389-aac1-45b6-b726-9d9369183238"},
    output_format={"container": "wav", "sample_rate": 44100, "encoding": "pcm_f32le"},
"""

# What makes the examples complete: audio paths, PyAudio to a file, ``...`` to real arguments,
# placeholder ids to built-in ones, and ``proxies=``, which httpx has renamed, to ``proxy=``.
# (heading or None for all, what stands there, what it becomes)
SUBSTITUTIONS: tuple[tuple[str | None, str, str], ...] = (
    (None, "path/to/audio.wav", "recording.wav"),
    (None, "path/to/voice.wav", "recording.wav"),
    ("WebSockets", "import pyaudio\n", ""),
    ("WebSockets", "p = pyaudio.PyAudio()\n", ""),
    ("WebSockets", "stream = None\n", 'stream = open("played.raw", "wb")\n'),
    (
        "WebSockets",
        (
            "    if not stream:\n"
            "        stream = p.open(format=pyaudio.paFloat32, channels=1, "
            "rate=rate, output=True)\n"
        ),
        "",
    ),
    ("WebSockets", "stream.stop_stream()\n", ""),
    ("WebSockets", "p.terminate()\n", ""),
    ("Exception Handling", "bytes(...)", f"bytes({ARGUMENTS.replace('sonic-2', 'sonic-none')})"),
    ("Retries", "...,", ARGUMENTS),
    ("Timeouts", "    ...,\n    timeout", '    api_key="any",\n    timeout'),
    ("Timeouts", "...,", ARGUMENTS),
    ("Custom Client", "    ...,\n", '    api_key="any",\n'),
    ("Custom Client", "proxies=", "proxy="),
    ("Mixing voices and creating from embeddings", "[...]", "[0.1] * 192"),
    (
        "Mixing voices and creating from embeddings",
        "voice_id_1",
        "694f9389-aac1-45b6-b726-9d9369183238",
    ),
    (
        "Mixing voices and creating from embeddings",
        "voice_id_2",
        "a0e99841-438c-4a64-b679-ae501e7d6091",
    ),
)

STREAMED_STT = "Async Streaming Speech-to-Text (STT) with Websockets"

# What strict type checkers want of functions and empty lists, and the README leaves out.
ANNOTATIONS: tuple[tuple[str, str, str], ...] = (
    ("Streaming", "import Controls,", "import WebSocketResponse_Chunk, Controls,"),
    ("Streaming", "get_tts_chunks():", "get_tts_chunks() -> list[WebSocketResponse_Chunk]:"),
    ("Streaming", "audio_chunks =", "audio_chunks: list[WebSocketResponse_Chunk] ="),
    (
        STREAMED_STT,
        "import asyncio\n",
        "import asyncio\nfrom collections.abc import AsyncIterator\n",
    ),
    (STREAMED_STT, "streaming_stt_example():", "streaming_stt_example() -> None:"),
    (STREAMED_STT, "audio_stream():", "audio_stream() -> AsyncIterator[bytes]:"),
    (STREAMED_STT, "send_audio():", "send_audio() -> None:"),
    (STREAMED_STT, "receive_transcripts():", "receive_transcripts() -> tuple[str, list[object]]:"),
    (STREAMED_STT, "all_word_timestamps =", "all_word_timestamps: list[object] ="),
    ("Async Batch STT", "transcribe_file():", "transcribe_file() -> None:"),
    ("Requesting Timestamps", "main():", "main() -> None:"),
    ("Requesting Timestamps", "all_words =", "all_words: list[str] ="),
    ("Requesting Timestamps", "all_starts =", "all_starts: list[float] ="),
    ("Requesting Timestamps", "all_ends =", "all_ends: list[float] ="),
    ("Requesting Timestamps", "audio_chunks =", "audio_chunks: list[bytes] ="),
)


def blocks() -> dict[tuple[str, int], CodeBlock]:
    """The examples by heading, counted below each."""
    if not README.is_file():
        return {}
    found: dict[tuple[str, int], CodeBlock] = {}
    for block in code_blocks(README, "python"):
        index = sum(heading == block.heading for heading, _ in found)
        found[block.heading, index] = block
    return found


def substituted(block: CodeBlock) -> CodeBlock:
    """An example with its placeholders filled in."""
    code = block.code
    for heading, old, new in SUBSTITUTIONS:
        if heading is None:
            code = code.replace(old, new)
        elif heading == block.heading:
            code = _replaced(code, old, new)
    return replace(block, code=code)


def annotated(block: CodeBlock) -> CodeBlock:
    """A complete example as type checkers want it."""
    code = block.code
    for heading, old, new in ANNOTATIONS:
        if heading == block.heading:
            code = _replaced(code, old, new)
    return replace(block, code=code)


def _replaced(code: str, old: str, new: str) -> str:
    assert old in code, f"the README has changed: {old!r} is not in it any more"
    return code.replace(old, new, 1)
