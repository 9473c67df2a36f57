from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.text.markdown import GAP, SILENT, silenced
from cartesia_server.text.words import spans

# ruff: noqa: RUF001 -- bullets look like dots


def read(text: str) -> str:
    return " ".join(silenced(text).replace(SILENT, "").replace(GAP, " ").split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # lines
        ("# Title", "Title"),
        ("### Title ###", "Title"),
        ("- item", "item"),
        ("• item", "item"),
        ("- [ ] task", "task"),
        ("* [x] task", "task"),
        ("> quoted", "quoted"),
        ("1. item", "1, item"),
        ("**2.** item", "2, item"),
        ("a) item", "a, item"),
        ("Steps: 1. Open it.", "Steps: 1, Open it."),
        ("---", ""),
        ("--- after", "after"),
        ("| a | b |", "a , b"),
        ("|---|:-:|", ""),
        ("```python", ""),
        ("``` x", "x"),
        # links, images, sources
        ("See [our docs](https://a.io/x_(y)) now.", "See our docs now."),
        ('[it](https://a.io "The title").', "it ."),
        ("[it][1] and ![a picture](p.png)", "it and a picture"),
        ("true[1], so[^2] it is [3].", "true, so it is ."),
        ("a[0] and f[12](x)", "a[0] and f[12](x)"),
        ("[1, 2, 3]", "[1, 2, 3]"),
        # emphasis
        ("**$5**–**$10**", "$5–$10"),
        ("**Bold**text and `code`s", "Boldtext and codes"),
        ("2**3 and **kwargs", "2**3 and kwargs"),
        (r"\*no\* and \[1\]", "*no* and [1]"),
        # HTML
        ("<b>Bold</b> &amp; <i class='x'>so</i>", "Bold & so"),
        ("one<br/>two", "one, two"),
        ("a <b and c> d", "a <b and c> d"),
        ("<<b|ɑ>> <spell>A</spell> <x>", "<<b|ɑ>> <spell>A</spell> <x>"),
        # not Markdown
        ("well - so * it is # 5", "well - so * it is # 5"),
        ("I. am", "I. am"),
        ("5 > 3", "5 > 3"),
    ],
)
def test_what_is_left_to_read(text, left):
    assert read(text) == left


@given(st.lists(st.text(max_size=9) | st.sampled_from(list("*`|#[]()<>-_1.")), max_size=12))
def test_words_keep_their_places(parts):
    text = " ".join(" ".join(parts).split())
    quiet = silenced(text)
    assert len(quiet) == len(text)
    assert [index for index, letter in enumerate(quiet) if letter == " "] == [
        index for index, letter in enumerate(text) if letter == " "
    ]


def test_japanese_words_are_where_they_were():
    text = "**[ガイド](https://example.com)**をご覧。"
    assert spans(silenced(text)) == spans(text)
    assert read(text) == "ガイドをご覧。"
