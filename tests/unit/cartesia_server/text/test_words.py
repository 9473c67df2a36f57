from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.text.words import is_character, spans, split, units

# ruff: noqa: RUF001 -- the punctuation of several scripts looks alike


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, world! It's 3.50.", ["Hello,", "world!", "It's", "3.50."]),
        ("你好，世界。", ["你", "好", "，", "世", "界", "。"]),
        ("我用Python写2行。", ["我", "用", "Python", "写", "2", "行", "。"]),
        ("「はい。」と言った", ["「", "は", "い", "。", "」", "と", "言", "っ", "た"]),
        ("价格 $3.50！", ["价", "格", "$3.50", "！"]),
        ("か\u3099く", ["か\u3099", "く"]),
        ("안녕 하세요", ["안녕", "하세요"]),
        ("x<spell>AB</spell>好<<k|ɑ>>", ["x<spell>AB</spell>", "好", "<<k|ɑ>>"]),
        ("<spell>京都</spell>。", ["<spell>京都</spell>", "。"]),
        ("", []),
    ],
)
def test_words(text, words):
    assert split(text) == words
    assert [text[start:end] for start, end in spans(text)] == words


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One, two ", ["One, ", "two "]),
        ("你好。我们", ["你", "好。", "我", "们"]),
        ("他说「好！」（笑）", ["他", "说", "「好！」", "（笑）"]),
        ("用Python。好", ["用", "Python。", "好"]),
        (" 你\n好 ", ["你\n", "好 "]),
    ],
)
def test_units(text, pieces):
    assert list(units(text)) == pieces


@given(st.text(alphabet="ab。，「」好が.,!? \n“”…", max_size=30))
def test_nothing_is_lost(text):
    assert "".join(units(text)) == text.lstrip()
    assert "".join(split(text)) == "".join(text.split())


@given(st.text(alphabet="ab.,!?'-—…é\u4e00 \n", max_size=30))
def test_without_characters_words_stand_between_spaces(text):
    latin = text.replace("\u4e00", "")
    assert split(latin) == latin.split()


def test_characters_are_told_from_letters():
    assert [is_character(word) for word in ("好", "ア", "。", "a", "1", "")] == [True] * 3 + [
        False
    ] * 3
