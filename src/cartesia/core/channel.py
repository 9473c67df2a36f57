"""Speech over a WebSocket, without the I/O: which message belongs to whom, and what it ends.

A `Channel` is fed the messages of one socket. It files them by context, and within a context by
segment, for the readers that wait there. Shells with I/O feed it, send what `to_send` gives, and
wait on the inboxes of its readings.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import pydantic_core

from .api_error import InvalidArgumentError, WebSocketError, WebSocketOverflowError
from .channel_context import Context
from .channel_events import parse_message, unreadable_error
from .client_config import check_count

MAX_BUFFERED_BYTES = 32 << 20
"""Default bound on what waits for the readers of one context: minutes of the widest format."""

MIN_BUFFERED_BYTES = 1 << 20
"""The least bound that makes sense: several times what is read at once, and ahead."""

READ_AHEAD_BYTES = 256 << 10
"""While nobody waits, no more is read once this much waits on the whole channel."""


class Channel:
    """All contexts of one socket.

    Attributes:
        deferred: What finalisers, which may run at any moment, want done when `to_send` is next
            called; each gives the message to send, if any.
        buffered: Bytes that wait for readers of contexts that are not over.
    """

    def __init__(self, max_buffered: int = MAX_BUFFERED_BYTES) -> None:
        self.deferred: deque[Callable[[], str | None]] = deque()
        self.buffered = 0
        self._contexts: dict[str, Context] = {}
        self._max_buffered = max_buffered
        self._outgoing: list[str] = []

    @property
    def finished(self) -> bool:
        """Never: a further context may always be opened."""
        return False

    @property
    def full(self) -> bool:
        """Whether the socket should wait for readers before it reads on."""
        return self.buffered >= READ_AHEAD_BYTES

    def open(self, context_id: str | None = None) -> Context:
        """Begin a context.

        Args:
            context_id: Its name; None makes one that nobody else has.

        Raises:
            InvalidArgumentError: The name is empty, or in use.
        """
        if context_id is None:
            context_id = str(uuid.uuid4())
        if not isinstance(context_id, str) or not context_id:
            raise InvalidArgumentError(
                f"context_id: got {context_id!r}; accepted is a text that is not empty, or None"
            )
        if context_id in self._contexts:
            raise InvalidArgumentError(
                f"context_id: {context_id!r} is in use on this socket; accepted is an id of your "
                "own for each context, or None"
            )
        context = self._contexts[context_id] = Context(self, context_id)
        return context

    def feed(self, message: bytes | bytearray) -> None:
        """Take in a message of the server.

        Raises:
            WebSocketError: It is no message of this protocol, and the socket is of no use.
        """
        try:
            event = parse_message(message)
        except ValueError as problem:
            self._misread(message, problem)
            return
        if event is None:
            return
        for context in self._addressed(event.context_id, event.type == "error"):
            context.receive(event, len(message))
            # A reader may not have had the time to take what came last.
            if context.buffered - len(message) > self._max_buffered:
                self._abort(
                    context,
                    WebSocketOverflowError(
                        f"context_id: {context.id!r} has ended, as over {self._max_buffered} bytes "
                        "of its results waited to be read"
                    ),
                )

    def to_send(self) -> list[str]:
        """Messages that nobody asked for but that the server should get."""
        while self.deferred:
            message = self.deferred.popleft()()
            if message is not None:
                self._outgoing.append(message)
        messages, self._outgoing = self._outgoing, []
        return messages

    def lost(self, error: WebSocketError, *, clean: bool) -> None:  # noqa: ARG002
        """End every context for which something was sent, since the socket is gone."""
        for context in self._opened():
            context.finish(error)

    def close(self) -> None:
        """End every context, because the program closes the socket."""
        for context in tuple(self._contexts.values()):
            context.cancel("closed together with its socket")

    def forget(self, context: Context) -> None:
        """Drop what comes for a context from now on."""
        if self._contexts.get(context.id) is context:
            del self._contexts[context.id]
            self.buffered -= context.buffered

    def _opened(self) -> list[Context]:
        return [context for context in self._contexts.values() if context.opened]

    def _addressed(self, context_id: Any, is_error: bool) -> Iterable[Context]:
        """The contexts that a message is for."""
        if isinstance(context_id, str):
            context = self._contexts.get(context_id)
            return (context,) if context is not None and context.opened else ()
        opened = self._opened()
        # Some servers leave the name out where there is but one; an error without a name
        # concerns the whole socket.
        return opened if is_error or len(opened) == 1 else ()

    def _misread(self, message: bytes | bytearray, problem: ValueError) -> None:
        try:
            fields = pydantic_core.from_json(message)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise unreadable_error("a message is not a JSON object") from problem
        error = unreadable_error(f"a message of type {fields.get('type')!r} makes no sense")
        error.__cause__ = problem
        for context in self._addressed(fields.get("context_id"), fields.get("type") == "error"):
            self._abort(context, error)

    def _abort(self, context: Context, error: WebSocketError) -> None:
        message = context.abort(error)
        if message is not None:
            self._outgoing.append(message)


def check_bound(max_buffered: int | None) -> int:
    """Settle how much may wait for the readers of one context.

    Raises:
        InvalidArgumentError: It is so little that readers in time would be cut off.
    """
    if max_buffered is None:
        return MAX_BUFFERED_BYTES
    return check_count("max_buffered_bytes", max_buffered, least=MIN_BUFFERED_BYTES)
