"""A socket that is being opened: to be awaited, or entered at once."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from cartesia.core.streams import exception_to_throw


class Closable(Protocol):
    """What can be closed from a task."""

    async def close(self) -> None:
        """Close it."""
        ...


Socket = TypeVar("Socket", bound=Closable)


class PendingSocket(Coroutine[Any, Any, Socket], Generic[Socket]):
    """The result of `websocket()`: ``await`` gives the socket, ``async with`` closes it too."""

    def __init__(self, opening: Coroutine[Any, Any, Socket]) -> None:
        self._opening = opening
        self._socket: Socket | None = None

    def __await__(self) -> Generator[Any, Any, Socket]:
        return self._opening.__await__()

    async def __aenter__(self) -> Socket:
        self._socket = await self._opening
        return self._socket

    async def __aexit__(self, *exc_info: object) -> None:
        if self._socket is not None:
            await self._socket.close()

    # A coroutine like that of 2.x, which may be made into a task.

    def send(self, value: Any) -> Any:
        """Go on; called by the event loop."""
        return self._opening.send(value)

    def throw(self, typ: Any, val: Any = None, tb: TracebackType | None = None) -> Any:
        """Go on with an exception; called by the event loop."""
        return self._opening.throw(exception_to_throw(typ, val, tb))

    def close(self) -> None:
        """Give up."""
        self._opening.close()
