"""Options of commands that make sound, and how it reaches its sink."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeAlias

import typer

from cartesia_cli.failures import note
from cartesia_cli.sinks import Format, Sink

Output: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write a .wav, .mp3, .ogg, .flac or .raw (16-bit mono) file; - writes to a pipe. "
        "Left out, the sound is played.",
    ),
]
Form: TypeAlias = Annotated[
    Format | None,
    typer.Option("--format", help="Format of the audio. Default: by extension, else wav."),
]
Voice: TypeAlias = Annotated[
    str,
    typer.Option(
        "--voice",
        "-v",
        help="Name or id; see `cartesia voices list`.",
        show_default="Grace",
    ),
]
SampleRate: TypeAlias = Annotated[
    int,
    typer.Option(help="Of the audio, in Hz: 8000, 16000, 22050, 24000, 44100 or 48000."),
]

TIMEOUT = 300.0
"""Seconds that a server may take to listen to what it was sent, before it answers."""


def send(request: Callable[[], Iterable[bytes]], sink: Sink, asked: Mapping[str, Any]) -> None:
    """Ask for audio, pass it on as it comes, and say on standard error how long that took.

    Args:
        request: asks for it and returns its pieces.
        sink: where it goes.
        asked: its format, by `format_to_ask_for`.
    """
    started = time.perf_counter()
    size = 0
    for piece in request():
        sink.write(piece)
        size += len(piece)
    rate = asked.get("output_format_bit_rate", 16 * asked["output_format_sample_rate"]) / 8
    note(f"{size / rate:.2f} s of audio in {time.perf_counter() - started:.1f} s")
