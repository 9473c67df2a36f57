"""Letters as Piper's own front end gives them to its voices."""

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.piper.config import VoiceConfig
from cartesia_server.engines.piper.spelling import spell
from tests.unit.cartesia_server.engines.piper import tiny

# ruff: noqa: RUF001 -- phonetic letters look like others

CONFIG = VoiceConfig.parse(tiny.config(), "en_US-tiny")


def word(phonemes, pause="", text="word"):
    return SpokenWord(text, 0, phonemes, pause)


def letters(spelling, config=CONFIG):
    names = {number: letter for letter, (number, *_) in config.ids.items()}
    return [names[number] for number in spelling.ids]


def told(*words, config=CONFIG):
    """The letters without the pads, which must follow every letter but the end."""
    given = letters(spell(words, config), config)
    assert given[-1] == "$"
    assert set(given[1:-1:2]) == {"_"}
    return "".join(given[::2])


def test_letters_stand_between_pads_and_ends():
    assert letters(spell([word("ju")], CONFIG)) == ["^", "_", "j", "_", "u", "_", "$"]


def test_words_are_divided_and_marks_follow_them():
    assert told(word("hˈaɪ", ","), word("ðɛɹ", "!")) == "^hˈaɪ, ðɛɹ!$"
    assert told(word("tuː θɹiː"), word("wˈʌn", ".")) == "^tuː θɹiː wˈʌn.$"


def test_words_that_run_on_are_not_divided():
    spelling = spell([word("ʌv"), word("ðə"), word("juː")], CONFIG, {0})
    assert "".join(letters(spelling)[::2]) == "^ʌvðə juː$"


def test_ties_go_and_accents_stand_apart():
    assert told(word("t͡ʃˈa͡ɪ")) == "^tʃˈaɪ$".replace("tʃ", "tʃ")
    apart = VoiceConfig.parse(
        tiny.config(phoneme_id_map={"_": [0], "^": [1], "$": [2], "c": [3], "\u0327": [4]}), "x"
    )
    assert told(word("ç"), config=apart) == "^c\u0327$"


def test_marks_that_voices_do_not_know_are_read_as_espeak_does():
    assert told(word("ju", "—"), word("ju", "…")) == "^ju; ju;$"


def test_letters_that_a_voice_does_not_know_are_left_out():
    spelling = spell([word("ǃju"), word("ǃ", text="click")], CONFIG)
    assert [span.phoneme for span in spelling.phonemes] == ["j", "u"]
    start, end = spelling.words[1]
    assert start == end


def test_letters_may_stand_for_others():
    replacing = VoiceConfig.parse(tiny.config(phoneme_map={"ɐ": ["ə"], "x": ["k", "h"]}), "x")
    assert told(word("ɐx"), config=replacing) == "^əkh$"


def test_a_letter_may_have_several_numbers():
    numbers = {"_": [0], "^": [1], "$": [2], "a": [3, 4]}
    config = VoiceConfig.parse(tiny.config(phoneme_id_map=numbers), "x")
    assert spell([word("a")], config).ids == [1, 0, 3, 4, 0, 2]


def test_spans_hold_the_letters_of_words_and_phonemes():
    spelling = spell([word("hˈaɪ", ","), word("", "", "—"), word("ju", ".")], CONFIG)
    given = letters(spelling)

    def inside(start, end):
        return "".join(given[start:end]).replace("_", "")

    assert [inside(*span) for span in spelling.words] == ["hˈaɪ", "", "ju"]
    assert [inside(span.start, span.end) for span in spelling.phonemes] == [
        "h",
        "ˈa",
        "ɪ",
        "j",
        "u",
    ]
    assert [span.phoneme for span in spelling.phonemes] == ["h", "a", "ɪ", "j", "u"]
    assert spelling.pause == "."


def test_the_pause_is_that_of_the_last_sound():
    assert spell([word("ju", "."), word("", "")], CONFIG).pause == "."
    assert spell([word("ju", "."), word("ju", "")], CONFIG).pause == ""
