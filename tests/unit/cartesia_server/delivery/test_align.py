from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.delivery.align import align

RATE = 16000


def tones(*notes: tuple[float, float]) -> np.ndarray:
    """Buzzes of (Hz, seconds) one after the other; 0 Hz is silence."""
    parts = []
    for pitch, seconds in notes:
        time = np.arange(round(seconds * RATE)) / RATE
        wave = sum(np.sin(2 * np.pi * pitch * n * time) for n in (1, 2, 3)) / 10
        parts.append(wave if pitch else np.zeros(len(time)))
    return np.concatenate(parts).astype(np.float32)


MODEL = tones((0, 0.2), (300, 0.3), (900, 0.3), (2000, 0.3), (0, 0.2))


def paired(recording: np.ndarray, moment: float, anchors: list[tuple[float, float]]) -> float:
    own, other = align(MODEL, recording, anchors)
    assert (np.diff(own) >= 0).all()
    assert (np.diff(other) >= 0).all()
    return float(other[np.argmin(np.abs(own - moment))])


@pytest.mark.parametrize("anchors", [[], [(0.35, 0.4), (0.95, 1.7)]])
def test_borders_of_sounds_are_found_where_they_are(anchors):
    slower = tones((0, 0.1), (300, 0.6), (900, 0.2), (2000, 0.9), (0, 0.3))
    assert paired(slower, 0.5, anchors) == pytest.approx(0.7, abs=0.03)
    assert paired(slower, 0.8, anchors) == pytest.approx(0.9, abs=0.03)


def test_the_level_of_a_recording_does_not_matter():
    assert paired(0.01 * MODEL, 0.8, []) == pytest.approx(0.8, abs=0.03)


def test_silence_can_be_paired_with_sound():
    own, other = align(MODEL, np.zeros(RATE, np.float32), [])
    assert (own[0], other[0]) == (0, 0)
    assert own[-1] == pytest.approx(1.3, abs=0.02)
    assert other[-1] == pytest.approx(1.0, abs=0.02)
