from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.voices.features import (
    SAMPLE_RATE,
    SpeakerEncoder,
    cepstral_statistics,
    levelled,
    mel_filters,
    pitch_statistics,
    pitch_track,
    power_spectrum,
    without_silence,
)


def voice(hertz: float, seconds: float = 1.0, formant: float = 700.0) -> np.ndarray:
    """A buzz through a formant: what voiced speech is to a pitch tracker."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    harmonics = np.arange(1, int(SAMPLE_RATE / 2 / hertz))
    loudness = 1 / (1 + ((harmonics * hertz - formant) / 150) ** 2) + 0.02
    waves = np.sin(2 * np.pi * hertz * harmonics[:, None] * time) * loudness[:, None]
    return np.asarray(0.05 * waves.sum(0), np.float32)


@pytest.mark.parametrize("hertz", [70, 110, 180, 260, 400])
def test_the_pitch_of_a_voice_is_found_without_octave_errors(hertz):
    track = pitch_track(voice(hertz))
    assert (track > 0).mean() > 0.9
    assert np.median(track) == pytest.approx(hertz, rel=0.02)
    assert np.abs(np.log2(track[track > 0] / hertz)).max() < 0.5


def test_noise_and_silence_have_no_pitch():
    noise = np.random.default_rng(0).normal(0, 0.1, SAMPLE_RATE).astype(np.float32)
    assert (pitch_track(noise) > 0).mean() < 0.1
    assert not pitch_track(np.zeros(SAMPLE_RATE, np.float32)).any()
    assert pitch_track(np.zeros(100, np.float32)).shape == (0,)


def test_pitch_statistics_tell_height_and_spread():
    glide = np.concatenate([voice(hertz, 0.4) for hertz in (100, 120, 140)])
    median, spread, mean, share = pitch_statistics(glide)
    assert np.exp(median) == pytest.approx(120, rel=0.03)
    assert np.exp(mean) == pytest.approx(120, rel=0.05)
    assert 0.1 < spread < 0.4
    assert share > 0.85
    assert pitch_statistics(voice(120))[1] < 0.02


def test_a_clip_without_voice_gets_the_statistics_of_an_average_one():
    assert pitch_statistics(np.zeros(SAMPLE_RATE, np.float32))[3] == 0


def test_silence_is_left_out():
    quiet = np.zeros(SAMPLE_RATE, np.float32)
    clip = np.concatenate([quiet, voice(150), quiet, voice(150), quiet])
    kept = without_silence(clip)
    assert len(kept) == pytest.approx(2 * SAMPLE_RATE, rel=0.03)
    assert len(without_silence(quiet)) == 0
    assert len(without_silence(quiet[:50])) == 0


def test_mel_filters_have_equal_areas_and_rising_centres():
    filters = mel_filters(512, 40)
    assert filters.shape == (40, 257)
    areas = filters.sum(1) * SAMPLE_RATE / 512
    np.testing.assert_allclose(areas, 1, atol=0.3)
    assert (np.diff(filters.argmax(1)) > 0).all()


def test_the_power_spectrum_peaks_where_the_tone_is():
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 1000 * time).astype(np.float32)
    power = power_spectrum(tone, 512)
    assert power.shape == (101, 257)
    assert (power[3:-3].argmax(1) == 32).all()


def test_the_cepstrum_tells_the_throat_whatever_the_level_and_hardly_by_the_pitch():
    statistics = [
        cepstral_statistics(levelled(voice(hertz, 2.0, formant) * np.float32(level)))
        for hertz, formant, level in ((110, 700, 1), (110, 700, 0.2), (120, 700, 1), (110, 900, 1))
    ]
    same, louder, higher, other = (one[:24] for one in statistics)
    np.testing.assert_allclose(louder, same, atol=1e-3)
    assert np.linalg.norm(higher - same) < 0.7 * np.linalg.norm(other - same)
    assert statistics[0].shape == (72,)


def test_all_of_a_short_clip_is_heard_equally_often():
    low, high = voice(110, 1.0, 600), voice(160, 1.0, 1200)
    encoder = SpeakerEncoder()
    one, other = (encoder.embed(np.concatenate(halves)) for halves in ((low, high), (high, low)))
    assert one @ other > 0.99
