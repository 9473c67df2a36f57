"""Sending what an iterator gives while somebody reads the answers."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def feed_in_background(
    items: Iterator[Item],
    send: Callable[[Item], bool],
    finish: Callable[[], None],
    fail: Callable[[BaseException], None],
    ended: Callable[[], None] = lambda: None,
) -> None:
    """Send items from a thread, as an iterator may block while there are answers to read.

    Args:
        items: If it is a generator, it is closed in the end.
        send: Sends an item; false if no more are wanted.
        finish: Called after the last item.
        fail: Called with what `items`, `send` or `finish` raised.
        ended: Called at the very end, however it came.
    """

    def run() -> None:
        try:
            for item in items:
                if not send(item):
                    break
            else:
                finish()
        except BaseException as error:  # noqa: BLE001 -- for the reader to raise
            fail(error)
        finally:
            ended()
            if isinstance(items, Generator):
                items.close()

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name="cartesia-feeder", daemon=True).start()


async def iterate(items: Iterable[Item] | AsyncIterable[Item]) -> AsyncGenerator[Item, None]:
    """Give what an iterable, async or not, gives; if it is a generator, it is closed in the end."""
    try:
        if isinstance(items, AsyncIterable):
            async for item in items:
                yield item
        else:
            for item in items:
                yield item
    finally:
        if isinstance(items, AsyncGenerator):
            await items.aclose()
        elif isinstance(items, Generator):
            items.close()
