from __future__ import annotations

import pytest

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.kokoro.alphabet import Speller

# ruff: noqa: RUF001 -- phonetic letters look like others

SPELLER = Speller()
LETTERS = {number: letter for letter, number in SPELLER._ids.items()}


def words(*pairs: tuple[str, str]) -> list[SpokenWord]:
    return [SpokenWord("w", index, *pair) for index, pair in enumerate(pairs)]


def spelled(language: str, *phonemes: str) -> str:
    spelling = SPELLER.spell(words(*((sound, "") for sound in phonemes)), language)
    return "".join(LETTERS[number] for number in spelling.ids)


@pytest.mark.parametrize(
    ("language", "phonemes", "letters"),
    [
        ("en-US", "tˈe͡ɪk", "tˈAk"),
        ("en-US", "bˈɜːd", "bˈɜɹd"),
        ("en-US", "fˈɜːɹi", "fˈɜɹi"),
        ("en-US", "wˈɔːɾɚ", "wˈɔTəɹ"),
        ("en-US", "bˈʌʔn̩", "bˈʌtᵊn"),
        ("en-US", "bˈɑːɾə͡lz", "bˈɑTᵊlz"),
        ("en-US", "nˌɪ͡ɹ", "nˌɪɹ"),
        ("en-US", "fˈa͡ɪ͡ɚ", "fˈIəɹ"),
        ("en-US", "sˈa͡ɪ͡əns", "sˈIəns"),
        ("en-US", "ɚɹˈa͡ʊnd", "əɹˈWnd"),
        ("en-US", "dˈʊ͡ɹɹɪŋ", "dˈʊɹɪŋ"),
        ("en-US", "zˈi͡əɹo͡ʊ", "zˈɪɹO"),
        ("en-US", "stˈɔː͡ɹɹi", "stˈɔɹi"),
        ("en-GB", "fˈa͡ɪ͡ə", "fˈIə"),
        ("en-US", "tolkˈiːn", "tɔlkˈin"),
        ("en-GB", "ɡˌə͡ʊ", "ɡˌQ"),
        ("en-GB", "ðˈe͡ə", "ðˈɛː"),
        ("en-GB", "nˌi͡ə", "nˌɪə"),
        ("en-GB", "bˈɜːd", "bˈɜːd"),
        ("fr", "bɔ̃ʒˈuʁ", "bɔ̃ʒˈuʁ"),
        ("it", "pˈit͡sːa", "pˈiʦːa"),
        ("es", "βˌe͡ɪnte", "βˌAnte"),
        ("zh", "ʈ͡ʂʊ˥ŋ", "ꭧʊ→ŋ"),
        ("zh", "t͡ɕʰjo͡u˧˥", "ʨʰjou↗"),
        ("zh", "ɕɥe˥˩", "ɕɥe↘"),
        ("zh", "wo˨˩˦mən", "wo↓mən"),
        ("ja", "kʲoːt͡ɕi", "kʲoːʨi"),
        ("ja", "d͡ʑɨd͡zot͡sɨ", "ʥɨʣoʦɨ"),
    ],
)
def test_the_alphabet_of_each_language(language, phonemes, letters):
    assert spelled(language, phonemes) == letters


def test_sounds_that_the_model_does_not_know_are_left_out():
    assert spelled("hi", "bʱaː") == "baː"


def test_words_are_divided_by_spaces_and_followed_by_their_pause():
    spelling = SPELLER.spell(words(("hɐv", ","), ("bɪn", "!")), "en-US")
    assert "".join(LETTERS[number] for number in spelling.ids) == "həv, bɪn!"
    assert spelling.words == [(0, 3), (5, 8)]


def test_a_lone_mark_is_timed_and_a_silent_word_takes_nothing():
    spelling = SPELLER.spell(words(("fɔɹ", ""), ("", "—"), ("", ""), ("ɹɪt", "?")), "en-US")
    assert "".join(LETTERS[number] for number in spelling.ids) == "fɔɹ — ɹɪt?"
    assert spelling.words == [(0, 3), (4, 5), (5, 5), (6, 9)]


def test_a_word_read_as_several_keeps_them_together():
    spelling = SPELLER.spell(words(("twˈɛnti fˈa͡ɪv", "")), "en-US")
    assert "".join(LETTERS[number] for number in spelling.ids) == "twˈɛnti fˈIv"
    assert spelling.words == [(0, len(spelling.ids))]


def test_phonemes_keep_their_ipa_and_cover_their_letters():
    spelling = SPELLER.spell(words(("t͡ʃˈe͡ɪn", ".")), "en-US")
    assert [
        (span.label, "".join(LETTERS[number] for number in spelling.ids[span.start : span.end]))
        for span in spelling.phonemes
    ] == [("t͡ʃ", "ʧ"), ("e͡ɪ", "ˈA"), ("n", "n")]


def test_characters_of_a_word_are_not_divided_and_marks_follow_at_once():
    spoken = [
        SpokenWord("你", 0, "ni˧˥"),
        SpokenWord("好", 1, "xa͡u˨˩˦", joined=True),
        SpokenWord("，", 2, "", ",", joined=True),
        SpokenWord("OK", 3, "ˌo͡ʊkˈe͡ɪ", language="en-US"),
    ]
    spelling = SPELLER.spell(spoken, "zh")
    assert "".join(LETTERS[number] for number in spelling.ids) == "ni↗xau↓, ˌOkˈA"
    assert spelling.words == [(0, 3), (3, 7), (7, 8), (9, 14)]
    assert spelling.spaces == [8]


def test_a_spelling_without_its_first_words_keeps_its_tokens():
    spelling = SPELLER.spell(words(("hɐv", ","), ("bɪn", "!")), "en-US")
    later = spelling.without(1)
    assert later.ids == spelling.ids
    assert later.words == [(5, 8)]
    assert later.begin == 5
    assert later.spaces == spelling.spaces == [4]
    assert [span.label for span in later.phonemes] == ["b", "ɪ", "n"]
