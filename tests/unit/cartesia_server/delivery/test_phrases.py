from __future__ import annotations

from cartesia_server.delivery.phrases import phrases
from cartesia_server.engines.base import RecognizedWord


def heard(*words: tuple[str, float, float]) -> list[RecognizedWord]:
    return [RecognizedWord(text, start, end, 0.9) for text, start, end in words]


def test_words_in_one_go_are_one_phrase_with_their_times():
    words = heard(("Two", 1.0, 1.2), ("birds", 1.2, 1.6), ("sang.", 1.6, 2.0))
    (phrase,) = phrases(words, "en-US", 0.0, 9.0)
    assert phrase.text.written == ("Two", "birds", "sang.")
    assert phrase.times == ((1.0, 1.2), (1.2, 1.6), (1.6, 2.0))
    assert (phrase.begin, phrase.end) == (0.65, 2.35)


def test_a_long_silence_ends_a_phrase_and_a_short_one_is_a_comma():
    words = heard(("Birds", 0.0, 0.4), ("sang", 0.8, 1.2), ("and", 2.0, 2.2), ("flew", 2.2, 2.6))
    first, second = phrases(words, "en-US", 0.0, 2.6)
    assert first.text.written == ("Birds,", "sang,")
    assert [word.pause for word in first.text.spoken] == [",", ","]
    assert second.text.written == ("and", "flew")
    assert [word.written for word in second.text.spoken] == [0, 1]
    assert second.text.spoken[-1].pause == ","
    assert first.end <= second.begin


def test_a_mark_before_a_silence_is_enough():
    words = heard(("Hola.", 0.0, 0.4), ("好。", 0.8, 1.2), ("Sí", 1.6, 2.0))
    written = [word for phrase in phrases(words, "es", 0.0, 2.0) for word in phrase.text.written]
    assert not [word for word in written if word.endswith(",")]


def test_numbers_are_read_and_keep_the_time_of_what_was_heard():
    words = heard(("In", 0.0, 0.2), ("1984", 0.2, 1.0), ("rain.", 1.0, 1.4))
    (phrase,) = phrases(words, "en-US", 0.0, 1.4)
    said = [word.text for word in phrase.text.spoken if word.written == 1]
    assert len(said) > 1
    assert phrase.times[1] == (0.2, 1.0)


def test_sentences_never_overlap_even_if_words_do():
    words = heard(("Birds", 0.0, 0.5), ("sang.", 0.5, 1.1), ("They", 1.0, 1.3), ("flew.", 1.3, 1.8))
    first, second = phrases(words, "en-US", 0.0, 1.8)
    assert 0.0 <= first.begin < first.end <= second.begin < second.end <= 1.8


def test_neighbours_are_kept_clear_of():
    words = heard(("Birds", 1.0, 1.4), ("sang.", 1.4, 1.8))
    (phrase,) = phrases(words, "en-US", 0.9, 2.0)
    assert phrase.begin == 0.9
    assert phrase.end == 1.9


def test_what_cannot_be_spoken_is_left_out():
    assert phrases(heard(("—", 0.0, 0.2), ("...", 0.3, 0.5)), "en-US", 0.0, 1.0) == []
    assert phrases([], "en-US", 0.0, 1.0) == []
