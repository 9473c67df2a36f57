"""A transcript that only grows, from drafts that change."""

import pytest

from cartesia_server.engines.base import RecognizedWord
from cartesia_server.sessions.growing import GrowingText


def words(text, begin=0.0):
    """A word a second, or a character."""
    return [RecognizedWord(one, begin + n, begin + n + 0.5, 0.9) for n, one in enumerate(text)]


def shown(*drafts, space=" "):
    text = GrowingText(space)
    found = []
    for draft in drafts:
        text.hear([RecognizedWord(draft, 0.0, 0.0, 0.0)])
        found.append(text.text)
    return found


def test_what_two_drafts_agree_on_is_shown_but_for_two_words():
    drafts = (
        "one two",
        "one two three four",
        "one two three four. Five",
        "one two three four five",
    )
    assert shown(*drafts) == ["", "", "one", "one"]


def test_what_was_shown_stays_when_drafts_change_their_mind():
    drafts = (
        "I scream and so",
        "I scream and so",
        "Ice cream is good now",
        "Ice cream is good now",
    )
    assert shown(*drafts)[1:] == ["I scream", "I scream", "I scream is"]


def test_languages_without_spaces_grow_by_characters():
    assert shown("私は学生", "私は学生", "私は学生です", space="") == ["", "私は", "私は"]


def with_shown(said):
    """A text of which these words are shown."""
    text = GrowingText(" ")
    for _ in range(2):
        text.hear([RecognizedWord(f"{said} and more", 0.0, 0.0, 0.0)])
    assert text.text == said
    return text


def test_what_is_recognised_in_full_goes_on_from_what_was_shown():
    text = with_shown("the quick brown")
    text.settle(words(["The", "quick,", "brown", "fox", "jumps."]))
    assert text.text == "the quick brown fox jumps."
    text.settle(words(["Over", "it."]))
    assert text.text == "the quick brown fox jumps. Over it."


@pytest.mark.parametrize(
    ("known", "recognised", "expected"),
    [
        ("so we a go home", "so we go home now.", "so we a go home now."),
        ("so we home", "so we go home now.", "so we home now."),
        ("so we go", "", "so we go"),
        ("", "", ""),
        ("so we went home", "so we went", "so we went home"),
        ("one", "two three", "one three"),
    ],
)
def test_nothing_is_said_twice_where_the_two_differ(known, recognised, expected):
    text = with_shown(known)
    text.settle(words(recognised.split()))
    assert text.text == expected


def test_the_beginning_of_a_stretch_may_be_settled_alone():
    text = with_shown("one two three four")
    text.settle(words(["one", "two"]), is_last=False)
    text.settle(words(["three", "four", "five", "six."]))
    assert text.text == "one two three four five six."


def test_more_than_was_shown_may_be_settled():
    text = with_shown("one two")
    text.settle(words(["one", "two", "three"]), is_last=False)
    text.settle(words(["four."]))
    assert text.text == "one two three four."


def times(text):
    return [(word.text, word.start, word.end) for word in text.words]


def test_words_keep_the_times_with_which_they_were_shown():
    text = GrowingText(" ")
    text.hear(words(["one", "two", "three"], begin=1.0))
    text.hear(words(["one", "two", "three", "four"], begin=1.1))
    assert times(text) == [("one", 1.1, 1.6)]
    text.settle(words(["one", "two", "three"], begin=1.2))
    assert times(text) == [("one", 1.1, 1.6), ("two", 2.2, 2.7), ("three", 3.2, 3.7)]


def test_times_only_go_forward():
    text = GrowingText(" ")
    text.settle(words(["one"], begin=1.0))
    text.settle(words(["two", "three"], begin=0.2))
    assert times(text) == [("one", 1.0, 1.5), ("two", 1.5, 1.5), ("three", 1.5, 1.7)]


def test_characters_share_the_time_of_their_word():
    text = GrowingText("")
    text.settle([RecognizedWord("\u79c1\u306f", 1.0, 2.0, 0.9)])
    assert times(text) == [("\u79c1", 1.0, 1.5), ("\u306f", 1.5, 2.0)]
