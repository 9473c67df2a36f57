from __future__ import annotations

import asyncio
import logging
import threading
from itertools import count
from typing import Any

import numpy as np
import pytest

from cartesia_server.engines.base import CancelToken, VoicePoint
from cartesia_server.scale.pool import WorkPool
from cartesia_server.voices.clone import Clone
from cartesia_server.voices.refinement import MOST_AT_ONCE, Refiner
from cartesia_server.voices.schema import StoreError

pytestmark = pytest.mark.anyio

ID = "0194e2f1-0000-7000-8000-000000000000"


class Search:
    """Finds a voice in every second of a made-up clock; the n-th is n everywhere."""

    def __init__(self, likeness: dict[int, float], after: int | None = None) -> None:
        self.seconds = 0.0
        self.rehearsed = 0
        self.compared: list[tuple[int, int]] = []
        self.found = [np.zeros(192, np.float32)]
        self.begun = threading.Event()
        self._likeness = likeness
        self._after = after

    @property
    def best(self) -> Clone:
        return Clone(self.found[-1], 0.7, len(self.found))

    @property
    def middle(self) -> VoicePoint:
        found: VoicePoint = self.found[-1].copy()
        return found

    def rehearse(self, cancel: CancelToken) -> Clone:
        cancel.raise_if_cancelled()
        self.begun.set()
        self.seconds += 1.0
        self.rehearsed += 1
        if self._after is None or self.rehearsed <= self._after:
            self.found.append(np.full(192, self.rehearsed, np.float32))
        return self.best

    def likeness(self, point: VoicePoint, number: int, cancel: CancelToken) -> float:
        self.compared.append((int(point[0]), number))
        return self._likeness[int(point[0])]


class Library:
    """Keeps what refined voices became."""

    def __init__(self, error: Exception | None = None) -> None:
        self.kept: list[tuple[str, float]] = []
        self._error = error

    async def refine(self, id: str, embedding: VoicePoint) -> bool:
        if self._error is not None:
            raise self._error
        self.kept.append((id, float(embedding[0])))
        return True


@pytest.fixture
async def pool():
    pool = WorkPool(1)
    yield pool
    await asyncio.to_thread(pool.close)


def refiner(pool, library: Any, search: Any, seconds: float = 3.0) -> Any:
    return Refiner(pool, library, seconds, clock=lambda: search.seconds)


async def test_a_better_voice_takes_the_place_of_the_first(pool):
    library, search = Library(), Search({0: 0.7, 3: 0.8})
    refining = refiner(pool, library, search)
    refining.refine(ID, search)
    await refining.finished()
    assert library.kept == [(ID, 3.0)]
    assert search.rehearsed == 3
    assert sorted(search.compared) == [(0, -2), (0, -1), (3, -2), (3, -1)]


async def test_a_voice_that_only_rehearsed_well_changes_nothing(pool):
    library, search = Library(), Search({0: 0.8, 3: 0.79})
    refining = refiner(pool, library, search)
    refining.refine(ID, search)
    await refining.finished()
    assert library.kept == []


async def test_where_no_better_voice_was_found_none_is_compared(pool):
    library, search = Library(), Search({}, after=0)
    refining = refiner(pool, library, search)
    refining.refine(ID, search)
    await refining.finished()
    assert (search.compared, library.kept) == ([], [])


async def test_no_seconds_refine_nothing(pool):
    library, search = Library(), Search({})
    refining = refiner(pool, library, search, seconds=0.0)
    refining.refine(ID, search)
    await refining.finished()
    assert search.rehearsed == 0


async def test_closing_stops_refinement_and_leaves_the_voice(pool):
    library, search = Library(), Search({0: 0.7})
    refining = refiner(pool, library, search, seconds=1e9)
    refining.refine(ID, search)
    await asyncio.to_thread(search.begun.wait)
    await refining.close()
    rehearsed = await pool.run(lambda cancel: search.rehearsed)
    assert await pool.run(lambda cancel: search.rehearsed) == rehearsed
    assert library.kept == []


async def test_a_closed_pool_or_a_broken_store_is_told_in_the_log(pool, caplog):
    caplog.set_level(logging.INFO, "cartesia_server")
    search = Search({0: 0.7, 1: 0.8})
    refining = refiner(pool, Library(StoreError("full")), search, seconds=1.0)
    refining.refine(ID, search)
    await refining.finished()
    assert [record.voice for record in caplog.records] == [ID]


async def test_more_voices_than_can_wait_stay_as_they_are(pool):
    gate = threading.Event()
    held = asyncio.create_task(pool.run(lambda cancel: gate.wait()))
    searches = [Search({}, after=0) for _ in range(MOST_AT_ONCE + 1)]
    library: Any = Library()
    refining: Any = Refiner(pool, library, 1.0, clock=map(float, count()).__next__)
    for search in searches:
        refining.refine(ID, search)
    gate.set()
    await held
    await refining.finished()
    assert [search.rehearsed for search in searches] == [1] * MOST_AT_ONCE + [0]
