from __future__ import annotations

import pytest

from cartesia_server.text.align import align, units

# ruff: noqa: RUF001 -- phonetic letters look like others


def test_units_keep_stress_ties_and_modifiers_with_their_letter():
    assert units("t͡ʃˈɜːt͡ʃ") == ["t͡ʃ", "ˈɜː", "t͡ʃ"]
    assert units("bˈʌʔn̩") == ["b", "ˈʌ", "ʔ", "n̩"]
    assert units("tˈuː wˈʌn") == ["t", "ˈuː", "w", "ˈʌ", "n"]
    assert units("") == []


@pytest.mark.parametrize(
    ("groups", "alone", "words"),
    [
        # as many groups as words
        (["ðə", "kˈæt"], [["ðə"], ["kˈæt"]], ["ðə", "kˈæt"]),
        # two words run together
        (
            ["bˈɛst", "ʌvðə", "kˈæts"],
            [["bˈɛst"], ["ʌv"], ["ðə"], ["kˈæts"]],
            ["bˈɛst", "ʌv", "ðə", "kˈæts"],
        ),
        # one word read as two, beside two run together
        (
            ["ʌvðə", "twˈɛnti", "fˈaɪv"],
            [["ʌv"], ["ðə"], ["twˈɛnti", "fˈaɪv"]],
            ["ʌv", "ðə", "twˈɛnti fˈaɪv"],
        ),
        # reduced in context: "have been"
        (["aɪ", "hɐvbɪn"], [["aɪ"], ["hæv"], ["bˈiːn"]], ["aɪ", "hɐv", "bɪn"]),
        # words that are not pronounced
        (["jˈɛs"], [[], ["jˈɛs"], []], ["", "jˈɛs", ""]),
        # a group that no reading alone foresaw goes to the word before it
        (["wˈʌn", "ænd", "tˈuː"], [["wˈʌn"], ["tˈuː"]], ["wˈʌn ænd", "tˈuː"]),
        ([], [[], []], ["", ""]),
    ],
)
def test_every_word_gets_its_phonemes(groups, alone, words):
    assert align(groups, alone) == words


def test_a_word_is_not_robbed_by_an_equal_neighbour():
    # "of the the": matching by equal strings alone would leave the first "the" without a sound.
    assert align(["ʌvðə", "ðə"], [["ʌv"], ["ðə"], ["ðə"]]) == ["ʌv", "ðə", "ðə"]


def test_hopeless_sizes_are_shared_out_in_proportion():
    groups = ["ab" * 600]
    one, other = align(groups, [["ab" * 300], ["ab" * 300, "x"]])
    assert one + other == groups[0]
    assert abs(len(one) - len(other)) < 10
