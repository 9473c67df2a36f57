"""Connections whose peers keep the server waiting; time is an argument."""

from dataclasses import dataclass, field

import pytest

from cartesia_server.peers import KEEP_ALIVE, UNASKED, UNREAD, Watch


@dataclass
class Transport:
    unsent: int = 0
    aborted: bool = False

    def get_write_buffer_size(self):
        return self.unsent

    def abort(self):
        self.aborted = True


@dataclass(eq=False)
class Socket:
    transport: Transport = field(default_factory=Transport)


@dataclass
class Cycle:
    response_complete: bool = False


@dataclass(eq=False)
class Http(Socket):
    cycle: Cycle | None = None


def seconds(watch, first, last):
    for now in range(int(first), int(last)):
        watch.look(float(now))


@pytest.mark.parametrize("kind", [Socket, Http])
def test_one_who_reads_nothing_is_left(kind):
    connection = kind(Transport(70000))
    watch = Watch({connection})
    seconds(watch, 0, UNREAD)
    assert not connection.transport.aborted
    connection.transport.unsent += 6  # a ping
    watch.look(UNREAD)
    assert connection.transport.aborted


def test_one_who_reads_slowly_is_served():
    connection = Socket(Transport(70000))
    watch = Watch({connection})
    for now in range(0, 10 * int(UNREAD), int(UNREAD) - 1):
        watch.look(float(now))
        connection.transport.unsent -= 1
    connection.transport.unsent = 0
    watch.look(20 * UNREAD)
    connection.transport.unsent = 70000
    seconds(watch, 20 * UNREAD, 21 * UNREAD)
    assert not connection.transport.aborted


def test_a_socket_and_an_answer_in_the_making_may_rest():
    connections = {Socket(), Http(cycle=Cycle())}
    watch = Watch(connections)
    seconds(watch, 0, 2 * UNREAD)
    assert not any(connection.transport.aborted for connection in connections)


@pytest.mark.parametrize(
    ("cycle", "patience"), [(None, UNASKED), (Cycle(response_complete=True), KEEP_ALIVE + UNASKED)]
)
def test_one_who_does_not_ask_is_left(cycle, patience):
    connection = Http(cycle=cycle)
    watch = Watch({connection})
    seconds(watch, 0, patience)
    assert not connection.transport.aborted
    watch.look(patience)
    assert connection.transport.aborted


def test_one_who_asks_again_and_again_is_served():
    connection = Http()
    watch = Watch({connection})
    for now in range(10 * int(UNASKED)):
        watch.look(float(now))
        connection.cycle = Cycle(response_complete=True)
    assert not connection.transport.aborted


def test_one_who_has_gone_is_forgotten():
    connections = {Socket(Transport(1))}
    watch = Watch(connections)
    watch.look(0.0)
    connections.clear()
    watch.look(1.0)
    assert not watch._waits
