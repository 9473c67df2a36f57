import pytest

from cartesia_server.engines.base import PLAIN, Expression
from cartesia_server.voices.emotions import EMOTIONS, FAMILIES, WITHOUT_EFFECT, controlled

API = """
neutral happy excited enthusiastic elated euphoric triumphant amazed surprised flirtatious
joking/comedic curious content peaceful serene calm grateful affectionate trust sympathetic
anticipation mysterious angry mad outraged frustrated agitated threatened disgusted contempt
envious sarcastic ironic sad dejected melancholic disappointed hurt guilty bored tired rejected
nostalgic wistful apologetic hesitant insecure confused resigned anxious panicked alarmed scared
proud confident distant skeptical contemplative determined
"""


def test_every_emotion_of_the_api_is_known():
    assert sorted(EMOTIONS) == sorted(API.split())


def test_only_those_said_to_be_without_effect_are():
    assert {name for name, found in EMOTIONS.items() if found == PLAIN} == set(WITHOUT_EFFECT)


def test_an_expression_grows_with_its_strength():
    for family in FAMILIES.values():
        assert family.scaled(0) == PLAIN
        assert family.scaled(1) == family
        twice, joined = family.scaled(2), family.joined(family)
        assert twice.pitch == joined.pitch
        assert twice.range == pytest.approx(joined.range)
        assert twice.rate == pytest.approx(joined.rate)


def test_slight_emotions_move_less_than_strong_ones():
    pitches = [EMOTIONS[name].pitch for name in ("content", "happy", "euphoric")]
    assert pitches == sorted(pitches)


def test_levels_of_controls_rise():
    levels = ("lowest", "low", "", "high", "highest")
    tags = [f"anger:{level}" if level else "Anger" for level in levels]
    efforts = [controlled([tag]).effort for tag in tags]
    assert efforts == sorted(efforts)
    assert len(set(efforts)) == len(levels)


def test_controls_add_up_and_the_last_of_a_name_counts():
    both = controlled(["sadness:high", "anger:low", "sadness"])
    assert both == FAMILIES["sadness"].joined(FAMILIES["anger"].scaled(0.7))
    assert controlled([]) == Expression()


@pytest.mark.parametrize("tag", ["", "joy", "anger:", "anger:huge", "anger:high:low", ":high"])
def test_controls_that_nobody_knows_are_named(tag):
    with pytest.raises(KeyError) as refusal:
        controlled(["anger", tag])
    assert refusal.value.args == (tag,)
