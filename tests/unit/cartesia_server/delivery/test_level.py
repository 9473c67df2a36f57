from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.delivery.level import (
    as_loud,
    gated,
    limited,
    matched,
    mean_power,
    moments_power,
    speech_power,
)

RATE = 16000


class Judge:
    """Takes the frames of a stretch for a voice."""

    def __init__(self, first: int, last: int) -> None:
        self._voice = slice(first, last)

    def feed(self, samples: np.ndarray) -> np.ndarray:
        judged = np.zeros(len(samples) // 512, np.float32)
        judged[self._voice] = 1
        return judged


def test_power_of_speech_leaves_out_what_is_no_voice():
    samples = np.concatenate([np.full(5120, 0.9), np.full(5120, 0.1)]).astype(np.float32)
    assert speech_power(samples, Judge(10, 20)) == pytest.approx(0.01)
    assert speech_power(samples, Judge(0, 0)) is None


def test_power_of_speech_leaves_out_the_gaps_in_it():
    assert gated(np.array([1.0, 1.0, 0.0, 0.0])) == 1.0


def test_the_middle_of_powers_is_that_of_their_decibels():
    assert mean_power([0.16, 0.01]) == pytest.approx(0.04)


def test_what_is_soft_stays_and_what_is_too_loud_is_bent():
    samples = np.array([-0.8, 0.1, 0.8, 3.0, -9.0], np.float32)
    bent = limited(samples)
    assert bent[:3].tolist() == samples[:3].tolist()
    assert np.abs(bent).max() <= 1


def test_level_rises_and_falls_as_that_of_the_other():
    noise = np.random.default_rng(1).normal(0, 0.1, 4 * RATE).astype(np.float32)
    shape = np.repeat([0.1, 0.2], 2 * RATE).astype(np.float32)
    wanted = moments_power(noise * shape, RATE, 400)
    audio = matched(0.5 * noise, RATE, wanted)
    assert audio.std() == pytest.approx((noise * shape).std(), rel=0.05)
    assert audio[RATE : RATE + 8000].std() == pytest.approx(0.01, rel=0.1)


def test_pauses_of_the_other_are_silent():
    noise = np.random.default_rng(1).normal(0, 0.1, 2 * RATE).astype(np.float32)
    other = noise.copy()
    other[RATE // 2 : RATE] *= 0.001
    audio = matched(noise, RATE, moments_power(other, RATE, 200))
    assert np.abs(audio[RATE // 2 + 1000 : RATE - 1000]).max() == 0
    assert np.abs(audio[: RATE // 2 - 1000]).max() > 0.1


def test_level_of_the_whole_can_be_matched_alone():
    noise = np.random.default_rng(1).normal(0, 0.1, 2 * RATE).astype(np.float32)
    audio = as_loud(0.3 * noise, RATE, moments_power(noise, RATE, 200))
    assert audio.tolist() == pytest.approx(noise.tolist(), abs=1e-3)
