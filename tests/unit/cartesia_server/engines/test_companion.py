from __future__ import annotations

import threading

import pytest

from cartesia_server.engines.companion import Companion


@pytest.fixture
def companion():
    companion = Companion()
    yield companion
    companion.close()


def test_it_works_beside_the_caller(companion):
    wait = companion.begin(threading.get_ident)
    assert wait is not None
    assert wait() != threading.get_ident()
    assert companion.run(threading.get_ident) == threading.get_ident()


def test_it_does_one_thing_at_a_time(companion):
    release = threading.Event()
    wait = companion.begin(release.wait)
    assert companion.begin(release.wait) is None
    release.set()
    assert wait()
    while (again := companion.begin(lambda: "next")) is None:
        threading.Event().wait(0.001)  # until the thread has told that it is done
    assert again() == "next"


def test_it_rests_while_another_stream_works(companion):
    assert companion.run(lambda: companion.begin(list)) is None
    assert companion.begin(list) is not None


def test_it_is_busy_while_somebody_works(companion):
    assert not companion.busy
    assert companion.run(lambda: companion.busy)
    release = threading.Event()
    wait = companion.begin(release.wait)
    assert companion.busy
    release.set()
    assert wait()


def test_what_fails_fails_where_it_is_awaited(companion):
    def work():
        raise ValueError("broken")

    wait = companion.begin(work)
    assert wait is not None
    with pytest.raises(ValueError, match="broken"):
        wait()
    with pytest.raises(ValueError, match="broken"):
        companion.run(work)
    assert companion.begin(list) is not None
