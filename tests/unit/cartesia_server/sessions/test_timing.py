import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.engines.base import PreparedText, SpokenWord, WordTime
from cartesia_server.sessions.timing import SpokenWords, TimedText, Timeline, WrittenWords


def utterance(written, *spoken):
    """Spoken words are given as (text, index of the written word, pause)."""
    words = tuple(SpokenWord(text, index, "x", pause) for text, index, pause in spoken)
    return PreparedText("en-US", tuple(written.split()), words)


PRICE = utterance(
    "It costs $3.50 now.",
    ("It", 0, ""),
    ("costs", 1, ""),
    ("three", 2, ""),
    ("dollars", 2, ""),
    ("fifty", 2, ""),
    ("now", 3, "."),
)


def times(*indices):
    return [WordTime(index, index * 0.5, index * 0.5 + 0.4) for index in indices]


def test_written_word_lasts_as_long_as_what_renders_it():
    words = WrittenWords(PRICE, 10.0, Timeline())
    assert words.heard(times(0, 1)) == [
        TimedText("It", 10.0, 10.4),
        TimedText("costs", 10.5, 10.9),
    ]
    assert words.heard(times(2, 3)) == []  # the price is not said to its end
    assert words.heard(times(4, 5)) == [
        TimedText("$3.50", 11.0, 12.4),
        TimedText("now.", 12.5, 12.9),
    ]
    assert words.rest() == []


def test_spoken_words_keep_their_punctuation():
    words = SpokenWords(PRICE, 0.0, Timeline())
    heard = words.heard(times(*range(6)))
    assert [word.text for word in heard] == ["It", "costs", "three", "dollars", "fifty", "now."]
    assert words.rest() == []


def test_a_mark_that_is_a_word_of_its_own_is_not_doubled():
    spoken = (SpokenWord("好", 0, "x"), SpokenWord("。", 1, "", "."))
    words = SpokenWords(PreparedText("zh", ("好", "。"), spoken), 0.0, Timeline())
    assert [word.text for word in words.heard(times(0, 1))] == ["好", "。"]


def test_written_word_without_a_sound_has_its_place():
    text = utterance("Well — yes", ("Well", 0, ""), ("yes", 2, ""))
    words = WrittenWords(text, 0.0, Timeline())
    assert words.heard(times(0)) == [TimedText("Well", 0.0, 0.4), TimedText("—", 0.4, 0.4)]
    assert words.heard(times(1)) == [TimedText("yes", 0.5, 0.9)]


def test_words_spoken_in_another_order_come_in_the_order_of_writing():
    text = utterance("£5 million", ("five", 0, ""), ("million", 1, ""), ("pounds", 0, ""))
    words = WrittenWords(text, 0.0, Timeline())
    assert words.heard(times(0, 1)) == []
    placed = words.heard(times(2))
    assert [word.text for word in placed] == ["£5", "million"]
    assert placed[0].end <= placed[1].start <= placed[1].end


def test_rest_gives_out_what_was_cut_off():
    words = WrittenWords(PRICE, 0.0, Timeline())
    words.heard(times(0, 1, 2))
    assert [word.text for word in words.rest()] == ["$3.50", "now."]


def test_nothing_lies_beyond_the_limit():
    timeline = Timeline(limit=1.0)
    assert timeline.place("a", 0.8, 1.2) == TimedText("a", 0.8, 1.0)
    assert timeline.place("b", 1.2, 1.4) == TimedText("b", 1.0, 1.0)


spans = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 5)), max_size=20)


@given(spans)
def test_times_never_overlap_whatever_the_engine_says(spans):
    timeline = Timeline()
    placed = [timeline.place("w", start, start + length) for start, length in spans]
    for before, after in itertools.pairwise(placed):
        assert before.start <= before.end <= after.start <= after.end


@pytest.mark.parametrize("chunks", [[6], [1] * 6, [2, 4], [5, 1]])
def test_chunks_make_no_difference(chunks):
    words, placed, index = WrittenWords(PRICE, 0.0, Timeline()), [], 0
    for size in chunks:
        placed += words.heard(times(*range(index, index + size)))
        index += size
    placed += words.rest()
    assert [word.text for word in placed] == list(PRICE.written)
