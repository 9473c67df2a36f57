from __future__ import annotations

import pytest

from cartesia_server.text.english import misread
from cartesia_server.text.espeak import espeak
from cartesia_server.text.prepare import prepare

# ruff: noqa: RUF001 -- phonetic letters look like others


def read(text: str, language: str = "en-US") -> list[str]:
    return [word.phonemes for part in prepare(text, language) for word in part.spoken]


def test_words_that_are_misread():
    assert read("My Husband faced it.")[1:3] == ["hˈʌzbənd", "fˈe͡ɪst"]


def test_fifteen_does_not_sound_like_fifty():
    assert read("It costs $15.")[2].startswith("fɪftˈ")
    assert read("It costs $50.")[2].startswith("fˈɪft")


def test_the_accent_decides():
    assert read("necessary", "en-US")[0].endswith("ˌɛɹi")
    assert read("necessary", "en-GB") == espeak().phonemes("necessary", "gmw/en")


@pytest.mark.parametrize(("language", "voice"), [("en-US", "gmw/en-US"), ("en-GB", "gmw/en")])
def test_no_word_is_in_the_table_that_is_read_right(language, voice):
    words = [row[0] for row in misread._ROWS]
    right = [w for w in words if espeak().phonemes(w, voice) == [misread.corrected(w, language)]]
    assert right == []
    assert words == sorted(set(words))


def test_phonemes_that_are_given_stay():
    assert read("<<h|ˈ|ʌ|s>> husband")[0] == "hˈʌs"
