from __future__ import annotations

import pytest

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.kokoro.alphabet import Speller
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


@pytest.mark.parametrize(
    ("word", "us", "gb"),
    [
        ("Tucson", "tˈuːsˌɑːn", "tˈuːsɒn"),
        ("Joaquin", "wˌɑːkˈiːn", "wˌɑːkˈiːn"),
        ("Nike", "nˈa͡ɪki", "nˈa͡ɪki"),
        ("Airbnb", "ˈɛ͡ɹbˌiːˌɛnbˈiː", "ˈe͡əbˌiːˌɛnbˈiː"),
        ("posthumous", "pˈɑːst͡ʃəməs", "pˈɒst͡ʃʊməs"),
        ("jalapeño", "hˌæləpˈiːnjo͡ʊ", "hˌaləpˈiːnjə͡ʊ"),
        ("omeprazole", "o͡ʊmˈɛpɹəzˌo͡ʊl", "ə͡ʊmˈɛpɹəzˌə͡ʊl"),
        ("Joaquin's", "wˌɑːkˈiːnz", "wˌɑːkˈiːnz"),
        ("Diaz’s", "dˈiːˌæzᵻz", "dˈiːˌazɪz"),
    ],
)
def test_names_and_words_of_other_origin(word, us, gb):
    assert read(f"{word} it is.", "en-US")[0] == us
    assert read(f"{word} it is.", "en-GB")[0] == gb


@pytest.mark.parametrize("word", ["ETA", "every", "experience", "water", "o'clock", "they're"])
def test_what_is_read_right_or_spelled_stays(word):
    assert misread.corrected(word, "en-US") is None


@pytest.mark.parametrize("british", [False, True])
def test_every_phoneme_is_one_that_the_model_knows(british):
    sounds = misread._sounds(british=british)
    assert len(sounds) > 20_000
    language = "en-GB" if british else "en-US"
    spelling = Speller().spell([SpokenWord("", 0, " ".join(sounds.values()))], language)
    unknown = {span.label for span in spelling.phonemes if span.start == span.end}
    assert unknown == set()


def test_phonemes_that_are_given_stay():
    assert read("<<h|ˈ|ʌ|s>> husband")[0] == "hˈʌs"
