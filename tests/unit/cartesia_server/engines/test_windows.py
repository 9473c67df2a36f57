"""Cuts between words."""

import numpy as np

from cartesia_server.engines.base import RecognizedWord
from cartesia_server.engines.windows import SAMPLE_RATE, Seam, find_seam


def words(*times):
    return [RecognizedWord(f"w{n}", start, end, 0.9) for n, (start, end) in enumerate(times)]


def sound(seconds, *quiet):
    samples = np.full(int(seconds * SAMPLE_RATE), 0.5, np.float32)
    for start, end in quiet:
        samples[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)] = 0.01
    return samples


def found(samples, said, earliest) -> Seam:
    seam = find_seam(samples, said, earliest)
    assert seam is not None
    return seam


def test_the_quietest_gap_is_chosen():
    samples = sound(4, (0.98, 1.02), (1.9, 2.1))
    seam = found(samples, words((0, 1), (1, 2), (2, 3), (3, 4)), earliest=0.0)
    assert seam.words == 2
    assert 1.9 <= seam.at / SAMPLE_RATE <= 2.1


def test_a_late_gap_is_preferred_to_a_quiet_one_before_the_earliest_place():
    samples = sound(4, (0.9, 1.1))
    seam = found(samples, words((0, 1), (1, 2), (2, 3), (3, 4)), earliest=1.5)
    assert seam.words in (2, 3)


def test_where_there_is_no_late_gap_the_last_one_will_do():
    seam = found(sound(4), words((0, 1), (1, 2)), earliest=3.0)
    assert seam.words == 1


def test_the_last_word_is_never_kept():
    assert find_seam(sound(4), words((0, 4)), earliest=0.0) is None
    assert find_seam(sound(4), [], earliest=0.0) is None


def test_times_outside_the_samples_do_no_harm():
    seam = found(sound(1), words((0, 0.5), (5, 6)), earliest=0.0)
    assert 0 <= seam.at <= SAMPLE_RATE
