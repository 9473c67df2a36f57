"""A session of listening over a WebSocket, without the I/O: what all kinds of it have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

import pydantic_core

from cartesia.core.api_error import WebSocketError, WebSocketOverflowError, hint_for_status
from cartesia.core.socket_inbox import Inbox, Signal

MAX_BUFFERED_BYTES = 64 << 20
"""Bound on results that nobody reads: days of transcript."""

Result = TypeVar("Result")

SendCheck: TypeAlias = Callable[[object], bytes | str]
"""Gives what can be sent for a value; raises `TypeError` if nothing can."""


class Session(Generic[Result]):
    """The results of one session, for its readers.

    Args:
        answered: Commands that the server answers within the timeout.

    Attributes:
        inbox: Where they wait, each with its size in bytes, errors that the server reported among
            them.
        over: Whether nothing more is sent or comes.
        broken: Whether it ended before its time.
        error: What ended it, if anything did but the server in order.
        patient: Whether nothing need come: while audio is sent, there may be nothing to hear.
    """

    def __init__(self, answered: Collection[str | bytes] = ()) -> None:
        self.inbox: Inbox[tuple[Result | WebSocketError, int]] = Inbox()
        self.over = False
        self.broken = False
        self.error: BaseException | None = None
        self.patient = True
        self._answered = answered
        self._buffered = 0

    def sending(self, data: str | bytes) -> str | bytes:
        """Note that something is about to be sent.

        Raises:
            BaseException: What broke the session.
        """
        if self.broken and self.error is not None:
            raise self.error.with_traceback(None)
        if self.patient and data in self._answered:
            self.patient = False
            self.inbox.nudge()
        return data

    def put(self, result: Result | WebSocketError, size: int) -> None:
        """Add a result."""
        if not self.over:
            self._buffered += size
            self.inbox.put((result, size))
            if self._buffered > MAX_BUFFERED_BYTES:
                self.finish(
                    WebSocketOverflowError(
                        f"The session has ended, as over {MAX_BUFFERED_BYTES} bytes of its "
                        "results waited to be read",
                        hint="Read the results while they come.",
                    ),
                    broken=True,
                )

    def take(self) -> Result | Signal:
        """The next result, or `WAIT`, or `END`.

        Raises:
            BaseException: What the server reported, or what ended the session.
        """
        item = self.inbox.take()
        if isinstance(item, Signal):
            return item
        result, size = item
        self._buffered -= size
        if isinstance(result, WebSocketError):
            raise result
        return result

    def finish(self, error: BaseException | None = None, *, broken: bool = False) -> None:
        """End it: readers get `error`, if any, after what waits. The first call counts.

        Args:
            error: Why.
            broken: Whether whoever sends something for it is to be told, too.
        """
        if not self.over:
            self.over = True
            self.broken = broken
            self.error = error
            self.inbox.close(error)


def as_audio(data: object) -> bytes | None:
    """The bytes of a piece of audio; None if it is none."""
    return bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else None


# The texts below begin as those of 2.x do, which programs look for.


def read_message(message: bytes | bytearray) -> dict[str, Any]:
    """The fields of a message of the server.

    Raises:
        WebSocketError: It is no JSON object.
    """
    try:
        fields = pydantic_core.from_json(message)
    except ValueError as problem:
        raise unreadable("is not a JSON object") from problem
    if not isinstance(fields, dict):
        raise unreadable("is not a JSON object")
    return fields


def unreadable(problem: str) -> WebSocketError:
    """The error for a message of the server that is none of this protocol."""
    return WebSocketError(
        f"Error transcribing audio: a message of the server {problem}",
        hint="Check that base_url leads to a Cartesia API, and not to another service.",
    )


def reported(
    fields: Mapping[str, Any], kind: type[WebSocketError] = WebSocketError
) -> WebSocketError:
    """The error that a message of the server tells of."""
    text = fields.get("message") or fields.get("error") or fields.get("title") or "Unknown error"
    status = fields.get("status_code") or fields.get("code")
    status_code = status if isinstance(status, int) else None
    return kind(
        f"Error transcribing audio: {text}",
        status_code=status_code,
        body=dict(fields),
        hint=hint_for_status(status_code),
    )
