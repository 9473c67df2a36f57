"""Sending what an iterator gives while somebody reads the answers."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Iterator,
)
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TypeVar

from .api_error import ApiError

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


@contextmanager
def feeding(
    items: Iterable[Item],
    send: Callable[[Item], bool],
    finish: Callable[[], None],
    fail: Callable[[BaseException], None],
) -> Iterator[None]:
    """Send items: a list or a tuple at once, what any other iterator gives from a thread.

    Args:
        items: If it is a generator, it is closed in the end.
        send: Sends an item; false if no more are wanted.
        finish: Called after the last item.
        fail: Called with what went wrong, for the reader to raise.

    Raises:
        TypeError: `items` is audio itself.
    """
    _check_pieces(items)
    if isinstance(items, (list, tuple)):
        try:
            if all(send(item) for item in items):
                finish()
        except ApiError as error:
            # What the server said before tells more.
            fail(error)
    else:
        feed_in_background(iter(items), send, finish, fail)
    yield


@asynccontextmanager
async def async_feeding(
    items: Iterable[Item] | AsyncIterable[Item],
    send: Callable[[Item], Awaitable[bool]],
    finish: Callable[[], Awaitable[None]],
    fail: Callable[[BaseException], None],
) -> AsyncIterator[None]:
    """Send items from a task, which ends with the block. Arguments: see `feeding`."""
    _check_pieces(items)

    async def run() -> None:
        try:
            async with aclosing(iterate(items)) as pieces:
                async for item in pieces:
                    if not await send(item):
                        return
            await finish()
        except Exception as error:  # noqa: BLE001 -- for the reader to raise
            fail(error)

    feeder = asyncio.create_task(run())
    try:
        yield
    finally:
        feeder.cancel()
        await asyncio.wait([feeder])


def _check_pieces(items: object) -> None:
    """Refuse audio as a whole, whose items would be numbers."""
    if isinstance(items, (bytes, bytearray, memoryview, str)):
        raise TypeError(
            f"audio_chunks: got {type(items).__name__}; accepted is what gives pieces of audio, "
            "such as the list [audio]"
        )
