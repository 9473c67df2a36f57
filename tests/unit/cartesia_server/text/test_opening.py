from __future__ import annotations

import pytest

from cartesia_server.engines.base import PreparedText, SpokenWord
from cartesia_server.text.opening import carried, opened


def text_of(*words: str) -> PreparedText:
    """Words that sound, each with the mark that ends it."""
    bare = [word.strip(",.;—") for word in words]
    spoken = tuple(
        SpokenWord(core, index, core and "x", word[len(core) :])
        for index, (core, word) in enumerate(zip(bare, words, strict=True))
    )
    return PreparedText("en-US", tuple(words), spoken)


def test_the_first_clause_is_cut_off():
    text = text_of("When", "it", "rains,", "we", "stay", "at", "home,", "as", "ever.")
    first, rest = opened(text)
    assert first.written == ("When", "it", "rains,")
    assert [word.text for word in first.spoken] == ["When", "it", "rains"]
    assert rest.written == ("we", "stay", "at", "home,", "as", "ever.")
    assert [word.written for word in rest.spoken] == list(range(6))
    assert rest.spoken[-1].pause == "."


@pytest.mark.parametrize(
    "words",
    [
        "Nothing in here divides it at all .",
        "Yes, we stay at home as ever.",  # too little before
        "When it rains, we stay home.",  # too little after
        "No.",
        "",
    ],
)
def test_what_has_no_fitting_clause_stays_in_one(words):
    text = text_of(*words.split())
    assert opened(text) == (text,)


def test_a_written_word_is_never_divided():
    spoken = (
        SpokenWord("a", 0, "x"),
        SpokenWord("b", 0, "x"),
        SpokenWord("c", 0, "x", ","),
        *(SpokenWord(letter, 0, "x") for letter in "defg"),
    )
    text = PreparedText("en-US", ("a—lot",), spoken)
    assert opened(text) == (text,)


def test_words_lead_on_within_a_sentence_only():
    assert [word.text for word in carried(text_of("When", "it", "rains,"))] == [
        "When",
        "it",
        "rains",
    ]
    assert [word.text for word in carried(text_of("so", "far"))] == ["so", "far"]
    assert carried(text_of("It", "rains.")) == ()


def test_of_many_words_the_last_lead_on():
    words = [f"w{number}" for number in range(40)]
    assert [word.text for word in carried(text_of(*words))] == words[-12:]
