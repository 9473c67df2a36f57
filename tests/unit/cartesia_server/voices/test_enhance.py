from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.voices.enhance import enhance


def bursts(seconds: float = 4.0) -> np.ndarray:
    """Speech-like: a buzz in bursts, with pauses between."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    buzz = sum(np.sin(2 * np.pi * 140 * k * time) / k for k in range(1, 20))
    return (0.1 * buzz * (np.sin(2 * np.pi * 1.5 * time) > 0)).astype(np.float32)


def noise_left(clean: np.ndarray, heard: np.ndarray) -> float:
    scale = float(heard @ clean / (clean @ clean))
    return float(10 * np.log10(np.mean((heard - scale * clean) ** 2) / np.mean(clean**2)))


@pytest.mark.parametrize("level", [0.3, 0.1])
def test_steady_noise_is_turned_down(level):
    clean = bursts()
    noise = np.random.default_rng(3).normal(size=len(clean))
    noisy = (clean + level * clean.std() * noise).astype(np.float32)
    cleaned = enhance(noisy)
    assert cleaned.shape == noisy.shape
    assert cleaned.dtype == np.float32
    assert noise_left(clean, cleaned) < noise_left(clean, noisy) - 2.5


def test_a_clean_clip_passes_as_it_is():
    clean = bursts()
    np.testing.assert_allclose(enhance(clean), clean, atol=1e-4)


@pytest.mark.parametrize("length", [0, 100, 2047])
def test_too_short_to_judge_passes_as_it_is(length):
    clip = bursts()[:length]
    assert enhance(clip) is clip


def test_silence_stays_silence():
    assert np.abs(enhance(np.zeros(16_000, np.float32))).max() == 0
