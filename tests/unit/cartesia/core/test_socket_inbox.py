"""Items, each once, then an end or an error; and whoever listens is called."""

from __future__ import annotations

import pytest

from cartesia.core.socket_inbox import END, WAIT, Inbox


@pytest.fixture
def inbox() -> Inbox[int]:
    return Inbox()


def test_items_come_in_order_and_once(inbox: Inbox[int]) -> None:
    inbox.put(1)
    inbox.put(2)
    assert [inbox.take() for _ in range(3)] == [1, 2, WAIT]


def test_the_end_comes_after_the_items(inbox: Inbox[int]) -> None:
    inbox.put(1)
    inbox.close()
    assert not inbox.drained
    assert [inbox.take() for _ in range(3)] == [1, END, END]
    assert inbox.drained


def test_an_error_comes_after_the_items_and_to_every_reader(inbox: Inbox[int]) -> None:
    inbox.put(1)
    inbox.close(LookupError("lost"))
    inbox.close()
    assert inbox.take() == 1
    depths = []
    for _ in range(3):
        with pytest.raises(LookupError, match="lost") as caught:
            inbox.take()
        depths.append(len(caught.traceback))
    assert depths[0] == depths[2], "the traceback of one reader is not another's"


def test_clearing_takes_everything(inbox: Inbox[int]) -> None:
    inbox.put(1)
    inbox.put(2)
    assert inbox.clear() == [1, 2]
    assert inbox.take() is WAIT


def test_listeners_are_called_until_they_leave(inbox: Inbox[int]) -> None:
    calls: list[str] = []

    def leave_at_once() -> None:
        calls.append("once")
        inbox.unlisten(leave_at_once)

    def stay() -> None:
        calls.append("stay")

    inbox.listen(leave_at_once)
    inbox.listen(stay)
    inbox.put(1)
    inbox.nudge()
    inbox.close()
    inbox.close()
    assert calls == ["once", "stay", "stay", "stay"]
