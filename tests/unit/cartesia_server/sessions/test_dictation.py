"""Whether a number, a name or an address goes on, by what was dictated of it so far."""

import pytest

from cartesia_server.sessions.dictation import is_unfinished


@pytest.mark.parametrize(
    "text",
    [
        "My number is 555.",
        "My number is 555. 123.",
        "555-123",
        "+44 20 7946",
        "It's 0 to 0. 7946.",
        "The card is 4111. 1111. 1111.",
        "My last name is spelled K-O-W.",
        "My last name is spelled K-O-W. RLS.",
        "It is k-o-w.",
        "A 7 B 9",
        "Zero two zero. Seven nine four six.",
        "It's five-five-five.",
        "Mi número es seis uno dos.",
        "मेरा नंबर है नौ आठ सात।",
        "The code is XK42.",
        "It was on 20 1984 12",  # a year is the last of a date
        "電話番号は 090",
        "मेरा नंबर है 987।",
        "My email is john.smith.",
        "My email is john.smith. At Gmail.",
        "The card is 4111. 11111. 1111.",
        "anna_miller",
        "Anna underscore Miller.",
        "john.smith@gmail",
        "john@",
    ],
)
def test_who_dictates_is_not_done_before_there_is_enough(text):
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "Okay.",
        "My number is 415 555 0192.",
        "My number is 415-555-0192.",
        "06 12 34 56 78",
        "612 345 678",
        "The card is 4111. 1111. 1111. 1111.",
        "My email is john.smith@gmail.com.",
        "My email is john.smith. At Gmail.com.",
        "john@example.co.uk",
        "Anna at example dot com.",
        "4155550192",
        "I live at 12.",
        "I am 35.",
        "I was born on the third of May. 1984.",
        "It was on 12 05 1984.",
        "It costs $200.",
        "About 1,000.",
        "It is 3.50.",
        "Let's meet at 10:30.",
        "At 10 AM.",
        "At 5 p.m.",
        "I work at IBM.",
        "I live in the U.S.A.",
        "So do I.",
        "A table for four or five.",
        "Zero two zero. Seven nine four six. Zero nine five eight.",
        "It is gate B7.",
        "I was in a 2.",
        "555 123 is what I heard.",
    ],
)
def test_what_has_an_end_or_is_not_dictated_is_finished(text):
    assert not is_unfinished(text)


def test_many_marks_in_a_word_are_looked_at_once():
    assert not is_unfinished("a" + "_" * 150 + "'")
