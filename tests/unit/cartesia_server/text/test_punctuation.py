from __future__ import annotations

import pytest

from cartesia_server.text.punctuation import ends_clause, ends_sentence, split_word


@pytest.mark.parametrize(
    ("word", "core", "pause"),
    [
        ("Hello,", "Hello", ","),
        ('"Stop!"', "Stop", "!"),
        ("what?!", "what", "?"),
        ("(well)", "well", ""),
        ("end.”", "end", "."),
        ("Dr.", "Dr", ""),
        ("U.S.", "U.S", ""),
        ("etc.,", "etc", ","),
        ("wait...", "wait", "…"),
        ("wait…", "wait", "…"),
        ("—", "", "—"),
        ("-", "", "—"),
        ("--", "", "—"),
        ("-5", "-5", ""),
        (".5", ".5", ""),
        ("3.5", "3.5", ""),
        ("10%,", "10%", ","),
        ("C++", "C++", ""),
        ("don't", "don't", ""),
        ("**bold**", "bold", ""),
        ("¿Qué", "Qué", ""),
        ("हैं।", "हैं", "."),
        ("好。", "好", "."),
        ("...", "", "…"),
    ],
)
def test_split_word(word, core, pause):
    assert split_word(word) == (core, pause)


def test_at_the_end_an_abbreviation_pauses_too():
    assert split_word("p.m.", last=True) == ("p.m", ".")


@pytest.mark.parametrize(
    ("word", "following", "ends"),
    [
        ("end.", "Next", True),
        ("end.", "next", False),
        ("end.", "“Next", True),
        ("end?", "Next", True),
        ("end", "Next", False),
        ("end,", "Next", False),
        ("Mr.", "Smith", False),
        ("p.m.", "The", True),
        ("p.m.", "Eastern", False),
        ("Fig.", "3", False),
        ("Jan.", "Then", True),
        ("J.", "Smith", False),
        ("I.", "Smith", True),
        ("1.", "first", False),
    ],
)
def test_ends_sentence(word, following, ends):
    assert ends_sentence(word, following) is ends


def test_ends_clause():
    assert ends_clause("so,")
    assert not ends_clause("so")
