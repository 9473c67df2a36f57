"""Subtitles: words out of results, cues that can be read, the three formats."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from cartesia.helpers.subtitles import TimedWord, make_cues, timed_words, to_json, to_srt, to_vtt


def spoken(text: str, start: float = 0.0, each: float = 0.3) -> list[TimedWord]:
    """Words of equal length without silence between them."""
    return [
        TimedWord(word, start + i * each, start + (i + 1) * each)
        for i, word in enumerate(text.split())
    ]


class Word(BaseModel):
    word: str
    start: float
    end: float


class Transcription(BaseModel):
    text: str
    words: list[Word] | None = None


class Timestamps(BaseModel):
    words: list[str]
    start: list[float]
    end: list[float]


class Output(BaseModel):
    audio: bytes | None = None
    word_timestamps: Timestamps | None = None


HELLO = [TimedWord("Hello,", 0.0, 0.4), TimedWord("world!", 0.5, 0.9)]


@pytest.mark.parametrize(
    "source",
    [
        HELLO,
        Transcription(
            text="Hello, world!",
            words=[Word(word="Hello,", start=0, end=0.4), Word(word="world!", start=0.5, end=0.9)],
        ),
        Timestamps(words=["Hello,", "world!"], start=[0, 0.5], end=[0.4, 0.9]),
        [
            Output(audio=b"1234"),
            Output(word_timestamps=Timestamps(words=["Hello,"], start=[0], end=[0.4])),
            Output(word_timestamps=Timestamps(words=["world!"], start=[0.5], end=[0.9])),
        ],
        [
            {
                "type": "transcript",
                "is_final": False,
                "words": [{"word": "Hullo", "start": 0, "end": 1}],
            },
            {
                "type": "transcript",
                "is_final": True,
                "words": [
                    {"word": " Hello,", "start": 0.0, "end": 0.4},
                    {"word": "world!\n", "start": 0.5, "end": 0.9},
                    {"word": " ", "start": 0.9, "end": 0.9},
                ],
            },
            {"type": "done"},
        ],
    ],
    ids=["words", "transcription", "timestamps", "stream", "stt socket"],
)
def test_words_come_out_of_every_result(source: Any) -> None:
    assert timed_words(source) == HELLO


def test_results_without_words_have_none() -> None:
    assert timed_words(Transcription(text="Hello")) == []
    assert timed_words(Output(audio=b"1234")) == []


@pytest.mark.parametrize("source", ["some text", 7, b"bytes", [3]])
def test_other_things_are_refused_by_name(source: Any) -> None:
    with pytest.raises(TypeError, match=r"words: got \w+, accepted: a transcription"):
        timed_words(source)


def test_a_sentence_ends_its_cue() -> None:
    cues = make_cues(spoken("This is one sentence. This is another one."))
    assert [cue.lines for cue in cues] == [("This is one sentence.",), ("This is another one.",)]
    assert cues[0].start == 0.0
    assert cues[0].end == pytest.approx(1.2)


def test_a_very_short_sentence_stays_with_the_next() -> None:
    assert [cue.lines for cue in make_cues(spoken("No. That was not it."))] == [
        ("No. That was not it.",)
    ]


def test_a_title_is_no_end_of_sentence() -> None:
    cues = make_cues(spoken("They all went to see Dr. Livingstone again."))
    assert len(cues) == 1


def test_a_pause_ends_a_cue() -> None:
    cues = make_cues([*spoken("well then"), *spoken("let us go", start=2.0)])
    assert [cue.lines for cue in cues] == [("well then",), ("let us go",)]


def test_a_long_sentence_breaks_after_a_clause() -> None:
    text = (
        "When the weather turned at last, everybody in the little village by the river "
        "went out to look at what the storm had left of the bridge"
    )
    cues = make_cues(spoken(text, each=0.15))
    assert cues[0].lines == ("When the weather turned at last,",)
    assert " ".join(line for cue in cues for line in cue.lines) == text


def test_two_lines_are_about_equally_long() -> None:
    (cue,) = make_cues(spoken("a sentence of some fifty characters takes up two lines", each=0.1))
    assert cue.lines == ("a sentence of some fifty", "characters takes up two lines")


def test_a_word_longer_than_a_line_gets_its_own() -> None:
    (cue,) = make_cues(spoken(f"see {'x' * 60}"))
    assert cue.lines == ("see", "x" * 60)


def test_a_short_cue_stays_for_a_second_but_not_into_the_next() -> None:
    first, second = make_cues([TimedWord("Hm", 0.0, 0.1), TimedWord("Yes", 0.95, 1.1)])
    assert (first.start, first.end) == (0.0, 0.95)
    assert (second.start, second.end) == (0.95, 1.95)


@pytest.mark.parametrize("limit", ["max_chars", "max_lines", "max_seconds"])
def test_limits_have_to_be_positive(limit: str) -> None:
    with pytest.raises(ValueError, match=f"{limit}: got 0, accepted: more than 0"):
        make_cues(HELLO, **{limit: 0})


word_texts = st.text("abcdefghij", min_size=1, max_size=12).flatmap(
    lambda text: st.sampled_from([text, f"{text},", f"{text}.", f"{text}?"])
)


@given(
    st.lists(st.tuples(word_texts, st.floats(0, 2), st.floats(0.01, 3)), max_size=60),
    st.integers(12, 60),
    st.integers(1, 3),
    st.floats(3, 9),
)
def test_cues_keep_every_word_and_every_limit(
    spec: list[tuple[str, float, float]], max_chars: int, max_lines: int, max_seconds: float
) -> None:
    words, now = [], 0.0
    for text, silence, length in spec:
        words.append(TimedWord(text, now + silence, now + silence + length))
        now += silence + length
    cues = make_cues(words, max_chars=max_chars, max_lines=max_lines, max_seconds=max_seconds)
    assert [w for cue in cues for line in cue.lines for w in line.split()] == [
        word.text for word in words
    ]
    for cue in cues:
        assert cue.start <= cue.end <= cue.start + max_seconds + 1e-6
        assert len(cue.lines) <= max_lines
        assert all(len(line) <= max(max_chars, 13) for line in cue.lines)
    for earlier, later in itertools.pairwise(cues):
        assert earlier.end <= later.start


def test_srt() -> None:
    words = [*HELLO, TimedWord("Bye.", 3661.25, 3661.5)]
    assert to_srt(words) == (
        "1\n00:00:00,000 --> 00:00:01,000\nHello, world!\n"
        "\n"
        "2\n01:01:01,250 --> 01:01:02,250\nBye.\n"
    )


def test_vtt_escapes_what_would_be_markup() -> None:
    assert to_vtt([TimedWord("a<b", 0, 1), TimedWord("&", 1, 2), TimedWord("-->", 2, 3)]) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:03.000\na&lt;b &amp; --&gt;\n"
    )


def test_json_has_words_and_cues() -> None:
    assert json.loads(to_json(HELLO)) == {
        "words": [
            {"word": "Hello,", "start": 0.0, "end": 0.4},
            {"word": "world!", "start": 0.5, "end": 0.9},
        ],
        "cues": [{"start": 0.0, "end": 1.0, "lines": ["Hello, world!"]}],
    }


def test_no_words_give_no_cues() -> None:
    assert to_srt([]) == ""
    assert to_vtt([]) == "WEBVTT\n"
    assert json.loads(to_json([])) == {"words": [], "cues": []}


def spread(*texts: str) -> list[TimedWord]:
    return [TimedWord(text, index * 0.2, index * 0.2 + 0.2) for index, text in enumerate(texts)]


def test_characters_stand_without_spaces() -> None:
    (cue,) = make_cues(spread(*"今日は、", "Python", "3", *"を使う。"))
    assert cue.lines == ("今日は、Python 3を使う。",)


def test_characters_count_twice_and_no_line_or_cue_begins_with_a_mark() -> None:
    text = "今天天气很好，我们去公园散步，然后回家。"  # noqa: RUF001
    cues = make_cues(spread(*text), max_chars=12)
    lines = [line for cue in cues for line in cue.lines]
    assert "".join(lines) == text
    assert all(len(line) <= 6 + 1 for line in lines)
    assert not any(line[0] in "，。" for line in lines)  # noqa: RUF001


def test_korean_and_pictures_keep_their_spaces() -> None:
    (cue,) = make_cues(spread("안녕", "하세요", "😀", "yes"))
    assert cue.lines == ("안녕 하세요 😀 yes",)
