"""Where the asynchronous surface runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


def running_loop() -> AbstractEventLoop:
    """The event loop that runs in this thread.

    Raises:
        RuntimeError: None of asyncio does.
    """
    from asyncio import get_running_loop

    try:
        return get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "AsyncCartesia works within asyncio, and no event loop of asyncio runs here; in other "
            "frameworks use Cartesia, in a thread: trio.to_thread.run_sync(...)"
        ) from None
