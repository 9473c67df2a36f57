import numpy as np
import pytest

from cartesia_server.engines.base import Expression
from cartesia_server.voices.emotions import EMOTIONS, FAMILIES
from cartesia_server.voices.expression import Expressions
from cartesia_server.voices.space import PROSODY, TIMBRE, VoiceSpace


@pytest.fixture(scope="module")
def space():
    return VoiceSpace.load()


@pytest.fixture(scope="module")
def expressions(space):
    return Expressions.load(space)


def test_rate_and_level_move_no_voice(space, expressions):
    voice = space.point("af_heart")
    assert expressions.moved(voice, Expression(rate=1.5, level=2.0)) is voice


@pytest.mark.parametrize("family", FAMILIES)
def test_the_way_of_speaking_moves_and_the_timbre_stays(space, expressions, family):
    voice = space.point("am_michael")
    moved = expressions.moved(voice, FAMILIES[family])
    assert moved.dtype == np.float32
    np.testing.assert_allclose(moved[TIMBRE], voice[TIMBRE], atol=1e-5)
    assert np.linalg.norm(moved[PROSODY] - voice[PROSODY]) > 0.05


def test_opposite_movements_lead_back(space, expressions):
    voice = space.point("af_heart")
    happy = EMOTIONS["happy"].scaled(0.2)
    there = expressions.moved(voice, happy)
    np.testing.assert_allclose(expressions.moved(there, happy.scaled(-1)), voice, atol=1e-4)


def test_no_movement_leaves_the_reach_of_the_space(space, expressions):
    for voice in space.points:
        moved = expressions.moved(voice, FAMILIES["surprise"].scaled(5))
        np.testing.assert_allclose(space.project(moved), moved, atol=1e-4)
