from __future__ import annotations

import pytest

from cartesia_server.text.normalise import normalised

# ruff: noqa: RUF001 -- signs look alike


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # money
        ("$3.50", "three dollars and fifty cents"),
        ("$1", "one dollar"),
        ("$1.01", "one dollar and one cent"),
        ("$0.99", "ninety nine cents"),
        ("$5 million", "five million dollars"),
        ("$2.5M", "two point five million dollars"),
        ("£20.50", "twenty pounds and fifty pence"),
        ("¥500", "five hundred yen"),
        ("-$5", "minus five dollars"),
        ("-33€", "minus thirty three euros"),
        ("−5 EUR", "minus five euros"),
        ("USD -5.50", "minus five US dollars and fifty cents"),
        # time
        ("at 3:45 p.m", "at three forty five P M"),
        ("9:05pm", "nine oh five P M"),
        ("10:00", "ten o'clock"),
        ("10:00 a.m", "ten A M"),
        ("12:30:15", "twelve thirty fifteen"),
        # dates and years
        ("on 5/6", "on May sixth"),
        ("2024-05-06", "May sixth twenty twenty four"),
        ("5/6/98", "May sixth nineteen ninety eight"),
        ("Jan 5", "January fifth"),
        ("May 21", "May twenty first"),
        ("in 1805", "in eighteen oh five"),
        ("1500 people", "one thousand five hundred people"),
        ("the 1990s", "the nineteen nineties"),
        ("1990-1995", "nineteen ninety to nineteen ninety five"),
        # fractions and ordinals
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("2½", "two and one half"),
        ("24/7", "twenty four seven"),
        ("22nd", "twenty second"),
        # quantities
        ("5kg", "five kilograms"),
        ("1 km", "one kilometer"),
        ("60mph", "sixty miles per hour"),
        ("25°C", "twenty five degrees celsius"),
        ("10%", "ten percent"),
        ("5-10", "five to ten"),
        ("10am–5pm", "ten A M to five P M"),
        ("100k", "one hundred thousand"),
        ("50+", "fifty plus"),
        ("~5", "about five"),
        ("#1", "number one"),
        ("1234567", "one two three four five six seven"),
        ("555-123-4567", "five five five, one two three, four five six seven"),
        # signs, names, addresses
        ("2 + 2 = 4", "two plus two equals four"),
        ("salt & pepper", "salt and pepper"),
        ("and/or", "and or"),
        ("St Louis", "Saint Louis"),
        ("Main St", "Main street"),
        ("No 5", "number five"),
        ("Ms Jones", "miz Jones"),
        ("5 ms", "five milliseconds"),
        ("v2.0", "version two point zero"),
        ("#tag", "hashtag tag"),
        ("https://www.example.com/a", "example dot com slash a"),
        ("me@x.org", "me at x dot org"),
        # left to espeak-ng
        ("GPT-4", "G P T four"),
        ("4K", "four K"),
        ("don't", "don't"),
        ("32/13/2024", "32/13/2024"),
    ],
)
def test_english_is_put_in_words(text, said):
    assert " ".join(word for words in normalised(text.split(), "en-US") for word in words) == said


def test_every_word_keeps_its_own():
    assert normalised(["paid", "", "$3"], "en-GB") == [["paid"], [], ["three", "dollars"]]


def test_languages_that_nothing_is_known_of_keep_their_digits():
    assert normalised(["kostet", "", "3,50"], "de") == [["kostet"], [], ["3,50"]]
