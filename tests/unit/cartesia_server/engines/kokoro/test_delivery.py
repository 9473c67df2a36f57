from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cartesia_server.engines.base import CancelToken, DeliverablePlan, Delivery
from cartesia_server.engines.kokoro.plan import Part, Pass, Plan
from cartesia_server.engines.kokoro.prosody import FRAME, SAMPLE_RATE, Prosody
from tests.unit.cartesia_server.engines.kokoro.fakes import AFFINE, FakeModels, prosody


def sung(durations: list[int], hertz: float) -> Prosody:
    plain = prosody(durations, (20, 2 * sum(durations) - 8))
    pitch = np.where(plain.energy > 0, hertz, 10).astype(np.float32)
    return Prosody(plain.text, pitch, plain.energy, plain.durations, plain.style)


def plan_of(*prosodies: Prosody) -> Plan:
    models: Any = FakeModels()
    return Plan(models, [Part(Pass.trimmed(one, AFFINE, "")) for one in prosodies], 0.4)


def delivery(seconds: float, own: float, melody: float = 0.0) -> Delivery:
    """The plan's own audio, `own` seconds of it, at an even pace."""
    count = round(seconds * 100)
    return Delivery(np.linspace(0, own, count), np.full(count, melody))


def audio_of(plan: Any) -> np.ndarray:
    return np.concatenate([chunk.samples for chunk in plan.chunks(CancelToken())])


@pytest.mark.parametrize("seconds", [0.31, 2.0, 3.334, 9.0])
def test_it_is_exactly_as_long_as_wanted(seconds):
    plan = plan_of(sung([12, 60, 8], 100))
    assert isinstance(plan, DeliverablePlan)
    spoken = plan.delivered(delivery(seconds, plan.length / SAMPLE_RATE))
    wanted = round(round(seconds * 100) * 0.01 * SAMPLE_RATE)
    assert spoken.length == len(audio_of(spoken)) == wanted


def test_sounds_are_heard_when_they_are_wanted():
    plan = plan_of(sung([12, 60, 8], 100))
    begin, own = plan.passes[0].begin, plan.length / SAMPLE_RATE
    audio = audio_of(plan.delivered(delivery(2 * own, own)))
    # The audio of a frame is its number: each is heard for twice its time.
    at = np.arange(3000, len(audio) - 3000, 500)
    expected = (begin + at / 2) / FRAME / 1000
    assert np.abs(audio[at] - expected).max() < 0.0015


def test_silence_before_and_after_is_what_the_model_made():
    plan = plan_of(sung([12, 60, 8], 100))
    own = plan.length / SAMPLE_RATE
    moments = np.concatenate([np.linspace(-2, 0, 50), np.linspace(0, own, 100)])
    (part,) = plan.delivered(Delivery(moments, np.zeros(150))).passes
    assert part.prosody.energy[0, 2 * part.begin // FRAME] == -5
    assert (np.diff(part.prosody.text[0, 0]) >= 0).all()
    assert part.prosody.text[0, 0, 0] == 0
    assert part.prosody.text[0, 0, -1] == 79


def test_melody_moves_from_the_middle_of_the_voice():
    plan = plan_of(sung([12, 60, 8], 100))
    own = plan.length / SAMPLE_RATE
    (part,) = plan.delivered(delivery(own, own, melody=6.0)).passes
    middle = part.prosody.pitch[0, part.prosody.frames]
    assert middle == pytest.approx(100 * 2**0.5, rel=1e-3)
    (part,) = plan.delivered(delivery(own, own, melody=60.0)).passes
    assert part.prosody.pitch.max() < 200


def test_a_voice_without_pitch_stays_without():
    plan = plan_of(prosody([12, 60, 8], (20, 150)))
    (part,) = plan.delivered(delivery(1.0, 1.0, melody=6.0)).passes
    assert part.prosody.pitch.max() == 0


def test_passes_follow_each_other():
    plan = plan_of(sung([12, 60, 8], 100), sung([12, 100, 8], 100))
    own = plan.length / SAMPLE_RATE
    spoken = plan.delivered(delivery(own / 2, own))
    first, second = spoken.passes
    assert first.length + second.length == spoken.length
    assert first.length == pytest.approx(plan.passes[0].length / 2, abs=SAMPLE_RATE * 0.02)


def test_a_pass_that_is_not_wanted_is_left_out():
    plan = plan_of(sung([12, 60, 8], 100), sung([12, 100, 8], 100))
    spoken = plan.delivered(delivery(1.0, plan.passes[0].length / SAMPLE_RATE / 2))
    assert len(spoken.passes) == 1
    assert spoken.length == SAMPLE_RATE
