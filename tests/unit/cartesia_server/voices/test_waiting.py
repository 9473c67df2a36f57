"""A database that takes questions and does not answer; its connection is one end of a pair."""

import asyncio
import socket
import threading

import pytest
from sqlalchemy import create_engine

from cartesia_server.voices.waiting import NoAnswer, Questioner

pytestmark = pytest.mark.anyio


class Line:
    """A driver's connection."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()

    def fileno(self):
        return self.ours.fileno()

    def close(self):
        self.ours.close()
        self.theirs.close()

    def ask(self):
        if not self.ours.recv(1):
            raise OSError("the connection is closed")


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


@pytest.fixture
def hasty():
    questioner = Questioner(0.05)
    yield questioner
    questioner.close()


async def test_an_answer_is_passed_on(hasty):
    assert await hasty.ask(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await hasty.ask(divmod, 7, 0)


async def test_who_waits_at_a_connection_is_cut_off(hasty, line):
    def work():
        hasty._note(line, threading.get_ident())
        line.ask()

    with pytest.raises(OSError, match="the connection is closed"):
        await hasty.ask(work)


async def test_who_tries_an_idle_connection_is_cut_off(hasty, line):
    hasty._note(line, None)
    with pytest.raises(OSError, match="the connection is closed"):
        await hasty.ask(line.ask)


async def test_others_are_left_alone(hasty, line):
    hasty._note(line, 0)
    go = threading.Event()
    with pytest.raises(NoAnswer):
        await hasty.ask(go.wait)
    line.theirs.send(b"!")
    line.ask()
    go.set()


async def test_what_takes_its_time_goes_on_while_those_who_wait_for_it_are_told(hasty, line):
    done = threading.Event()

    def work():
        hasty._note(line, threading.get_ident())
        with hasty.unhurried():
            line.ask()
        done.set()

    with pytest.raises(NoAnswer):
        await hasty.ask(work)
    line.theirs.send(b"!")
    assert await asyncio.to_thread(done.wait, 30)


async def test_who_finds_all_threads_waiting_is_told_in_time(hasty):
    go = threading.Event()
    for _ in range(20):
        with pytest.raises(NoAnswer):
            await hasty.ask(go.wait)
    go.set()


async def test_closing_cuts_everybody_off(line):
    patient, asking = Questioner(600.0), threading.Event()
    patient._note(line, 0)

    def work():
        asking.set()
        with pytest.raises(OSError, match="closed"):
            line.ask()

    waiting = threading.Thread(target=work)
    waiting.start()
    asking.wait()
    patient.close()
    waiting.join()


async def test_closing_cuts_off_what_takes_its_time(line):
    patient, asking = Questioner(600.0), threading.Event()
    patient._note(line, 0)

    def work():
        with patient.unhurried():
            asking.set()
            line.ask()

    waiting = asyncio.create_task(patient.ask(work))
    await asyncio.to_thread(asking.wait, 30)
    patient.close()
    with pytest.raises(OSError, match="closed"):
        await waiting


async def test_connections_of_an_engine_are_known_from_their_opening_to_their_close(hasty):
    engine = create_engine("sqlite://")
    hasty.watch(engine)
    with engine.connect():
        assert list(hasty._users.values()) == [threading.get_ident()]
    assert list(hasty._users.values()) == [None]
    engine.dispose()
    assert not hasty._users
