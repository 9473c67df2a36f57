"""Transcripts as the user sees them: put together from parts, written in a format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cartesia.helpers.subtitles import TimedWord, to_srt, to_vtt

FORMATS = ("text", "json", "srt", "vtt")
EXTENSIONS = {"text": ".txt", "json": ".json", "srt": ".srt", "vtt": ".vtt"}


@dataclass(frozen=True)
class Transcript:
    """What was heard in a recording.

    Attributes:
        text: all of it.
        language: as the server names it, None where it does not.
        seconds: length of the recording.
        words: with their times in the recording.
    """

    text: str
    language: str | None
    seconds: float
    words: tuple[TimedWord, ...]


def join(heard: Sequence[Transcript]) -> Transcript:
    """Put the transcripts of consecutive parts together, each with times of the whole."""
    return Transcript(
        text=" ".join(part.text for part in heard if part.text),
        language=next((part.language for part in heard if part.language), None),
        seconds=sum(part.seconds for part in heard),
        words=tuple(word for part in heard for word in part.words),
    )


def write(transcript: Transcript, form: str, name: str) -> str:
    """Write a transcript in one of `FORMATS`.

    Args:
        transcript: what was heard.
        form: the format; ``json`` is one line with file, text, language, duration and words.
        name: of the recording.
    """
    if form == "srt":
        return to_srt(transcript.words)
    if form == "vtt":
        return to_vtt(transcript.words)
    if form == "text":
        return f"{transcript.text}\n"
    document = {
        # Bytes of a name that are no UTF-8 cannot be written in JSON.
        "file": name.encode(errors="surrogateescape").decode(errors="replace"),
        "text": transcript.text,
        "language": transcript.language,
        "duration": round(transcript.seconds, 3),
        "words": [
            {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
            for word in transcript.words
        ],
    }
    return json.dumps(document, ensure_ascii=False) + "\n"
