"""A transcript that only grows, from drafts that change."""

import pytest

from cartesia_server.sessions.growing import GrowingText


def shown(*drafts, space=" "):
    text = GrowingText(space)
    found = []
    for draft in drafts:
        text.hear(draft)
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


def with_shown(words):
    """A text of which these words are shown."""
    text = GrowingText(" ")
    for _ in range(2):
        text.hear(f"{words} and more")
    assert text.text == words
    return text


def test_what_is_recognised_in_full_goes_on_from_what_was_shown():
    text = with_shown("the quick brown")
    text.settle("The quick, brown fox jumps.")
    assert text.text == "the quick brown fox jumps."
    text.settle("Over it.")
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
    text.settle(recognised)
    assert text.text == expected


def test_the_beginning_of_a_stretch_may_be_settled_alone():
    text = with_shown("one two three four")
    text.settle("one two", is_last=False)
    text.settle("three four five six.")
    assert text.text == "one two three four five six."


def test_more_than_was_shown_may_be_settled():
    text = with_shown("one two")
    text.settle("one two three", is_last=False)
    text.settle("four.")
    assert text.text == "one two three four."
