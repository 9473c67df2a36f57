import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.text.lexicon import Lexicon, Pronunciation
from cartesia_server.text.markup import MarkupError

# ruff: noqa: RUF001 -- phonetic letters look like others


def read(text, *entries):
    return Lexicon(entries).readings(text)


def pronounce(*entries):
    return [Pronunciation(text, spoken) for text, spoken in entries]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Our SQL, please.", ["Our", "sequel,", "please."]),
        ("(SQL)'s", ["(sequel)'s"]),
        ("NoSQL MySQL2 SQLite sql", ["NoSQL", "MySQL2", "SQLite", "sql"]),
        ("SQL/SQL", ["sequel/sequel"]),
        ("Use C++ now.", ["Use", "see plus plus", "now."]),
        ("in New York, now", ["in", "the", "big apple,", "now"]),
        ("a New York City.", ["a", "", "", "NYC."]),
        ('"New York"', ['"the', 'big apple"']),
        ("<spell>SQL</spell> <<k|ɑ|ɹ>>", ["<spell>SQL</spell>", "<<k|ɑ|ɹ>>"]),
        ("the kar", ["the", "<<k|ɑ|ɹ>>"]),
    ],
)
def test_entries_replace_whole_words_and_phrases(text, readings):
    entries = pronounce(
        ("SQL", "sequel"),
        ("C++", "see plus plus"),
        ("New  York", "the big apple"),
        ("New York City", "NYC"),
        ("kar", "<<k | ɑ | ɹ>>"),
        ("k", "no"),
    )
    assert read(text, *entries) == readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Tomato, tomato", ["one,", "one"]),
        ("“Tomato yes", ["“one", "yes"]),
        ("Yes! Tomato", ["Yes!", "one"]),
        ("\u2060 Tomato", ["\u2060", "one"]),
        ("1, Tomato", ["1,", "one"]),
        ("a Tomato", ["a", "Tomato"]),
        ("(so) Tomato", ["(so)", "Tomato"]),
        ("TOMATO", ["TOMATO"]),
        ("Ada ada", ["two", "ada"]),
    ],
)
def test_lower_case_stands_for_a_capital_at_the_start_of_a_sentence(text, readings):
    assert read(text, *pronounce(("tomato", "one"), ("Ada", "two"))) == readings


def test_case_may_be_ignored():
    entry = Pronunciation("Nginx", "engine x", case_sensitive=False)
    assert read("nginx NGINX. Nginx", entry) == ["engine x", "engine x.", "engine x"]


def test_the_last_of_equal_entries_wins():
    assert read("a", *pronounce(("a", "one"), ("a", "two"))) == ["two"]


def test_scripts_without_spaces_have_no_borders_between_words():
    assert read("東京タワーへ", *pronounce(("東京", "とうきょう"))) == [
        "",
        "とうきょう",
        *"タワーへ",
    ]


@pytest.mark.parametrize("spoken", ['a <break time="1s"/>', "<<k|1>>", '<speed ratio="1"/>'])
def test_only_markup_of_words_may_be_spoken(spoken):
    with pytest.raises(MarkupError):
        Pronunciation("a", spoken)


words = st.sampled_from(
    ["a", "b", "ab", "a.", "(b,", "'ab'", "a-b", "<b>", "<<a>>", "<<b|a>>", "…"]
)


@given(st.lists(words, max_size=8), st.lists(st.tuples(words, words), max_size=4))
def test_each_word_has_its_reading(text, entries):
    readings = read(" ".join(text), *pronounce(*entries))
    assert len(readings) == len(text)


@given(st.lists(words, max_size=8))
def test_without_a_match_the_text_is_as_it_was(text):
    assert read(" ".join(text), Pronunciation("zebra", "x")) == text
