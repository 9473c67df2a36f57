import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.text.markup import (
    Break,
    Emotion,
    MarkupError,
    MarkupReader,
    Piece,
    Speed,
    Volume,
    elements,
    written,
)

# ruff: noqa: RUF001 -- phonetic letters look like others


def read(*texts):
    reader = MarkupReader()
    pieces = [piece for text in texts for piece in reader.feed(text)]
    merged: list[Piece] = []
    for piece in [*pieces, *reader.flush()]:
        if merged and isinstance(piece, str) and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


@pytest.mark.parametrize(
    ("tag", "directive"),
    [
        ('<break time="1s"/>', Break(1.0)),
        ('<break time="500ms"/>', Break(0.5)),
        ("<break time='1.5s' />", Break(1.5)),
        ("<BREAK time=.5s>", Break(0.5)),
        ('<break strength="weak" time="0s"/>', Break(0.0)),
        ('<speed ratio="1.5"/>', Speed(1.5)),
        ('<speed ratio = "0.6" />', Speed(0.6)),
        ("</speed>", Speed(1.0)),
        ('<volume ratio="0.5"/>', Volume(0.5)),
        ('<volume level="2"/>', Volume(2.0)),
        ("</volume>", Volume(1.0)),
        ('<emotion value="Angry"/>', Emotion("angry")),
        ('<emotion value="joking/comedic"/>', Emotion("joking/comedic")),
        ("</emotion>", Emotion(None)),
    ],
)
def test_tags_between_words_are_directives(tag, directive):
    assert read(f"Well,{tag}then.") == ["Well,", directive, "then."]


@pytest.mark.parametrize(
    ("tag", "accepted"),
    [
        ("<break/>", "0 to 10 seconds"),
        ('<break time="1"/>', "0 to 10 seconds"),
        ('<break time="-1s"/>', "0 to 10 seconds"),
        ('<break time="10.1s"/>', "0 to 10 seconds"),
        ('<speed ratio="0.5"/>', "ratio from 0.6 to 1.5"),
        ('<speed ratio="nan"/>', "ratio from 0.6 to 1.5"),
        ('<speed value="1"/>', "ratio from 0.6 to 1.5"),
        ('<volume ratio="2.1"/>', "ratio from 0.5 to 2.0"),
        ('<emotion value="glad"/>', "an emotion.*happy.*determined"),
        ("<emotion/>", "an emotion"),
        ("<<k|1>>", "phones of the IPA"),
    ],
)
def test_what_a_known_tag_cannot_mean_is_refused(tag, accepted):
    with pytest.raises(MarkupError, match=accepted) as refusal:
        read(f"Well {tag} then.")
    assert refusal.value.got == tag


@pytest.mark.parametrize(
    "text",
    [
        "2 < 3 > 1",
        "<b>bold</b> <breakfast> <Submit>",
        "1 << 2 or 8 >> 1",
        "I <3 you",
        "a <",
        "a <break",
        "a <<k|ɑ",
        "<speed" + " " * 200 + 'ratio="1"/>',
    ],
)
def test_all_else_is_text(text):
    assert read(text) == [text]
    assert "".join(read(*text)) == text


def test_what_is_spelled_stays_in_the_text_word_by_word():
    (text,) = read("Code <spell>AB 12</spell>.")
    assert text == "Code <spell>AB</spell> <spell>12</spell>."
    assert [written(word) for word in text.split()] == ["Code", "AB", "12."]
    assert elements("<spell>12</spell>.") == [("spell", "12"), ("text", ".")]
    in_pieces = "<spell>555</spell><spell>-</spell><spell>12</spell>"
    assert elements(f"({in_pieces})") == [("text", "("), ("spell", "555-12"), ("text", ")")]


def test_what_is_spelled_may_have_no_end():
    assert read("<spell>AB 1") == ["<spell>AB</spell> <spell>1</spell>"]
    assert read("</spell>AB<spell/> 1") == ["AB 1"]


def test_phonemes_stay_in_the_text_as_one_word():
    (text,) = read("my << k | ɑ | ɹ >>, dear")
    assert text == "my <<k|ɑ|ɹ>>, dear"
    assert elements("(<<k|ɑ|ɹ>>),") == [("text", "("), ("phonemes", "kˈɑɹ"), ("text", "),")]
    assert written("<<k|ɑ|ɹ>>,") == "<<k|ɑ|ɹ>>,"
    assert elements("<<X>>") == [("text", "<<X>>")]


MARKED = (
    'Hi<break time="1s"/> you, <speed ratio="1.2"/>take <spell>A1 b</spell> <<k|ɑ|ɹ>>! 2 < 3 <b> '
    '<volume level="0.5"/><emotion value="sad"/>bye</emotion> <<a>> <'
)


@given(st.lists(st.integers(0, len(MARKED)), max_size=12))
def test_tags_may_be_cut_anywhere(cuts):
    borders = [0, *sorted(cuts), len(MARKED)]
    parts = [MARKED[a:b] for a, b in itertools.pairwise(borders)]
    whole, cut = read(MARKED), read(*parts)
    # What is spelled may be cut within a word; timestamps and speech are the same.
    assert [_flat(piece) for piece in cut] == [_flat(piece) for piece in whole]


def _flat(piece):
    return piece.replace("</spell><spell>", "") if isinstance(piece, str) else piece


@given(st.text(alphabet="<>/|speldbrak= \"'1.5ɑ", max_size=60), st.integers(1, 7))
def test_no_text_breaks_the_reader(text, size):
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    with contextlib.suppress(MarkupError):
        assert all(read(*parts))
