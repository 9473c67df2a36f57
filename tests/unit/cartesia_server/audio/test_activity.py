"""Speech in a recording, on scripted probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.audio.activity import first_speech, speech_seconds
from cartesia_server.engines.base import Cancelled, CancelToken
from tests.contract.scripted import LoudnessDetector

SECOND = 16000


def result(steps):
    count = 0
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value, count
        count += 1


def recording(silence, loud):
    return np.repeat(np.array([0.0, 0.5], np.float32), [silence * SECOND, loud * SECOND])


def test_speech_is_looked_for_in_steps():
    samples = recording(600, 100)
    heard, steps = result(first_speech(LoudnessDetector(), samples, CancelToken()))
    assert 60 <= steps <= 64
    assert len(heard) == 60 * SECOND
    assert 0 < np.flatnonzero(heard)[0] < 10 * SECOND


def test_there_may_be_none():
    heard, steps = result(first_speech(LoudnessDetector(), recording(95, 0), CancelToken()))
    assert heard is None
    assert steps == 10


def test_seconds_of_speech_are_counted():
    seconds, _ = result(speech_seconds(LoudnessDetector(), recording(13, 7), CancelToken()))
    assert seconds == pytest.approx(7.0, abs=0.1)


def test_the_search_can_be_cancelled():
    cancel = CancelToken()
    steps = first_speech(LoudnessDetector(), recording(600, 0), cancel)
    next(steps)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(steps)
