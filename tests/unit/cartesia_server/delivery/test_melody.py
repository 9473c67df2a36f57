from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.delivery.melody import melody, pitches

RATE = 16000


def voice(hertz: np.ndarray) -> np.ndarray:
    """A buzz with a pitch for every sample; 0 is silence."""
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    buzz = sum(np.sin(n * phase) / n for n in range(1, 20))
    return (0.1 * buzz * (hertz > 0)).astype(np.float32)


def test_pitch_is_that_of_its_moment():
    track = pitches(voice(np.concatenate([np.full(RATE, 100.0), np.full(RATE, 200.0)])))
    assert len(track) == pytest.approx(200, abs=2)
    assert track[50] == pytest.approx(100, rel=0.02)
    assert track[150] == pytest.approx(200, rel=0.02)


def test_melody_is_relative_and_goes_straight_over_what_has_no_voice():
    track = np.array([100.0] * 20 + [0.0] * 10 + [200.0] * 20)
    line = melody(track, np.sqrt(2) * 100, 50)
    assert line[10] == pytest.approx(-6)
    assert line[24] == pytest.approx(0, abs=1)
    assert line[40] == pytest.approx(6)


def test_octaves_off_are_mistakes():
    track = np.array([100.0] * 20 + [400.0] * 5 + [100.0] * 20)
    assert np.abs(melody(track, 100, 45)).max() < 1e-6


def test_without_a_voice_it_stays_in_the_middle():
    assert melody(np.zeros(10), 100, 10).tolist() == [0.0] * 10
    assert not len(pitches(np.zeros(100, np.float32))[1:])


def test_it_is_as_long_as_wanted():
    assert len(melody(np.full(8, 100.0), 100, 12)) == 12
