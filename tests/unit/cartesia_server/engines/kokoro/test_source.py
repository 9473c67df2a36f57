from __future__ import annotations

import numpy as np

from cartesia_server.engines.kokoro.source import COLUMNS, Source

PITCH = np.concatenate([np.zeros(10), np.linspace(90, 240, 60), np.zeros(10)])[None].astype("f4")
FRAMES = PITCH.size // 2


def test_pieces_are_the_whole():
    whole = Source(PITCH).spectrum(0, FRAMES)
    assert whole.shape == (1, 22, FRAMES * COLUMNS + 1)
    pieces = Source(PITCH)
    for first, last in ((0, 5), (3, 17), (12, 40)):
        expected = whole[:, :, first * COLUMNS : last * COLUMNS + 1]
        got = pieces.spectrum(first, last)
        assert np.abs(got[:, :11] - expected[:, :11]).max() < 1e-6


def test_a_later_start_changes_nothing():
    whole = Source(PITCH).spectrum(0, FRAMES)
    later = Source(PITCH, 7).spectrum(7, 20)
    assert np.abs(later[:, :11] - whole[:, :11, 7 * COLUMNS : 20 * COLUMNS + 1]).max() < 1e-6


def test_unvoiced_frames_have_no_harmonics():
    magnitude = Source(np.zeros((1, 20), np.float32)).spectrum(0, 10)[0, 1:11]
    assert magnitude.max() < 0.2  # the bias alone, spread by the window
    assert Source(PITCH).spectrum(10, 20)[0, 1:11].max() > 0.5


def test_the_constant_bin_never_has_a_phase_of_minus_pi():
    phase = Source(PITCH).spectrum(0, FRAMES)[0, 11]
    assert set(np.round(phase, 4)) <= {0.0, np.float32(3.1416)}


def test_the_fundamental_follows_the_pitch():
    # 200 Hz for a second: the excitation repeats every 120 samples, 24 columns.
    magnitude = Source(np.full((1, 80), 200, np.float32)).spectrum(4, 36)[0, :11]
    assert np.abs(magnitude[:, 24:] - magnitude[:, :-24]).max() < 1e-3
