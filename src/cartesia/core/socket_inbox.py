"""Where results wait for their reader: in order, each handed out once, then an end or an error."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from .api_error import WebSocketError

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class Signal(enum.Enum):
    """What an `Inbox` answers when it has no item to give."""

    WAIT = enum.auto()
    END = enum.auto()


WAIT: Literal[Signal.WAIT] = Signal.WAIT
"""Nothing yet: wait until a listener is called, then ask again."""

END: Literal[Signal.END] = Signal.END
"""Nothing any more."""

Listener: TypeAlias = Callable[[], None]


class Inbox(Generic[Item]):
    """A queue without I/O and without locks: both surfaces bring their own way of waiting.

    Whoever waits registers a listener, which `put` and `close` call; it must not block.
    """

    __slots__ = ("_closed", "_error", "_items", "_listeners")

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._closed = False
        self._error: BaseException | None = None
        self._listeners: list[Listener] = []

    @property
    def drained(self) -> bool:
        """Whether nothing will be added any more, and all there was has been taken."""
        return self._closed and not self._items

    def put(self, item: Item) -> None:
        """Add an item. The inbox must not be closed."""
        self._items.append(item)
        self.nudge()

    def close(self, error: BaseException | None = None) -> None:
        """Let readers see the end, or `error`, after the items that wait. The first call counts."""
        if not self._closed:
            self._closed = True
            self._error = error
            self.nudge()

    def clear(self) -> list[Item]:
        """Take all items that wait, at once."""
        items = list(self._items)
        self._items.clear()
        return items

    def take(self) -> Item | Signal:
        """The next item, or `WAIT`, or `END`.

        Raises:
            BaseException: What `close` was given, once all items are taken.
        """
        if self._items:
            return self._items.popleft()
        if not self._closed:
            return WAIT
        if self._error is not None:
            # Several readers may get the same error; each starts a traceback of its own.
            raise self._error.with_traceback(None)
        return END

    def listen(self, listener: Listener) -> None:
        """Have `listener` called at each change."""
        self._listeners.append(listener)

    def unlisten(self, listener: Listener) -> None:
        """Undo `listen`."""
        self._listeners.remove(listener)

    def nudge(self) -> None:
        """Have whoever waits look again."""
        for listener in tuple(self._listeners):
            listener()


class Source(Protocol[Item_co]):
    """What a reader takes from: an inbox, or several in turn."""

    @property
    def inbox(self) -> Inbox[Any]:
        """Where to listen after `take` said `WAIT`."""
        ...

    @property
    def patient(self) -> bool:
        """Whether silence is in order, so that a reader may wait for longer than the timeout."""
        ...

    def take(self) -> Item_co | Signal:
        """The next item, or `WAIT`, or `END`. Raises what ended the source early."""
        ...


class Conversation(Protocol):
    """What is said over a socket, apart from how it gets there."""

    @property
    def full(self) -> bool:
        """Whether the socket should wait for readers before it reads on."""
        ...

    def feed(self, message: bytes | bytearray) -> None:
        """Take in a message. Raises `WebSocketError` if the socket is of no use any more."""
        ...

    @property
    def finished(self) -> bool:
        """Whether all has been said, and the socket should be closed."""
        ...

    def to_send(self) -> list[str]:
        """Messages that nobody asked for but that the server should get."""
        ...

    def lost(self, error: WebSocketError, *, clean: bool) -> None:
        """End what is going on, since the socket is gone.

        Args:
            error: Why.
            clean: Whether the server ended it in order.
        """
        ...

    def close(self) -> None:
        """End everything, because the program closes the socket."""
        ...
