from __future__ import annotations

from collections.abc import Sequence

import pytest

from cartesia_server.engines.kokoro.alphabet import TokenSpan
from cartesia_server.engines.kokoro.plan import Pass
from cartesia_server.engines.kokoro.timing import TokenTimes
from tests.unit.cartesia_server.engines.kokoro.fakes import AFFINE, prosody

FRAME = 0.025
LEAD = 0.005  # seconds before the first sound
AHEAD = 1 / 30  # seconds by which the sound is ahead of its tokens


def times_of(
    durations: list[int], audible: tuple[int, int], first: int = 0, spaces: Sequence[int] = ()
) -> TokenTimes:
    return TokenTimes(Pass.trimmed(prosody(durations, audible), AFFINE, "."), first, spaces)


def test_words_follow_the_durations_from_where_the_audio_begins():
    # begin 10 frames, tokens of 4, 2 and 6 frames, end 3; heard from frame 10 to 22
    times = times_of([10, 4, 2, 6, 3], (20, 44))
    first, second = times.words([(0, 1), (2, 3)])
    assert (first.index, first.start) == (0, 0.0)
    assert first.end == pytest.approx(LEAD + 4 * FRAME - AHEAD)
    assert second.start == pytest.approx(LEAD + 6 * FRAME - AHEAD)
    assert second.end == pytest.approx(LEAD + 12 * FRAME - AHEAD)


def test_a_word_begins_with_the_space_before_it():
    # tokens 7 to 12 of an utterance: a, space, b, c, space, d
    times = times_of([10, 4, 2, 6, 3, 2, 4, 3], (20, 62), 7, spaces=[3, 8, 11, 40])
    first, second, third = times.words([(7, 8), (9, 11), (12, 13)])
    assert first.end == second.start == pytest.approx(LEAD + 4 * FRAME - AHEAD)
    assert second.end == third.start == pytest.approx(LEAD + 15 * FRAME - AHEAD)
    b, c = times.phonemes([TokenSpan("b", 9, 10), TokenSpan("c", 10, 11)])
    assert b.start == second.start
    assert b.end == c.start == pytest.approx(LEAD + 12 * FRAME - AHEAD)


def test_a_word_ends_where_it_falls_silent():
    # the second token lasts to frame 30, but is heard up to frame 18 only
    times = times_of([10, 4, 16, 6], (20, 36))
    word = times.words([(0, 2)])[0]
    assert word.end == pytest.approx(LEAD + 8 * FRAME)


def test_a_silent_word_sits_at_the_end_of_the_one_before():
    times = times_of([10, 4, 3], (20, 30))
    words = times.words([(0, 0), (0, 1), (1, 1)])
    assert (words[0].start, words[0].end) == (0.0, 0.0)
    assert words[2].start == words[2].end == words[1].end


def test_times_never_leave_the_audio_and_never_go_back():
    times = times_of([10, 1, 1, 30], (40, 60))
    words = times.words([(0, 1), (1, 2)])
    edges = [edge for word in words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[0] >= 0


def test_tokens_and_words_of_a_later_run_keep_their_numbers():
    times = times_of([10, 4, 3], (20, 28), 5)
    (word,) = times.words([(5, 6)], 3)
    alone = times_of([10, 4, 3], (20, 28)).words([(0, 1)])[0]
    assert (word.index, word.start, word.end) == (3, alone.start, alone.end)


def test_a_word_that_goes_on_in_the_next_run_ends_with_its_own():
    part = Pass.trimmed(prosody([10, 4, 3], (20, 28)), AFFINE, ".")
    (word,) = TokenTimes(part).words([(0, 9)])
    assert (word.start, word.end) == (0.0, times_of([10, 4, 3], (20, 28)).words([(0, 1)])[0].end)


def test_phonemes_without_letters_are_left_out():
    times = times_of([10, 4, 4, 3], (20, 36))
    spans = [TokenSpan("a", 0, 1), TokenSpan("x", 1, 1), TokenSpan("b", 1, 2)]
    assert [time.phoneme for time in times.phonemes(spans)] == ["a", "b"]
