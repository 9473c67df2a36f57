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
        ("Sat.,", "Sat", ","),
        ("24-hr.", "24-hr", ""),
        ("wait...", "wait", "…"),
        ("wait…", "wait", "…"),
        ("—", "", "—"),
        ("-", "", "—"),
        ("--", "", "—"),
        ("-5", "-5", ""),
        ("-$5,", "-$5", ","),
        (".5", ".5", ""),
        (".env", ".env", ""),
        ("...and", "and", ""),
        ("!=", "!=", ""),
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
        ("Wed.", "&", False),
        ("Tél.", ":", False),
        ("no.", "SN12", False),
        ("vol.", "IX", False),
        ("no.", "I", True),
        ("c.", "1452", False),
        ("Sat.", "3", False),
        ("sat.", "3", True),
        ("Ste.", "200", False),
        ("incl.", "VAT", False),
    ],
)
def test_ends_sentence(word, following, ends):
    assert ends_sentence(word, following) is ends


def test_what_may_still_grow_ends_nothing_that_it_decides():
    assert ends_sentence("end.", "The", complete=False)
    assert not ends_sentence("p.m.", "The", complete=False)  # "Theodore"
    assert not ends_sentence("no.", "S", complete=False)  # "SN12"
    assert not ends_sentence("end!", "(", complete=False)  # "(or not)"


def test_ends_clause():
    assert ends_clause("so,")
    assert not ends_clause("so")
