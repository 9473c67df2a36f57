"""Characters that stand for others."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from cartesia_server.text.compatibility import letters, numbers
from cartesia_server.text.prepare import prepare

# ruff: noqa: RUF001 -- they look like what they stand for


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("①", "1"),
        ("①②⑳", "1 2 20"),
        ("⒈ ⑵ ❸ ㊿ ⓪", "1 2 3 50 0"),
        ("5㎏ 3㎡ ㎞", "5kg 3m² km"),
        ("oﬃce ﬁne ﬂow", "office fine flow"),
        ("Ⅻ ⅳ", "XII iv"),
        ("ｗｉｄｅ １２", "wide 12"),
        ("𝐁𝐨𝐥𝐝 Ⓐ", "Bold A"),
        ("㈱ ㍿ ㍻", "㈱ ㍿ ㍻"),
        ("x² ½ ℃ … № ™ é ñ 漢 ｶ", "x² ½ ℃ … № ™ é ñ 漢 ｶ"),
    ],
)
def test_is_read_as_what_it_stands_for(text, read):
    assert letters(numbers(text)) == read


def test_no_character_is_too_much_for_it():
    for code in range(0x80, sys.maxunicode + 1):
        one = chr(code)
        if unicodedata.category(one) not in ("Cs", "Co", "Cn"):
            assert letters(numbers(one))


@pytest.mark.parametrize(
    ("language", "strange", "usual"),
    [
        ("en", "Step ① is done.", "Step 1 is done."),
        ("en", "It weighs 5㎏ in the oﬃce.", "It weighs 5kg in the office."),
        ("ja", "重さは5㎏です。", "重さは5kgです。"),
        ("zh", "重5㎏。", "重5kg。"),
        ("es", "Paso ②: ﬁn.", "Paso 2: fin."),
    ],
)
def test_it_sounds_the_same_and_is_written_as_it_was(language, strange, usual):
    [one], [other] = prepare(strange, language), prepare(usual, language)
    assert [word.phonemes for word in one.spoken] == [word.phonemes for word in other.spoken]
    assert "".join(one.written) == strange.replace(" ", "")
