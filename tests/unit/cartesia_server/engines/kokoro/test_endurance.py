from __future__ import annotations

import logging
from collections.abc import Iterator

import numpy as np
import pytest

from cartesia_server.engines.base import SpeechChunk
from cartesia_server.engines.kokoro.endurance import Endurance
from cartesia_server.engines.kokoro.prosody import SAMPLE_RATE


class Machine:
    """One that takes so many seconds for a second of speech."""

    def __init__(self) -> None:
        self.now = 100.0
        self.busy = False
        self.endurance = Endurance(lambda: self.busy, clock=lambda: self.now)

    def speak(self, pieces: int, *, factor: float, first: float = 0.0) -> None:
        """Speak in pieces of a second; the listener takes as long to hear each."""

        def chunks() -> Iterator[SpeechChunk]:
            self.now += first
            for _ in range(pieces):
                self.now += factor
                yield SpeechChunk(np.zeros(SAMPLE_RATE, np.float32))

        for _ in self.endurance.watch(chunks()):
            self.now += 1


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_machine_that_cannot_keep_up_is_told_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        machine.speak(9, factor=1.24)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert vars(record)["real_time_factor"] == 1.24
    assert record.getMessage().startswith("Kokoro takes 1.2 s for a second of speech")


def test_a_machine_that_keeps_up_is_not(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    machine.speak(60, factor=0.9, first=30)
    assert caplog.records == []


def test_streams_that_share_a_machine_tell_nothing_of_it(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.busy = True
    machine.speak(60, factor=3)
    assert caplog.records == []


def test_a_machine_that_becomes_slow_is_told(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.speak(100, factor=0.3)
    machine.speak(25, factor=1.5)
    assert [vars(record)["real_time_factor"] for record in caplog.records] == [1.5]
