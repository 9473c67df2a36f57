"""Speech that is played while it is made: soon where it can be, without gaps where it cannot."""

from __future__ import annotations

import pytest

from cartesia_cli.head_start import HeadStart


class Listener:
    """Hears pieces of audio that are made at some real-time factor.

    Attributes:
        waited: seconds from the first piece until the first sound.
        gaps: seconds of each silence after that.
    """

    def __init__(self, lengths: list[float], *, factor: float) -> None:
        self.waited: float | None = None
        self.gaps: list[float] = []
        self._now = self._until = held = 0.0
        head_start = HeadStart()
        for number, length in enumerate(lengths):
            self._now += length * factor * (number > 0)
            held += length
            if head_start.arrived(length, self._now):
                self._play(held)
                held = 0.0
        if held:
            self._play(held)

    def _play(self, seconds: float) -> None:
        if self.waited is None:
            self.waited = self._until = self._now
        elif self._now > self._until + 1e-6:
            self.gaps.append(self._now - self._until)
        self._until = max(self._until, self._now) + seconds


PIECES = [0.2, 0.4, *[0.8] * 100]


@pytest.mark.parametrize("factor", [0.0, 0.2, 0.5])
def test_speech_that_comes_soon_is_played_from_its_second_piece_on(factor: float) -> None:
    listener = Listener(PIECES, factor=factor)
    assert listener.waited == pytest.approx(0.4 * factor)
    assert listener.gaps == []


@pytest.mark.parametrize("factor", [0.7, 0.95, 1.0, 1.2, 1.5, 3.0])
@pytest.mark.parametrize("count", [3, 10, 30])
def test_slow_speech_of_half_a_minute_has_no_gap(factor: float, count: int) -> None:
    listener = Listener(PIECES[:count], factor=factor)
    assert listener.gaps == []
    assert listener.waited is not None
    assert listener.waited <= sum(PIECES[:count]) * factor


def test_a_long_text_has_few_gaps_on_a_slow_machine() -> None:
    listener = Listener(PIECES * 5, factor=1.2)
    assert listener.waited == pytest.approx(8, abs=1.5)
    assert len(listener.gaps) == 3  # in 400 s


def test_a_single_piece_is_left_to_whoever_knows_that_it_is_the_last() -> None:
    head_start = HeadStart()
    assert not head_start.arrived(5.0, now=1.0)
    assert head_start.factor == 0
