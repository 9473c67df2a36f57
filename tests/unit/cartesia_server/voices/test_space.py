from __future__ import annotations

import numpy as np
import pytest

from cartesia_server.engines.base import VoicePoint
from cartesia_server.voices.space import (
    DIMENSIONS,
    PROSODY,
    TIMBRE,
    EmbeddingError,
    VoiceSpace,
)


@pytest.fixture(scope="module")
def space() -> VoiceSpace:
    return VoiceSpace.load()


def reach(space: VoiceSpace, point: VoicePoint) -> float:
    return float(np.sqrt((space.coordinates(point) ** 2).mean(1)).max())


def test_there_are_54_voices_of_192_numbers(space):
    assert len(space.names) == 54
    assert space.points.shape == (54, DIMENSIONS)
    assert space.points.dtype == np.float32
    norms = np.linalg.norm(space.points, axis=1)
    assert 2.1 < norms.min() < norms.max() < 3.8


def test_an_unknown_voice_has_no_point(space):
    with pytest.raises(KeyError, match="af_nobody"):
        space.point("af_nobody")


def test_style_rows_of_a_built_in_voice_average_to_its_point(space):
    rows = space.style_rows(space.point("af_heart"))
    assert rows.shape == (510, 256)
    assert rows.dtype == np.float32
    # Timbre drives the first 128 numbers of a style and prosody the last 128.
    for numbers, styles in ((TIMBRE, slice(0, 128)), (PROSODY, slice(128, 256))):
        mean = rows.mean(0)[styles]
        length = np.linalg.norm(space.point("af_heart")[numbers])
        assert np.linalg.norm(mean) == pytest.approx(length, rel=0.01)


def test_style_varies_with_length_most_for_short_utterances(space):
    rows = space.style_rows(space.point("am_michael"))
    change = np.linalg.norm(rows - rows.mean(0), axis=1)
    assert change[:10].mean() > 2 * change[25:90].mean() > 0


def test_neighbouring_points_have_neighbouring_styles(space):
    point = space.point("bf_emma")
    towards = point + 1e-3 * (space.point("af_heart") - point)
    difference = np.abs(space.style_rows(towards) - space.style_rows(point)).max()
    assert 0 < difference < 0.01


def test_projection_leaves_voices_mixes_and_recombinations_alone(space):
    generator = np.random.default_rng(7)
    mixes = generator.dirichlet(np.full(54, 0.1), size=20) @ space.points
    joined = np.concatenate([space.points[:, TIMBRE], np.roll(space.points, 5, 0)[:, PROSODY]], 1)
    for point in (*space.points, *mixes, *joined):
        np.testing.assert_allclose(space.project(point), point, atol=1e-6)


@pytest.mark.parametrize(
    "numbers",
    [
        np.ones(192),
        np.zeros(192),
        -50 * np.ones(192),
        np.random.default_rng(1).normal(size=192),
        1e30 * np.random.default_rng(2).normal(size=192),
    ],
    ids=["ones", "zeros", "far", "random", "huge"],
)
def test_projection_brings_any_numbers_to_where_voices_lie(space, numbers):
    point = space.project(numbers)
    assert point.dtype == np.float32
    assert reach(space, point) <= 1 + 1e-6
    assert 1.5 < np.linalg.norm(point) < 4
    np.testing.assert_allclose(space.project(point), point, atol=1e-5)


def test_coordinates_lead_back_to_the_point(space):
    for point in space.points:
        coordinates = space.coordinates(point)
        assert coordinates.shape == (2, 53)
        np.testing.assert_allclose(space.at(coordinates), point, atol=1e-6)
        assert 0.35 < reach(space, point) < 0.95


def test_projection_takes_plain_lists(space):
    point = space.point("ff_siwis")
    np.testing.assert_allclose(space.project([float(x) for x in point]), point, atol=1e-6)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ([1.0] * 191, "got 191 numbers, expected 192"),
        ([], "got 0 numbers, expected 192"),
        ([[1.0] * 192], "got an array of 2 axes, expected 192"),
        ([1.0] * 191 + [float("nan")], "got nan at index 191, expected 192 finite"),
        ([float("inf")] + [1.0] * 191, "got inf at index 0, expected 192 finite"),
        ([1e300] * 192, "at index 0, expected 192 finite"),
        (["a"] * 192, "embedding: expected 192 numbers"),
        ([[1.0], [1.0, 2.0]], "embedding: expected 192 numbers"),
    ],
)
def test_numbers_that_cannot_be_a_voice_are_refused(space, numbers, message):
    with pytest.raises(EmbeddingError, match=message):
        space.project(numbers)


def test_mix_averages_by_weight(space):
    heart, george = space.point("af_heart"), space.point("bm_george")
    expected = 0.75 * heart + 0.25 * george
    np.testing.assert_allclose(space.mix([heart, george], [3, 1]), expected, atol=1e-6)


def test_mix_with_a_negative_weight_moves_away(space):
    heart, george = space.point("af_heart"), space.point("bm_george")
    away = space.mix([heart, george], [1.3, -0.3])
    assert np.linalg.norm(away - george) > np.linalg.norm(heart - george)
    assert reach(space, away) <= 1 + 1e-6


@pytest.mark.parametrize("size", [1e308, 1e-308])
def test_weights_of_any_size_mix_alike(space, size):
    points = [space.point("af_heart"), space.point("bm_george")]
    np.testing.assert_allclose(space.mix(points, [size, size]), space.mix(points, [1, 1]))


@pytest.mark.parametrize(
    ("count", "weights", "message"),
    [
        (0, [], "got 0 voices"),
        (2, [1.0], "got 2 voices and 1 weights"),
        (2, [1.0, -1.0], "their sum positive"),
        (2, [0.0, 0.0], "their sum positive"),
        (2, [1.0, float("nan")], "must be finite"),
        (1, [float("inf")], "must be finite"),
        (1, [-1.0], "their sum positive"),
        (3, [1e308, -1e308, 1e-300], "their sum positive"),
        (2, [1.0, -0.9999999999999999], "their sum positive"),
        (50, [-1.0] * 50, r"weights: got \[(-1, ){8}\.\.\.\]; they"),
    ],
)
def test_mix_refuses_weights_that_say_nothing(space, count, weights, message):
    with pytest.raises(EmbeddingError, match=message):
        space.mix([space.points[i] for i in range(count)], weights)
