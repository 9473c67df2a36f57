"""A recording whose beginning is forgotten."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cartesia_server.sessions.tape import Tape


@given(st.lists(st.tuples(st.integers(0, 40_000), st.floats(0, 1)), max_size=12))
def test_positions_stay_what_they_were(steps):
    tape = Tape()
    for count, share in steps:
        tape.append(np.arange(tape.end, tape.end + count, dtype=np.float32))
        needed = int(tape.end * share)
        tape.forget(needed)
        assert tape.start <= max(needed, tape.start)
        begin = max(needed, tape.start)
        np.testing.assert_array_equal(tape.cut(begin, tape.end), np.arange(begin, tape.end))


def test_what_is_forgotten_takes_no_memory():
    tape = Tape()
    for _ in range(100):
        tape.append(np.zeros(16_000, np.float32))
        tape.forget(tape.end - 16_000)
    assert tape.end == 1_600_000
    assert tape.end - tape.start < 100_000
