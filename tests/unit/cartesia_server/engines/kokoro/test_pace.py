from __future__ import annotations

from collections.abc import Callable

import pytest

from cartesia_server.engines.kokoro.pace import Pace

FRAME = 600  # samples, 25 ms


class Stream:
    """A stream that is made on a machine of some speed, and how many frames its pieces had.

    Attributes:
        stalled: seconds for which its listener had nothing to hear.
    """

    def __init__(self, first: float, *, busy: Callable[[], bool] = lambda: False) -> None:
        self.now = 100.0
        self.stalled = 0.0
        self._heard_until = 0.0
        self._pace = Pace(first, busy, clock=lambda: self.now)

    def pieces(self, count: int, *, frame: float) -> list[int]:
        """Make so many pieces, at so many seconds a frame."""
        return [self._piece(frame) for _ in range(count)]

    def _piece(self, frame: float) -> int:
        size = self._pace.begin()
        self.now += frame * (size + 6)
        if self._heard_until:
            self.stalled += max(self.now - self._heard_until, 0.0)
        self._heard_until = max(self._heard_until, self.now) + size * 0.025
        self._pace.made(size, size * FRAME)
        return size


def test_pieces_double_where_there_is_time_up_to_the_largest():
    assert Stream(0.2).pieces(5, frame=0.001) == [8, 16, 32, 64, 64]


@pytest.mark.parametrize("first", [0.2, 0.3])
@pytest.mark.parametrize("frame", [0.004, 0.008, 0.012])
def test_no_piece_is_late_on_a_machine_that_can_keep_up(frame: float, first: float):
    stream = Stream(first)
    stream.pieces(30, frame=frame)
    assert stream.stalled == 0


def test_pieces_shrink_when_the_machine_becomes_slow_and_grow_when_it_recovers():
    stream = Stream(0.3)
    stream.pieces(3, frame=0.003)
    unforeseen, *slower = stream.pieces(4, frame=0.018)
    assert slower[0] < unforeseen
    assert stream.stalled == 0
    assert stream.pieces(12, frame=0.003)[-1] == 64


def test_a_piece_takes_half_the_time_there_is_at_most():
    stream = Stream(0.5)
    first, second = stream.pieces(2, frame=0.009)
    assert first == 16
    # in half of 0.4 s, at 9 ms for each of its frames and of six more, 16.2 could be made
    assert second == 16
    stream = Stream(0.5)
    assert stream.pieces(2, frame=0.0095) == [16, 12]


def test_on_a_slow_machine_pieces_are_as_large_as_it_takes_to_keep_up():
    stream = Stream(0.2)
    # 8 frames last 0.2 s and take 0.22; 12 last 0.3 s and take 0.29.
    assert stream.pieces(6, frame=0.016) == [8, 12, 12, 12, 12, 12]
    assert stream.stalled == pytest.approx(18 * 0.016 - 8 * 0.025)


@pytest.mark.parametrize("frame", [0.022, 0.05])
def test_on_a_machine_that_cannot_keep_up_they_cost_little_more_than_they_must(frame: float):
    assert Stream(0.3).pieces(5, frame=frame) == [12, 24, 32, 32, 32]
    assert Stream(0.3, busy=lambda: True).pieces(4, frame=frame) == [12, 24, 32, 32]


def test_a_stream_among_others_begins_with_more_and_goes_on_with_less():
    stream = Stream(0.2, busy=lambda: True)
    assert stream.pieces(4, frame=0.001) == [12, 24, 32, 32]


@pytest.mark.parametrize(("first", "frames"), [(0.0, 8), (0.3, 12), (60.0, 64)])
def test_the_first_piece_is_as_long_as_wanted_within_bounds(first: float, frames: int):
    assert Stream(first).pieces(1, frame=0.001) == [frames]
