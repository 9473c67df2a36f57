import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartesia_server.audio.formats import SAMPLE_RATES
from cartesia_server.audio.resample import StreamResampler, resampled_length

ENGINE_RATES = (24000, 22050)


def resampled(resampler, pieces):
    return np.concatenate([*(resampler.feed(piece) for piece in pieces), resampler.drain()])


@settings(max_examples=60)
@given(
    source=st.sampled_from(ENGINE_RATES),
    target=st.sampled_from(SAMPLE_RATES),
    runs=st.lists(st.lists(st.integers(0, 3000), max_size=4), min_size=1, max_size=4),
)
def test_total_length_is_exact_whatever_the_pieces(source, target, runs):
    """Also when it is drained in between, as at the end of each utterance of a context."""
    resampler = StreamResampler(source, target)
    given_out = 0
    for pieces in runs:
        out = resampled(resampler, [np.zeros(n, np.float32) for n in pieces])
        assert out.dtype == np.float32
        given_out += len(out)
    assert given_out == resampled_length(sum(map(sum, runs)), source, target)


@pytest.mark.parametrize("target", SAMPLE_RATES)
def test_pieces_make_the_same_signal_as_the_whole_in_time_with_the_input(target):
    time = np.arange(24000, dtype=np.float32) / 24000
    tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    whole = resampled(StreamResampler(24000, target), [tone])
    pieces = resampled(StreamResampler(24000, target), np.split(tone, [100, 4900, 9700, 20000]))

    np.testing.assert_allclose(pieces, whole, atol=1e-4)
    ideal = np.sin(2 * np.pi * 440 * np.arange(len(whole)) / target)
    inner = slice(target // 50, -target // 50)
    np.testing.assert_allclose(whole[inner], ideal[inner], atol=1e-3)


@pytest.mark.parametrize("target", [8000, 16000])
def test_what_the_lower_rate_cannot_carry_is_removed_not_folded(target):
    time = np.arange(24000, dtype=np.float32) / 24000
    tone = np.sin(2 * np.pi * 11000 * time).astype(np.float32)
    out = resampled(StreamResampler(24000, target), [tone])
    assert np.sqrt(np.mean(out[200:-200] ** 2)) < 1e-3


def test_no_ending_is_lost():
    burst = np.zeros(24000, np.float32)
    burst[-240:] = np.sin(np.arange(240) / 3)
    out = resampled(StreamResampler(24000, 44100), np.split(burst, 10))
    assert np.abs(out[-300:]).max() > 0.5


@pytest.mark.parametrize("target", SAMPLE_RATES)
def test_little_is_held_back(target):
    """A first piece of 0.2 s must not be swallowed by the filter."""
    out = StreamResampler(24000, target).feed(np.zeros(4800, np.float32))
    assert len(out) / target >= 0.2 - 0.05


def test_equal_rates_pass_through():
    samples = np.arange(5, dtype=np.float32)
    resampler = StreamResampler(24000, 24000)
    assert resampler.feed(samples) is samples
    assert len(resampler.drain()) == 0
