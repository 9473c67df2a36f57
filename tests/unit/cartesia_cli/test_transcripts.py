"""Transcripts are put together from parts and written in each format."""

from __future__ import annotations

import json

import pytest

from cartesia.helpers.subtitles import TimedWord
from cartesia_cli.transcripts import Transcript, join, write

FIRST = Transcript("Hello, world!", "en", 60.0, (TimedWord("Hello,", 0.0, 0.4),))
SILENT = Transcript("", None, 60.0, ())
LAST = Transcript("Bye.", "en", 1.5, (TimedWord("Bye.", 120.25, 120.5),))


def test_parts_become_one() -> None:
    assert join([FIRST, SILENT, LAST]) == Transcript(
        "Hello, world! Bye.", "en", 121.5, FIRST.words + LAST.words
    )


def test_nothing_heard() -> None:
    assert join([]) == Transcript("", None, 0, ())


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("text", "Bye.\n"),
        ("srt", "1\n00:02:00,250 --> 00:02:01,250\nBye.\n"),
        ("vtt", "WEBVTT\n\n00:02:00.250 --> 00:02:01.250\nBye.\n"),
    ],
)
def test_formats(form: str, expected: str) -> None:
    assert write(LAST, form, "talk.mp3") == expected


def test_json_is_one_line() -> None:
    line = write(LAST, "json", "talk.mp3")
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "file": "talk.mp3",
        "text": "Bye.",
        "language": "en",
        "duration": 1.5,
        "words": [{"word": "Bye.", "start": 120.25, "end": 120.5}],
    }
