"""Peers that stop to read, or to ask: what is kept for them is let go, on every connection."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

UNREAD = 300.0
"""Seconds after which a peer is left that has read nothing of what is there for it."""

UNASKED = 60.0
"""Seconds in which the head of a request has to come, once a connection is open."""

KEEP_ALIVE = 75
"""Seconds after an answer in which nothing has to come; then uvicorn closes a connection.

Proxies, as nginx, keep theirs for 60. A server that closes first meets requests on their way, which
are lost.
"""


class Watch:
    """Looks after the connections of a server, which by themselves wait for their peers for ever.

    Whoever does not read keeps a stream of speech, its voice and a descriptor; whoever sends a
    request byte by byte keeps a descriptor.

    Args:
        connections: of uvicorn, as they are at any time: protocols with a `transport`, and those
            of HTTP with the `cycle` of their last request.
    """

    def __init__(self, connections: Collection[Any]) -> None:
        self._connections = connections
        self._waits: dict[Any, _Wait] = {}

    def look(self, now: float) -> None:
        """Leave the peers that have kept the server waiting for too long.

        Args:
            now: seconds of any one clock; to be called about once a second.
        """
        waits: dict[Any, _Wait] = {}
        for connection in tuple(self._connections):
            wait = _wait(connection, now)
            if wait is None:
                continue
            before = self._waits.get(connection)
            if before is not None and wait.goes_on(before):
                wait.since = before.since
            if now - wait.since >= wait.patience:
                connection.transport.abort()
            else:
                waits[connection] = wait
        self._waits = waits


@dataclass(slots=True)
class _Wait:
    """What is waited for: that the peer reads, or that it asks again after the request `after`."""

    unsent: int
    after: object
    patience: float
    since: float

    def goes_on(self, before: _Wait) -> bool:
        """Whether nothing has come of an earlier wait. What is unsent may grow: by pings."""
        if self.unsent:
            return 0 < before.unsent <= self.unsent
        return not before.unsent and self.after is before.after


def _wait(connection: Any, now: float) -> _Wait | None:
    """What the server waits for on a connection; None if the peer is not in its debt."""
    unsent = connection.transport.get_write_buffer_size()
    if unsent:
        return _Wait(unsent, None, UNREAD, now)
    if not hasattr(connection, "cycle"):  # a WebSocket; its route knows for how long it may rest
        return None
    cycle = connection.cycle
    if cycle is None:
        return _Wait(0, None, UNASKED, now)
    if cycle.response_complete:
        return _Wait(0, cycle, KEEP_ALIVE + UNASKED, now)
    return None
