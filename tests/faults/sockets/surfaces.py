"""Sockets of both surfaces behind one face, so that threads can use either."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic import BaseModel
from typing_extensions import Self

from cartesia import AsyncCartesia, Cartesia

PATIENCE = 20.0
"""Seconds after which a test that waits has failed."""


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call something in the loop, as a task, and wait for what it gives."""

        async def call() -> Any:
            result = function(*args, **kwargs)
            return await result if inspect.isawaitable(result) else result

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(PATIENCE)

    def close(self) -> None:
        """End the loop as `asyncio.run` does."""

        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self.loop.shutdown_asyncgens()

        self.run(end)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()


class Driven:
    """An object of the asynchronous surface, used from threads as if it were synchronous."""

    def __init__(self, target: Any, loop: LoopThread) -> None:
        self._target = target
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        if name == "close" and hasattr(self._target, "aclose"):
            name = "aclose"
        return self._wrap(getattr(self._target, name))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._wrap(self._loop.run(self._target, *args, **kwargs))

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return self._loop.run(lambda: _next(self._target))
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self) -> Self:
        self._loop.run(self._target.__aenter__)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._loop.run(self._target.__aexit__, *exc_info)

    def _wrap(self, value: Any) -> Any:
        ours = type(value).__module__.startswith("cartesia.") and not isinstance(value, BaseModel)
        if ours or callable(value) or inspect.isasyncgen(value):
            return Driven(value, self._loop)
        return value


async def _next(items: Any) -> Any:
    return await anext(items)


class Sockets:
    """Makes clients of one surface, and runs things at the same time.

    Attributes:
        loop: That of the asynchronous surface.
    """

    def __init__(self, *, asynchronous: bool) -> None:
        self.loop = LoopThread() if asynchronous else None
        self._pool = ThreadPoolExecutor(256)
        self._open: list[Any] = []

    def client(self, base_url: str, **arguments: Any) -> Any:
        """A client, in the form of the synchronous one."""
        arguments = {"timeout": 10, "max_retries": 0, **arguments}
        if self.loop is None:
            return Cartesia(base_url=base_url, **arguments)
        return Driven(AsyncCartesia(base_url=base_url, **arguments), self.loop)

    def tts(self, base_url: str, **arguments: Any) -> Any:
        """A socket for speech, closed after the test."""
        return self._keep(self.client(base_url).tts.websocket(**arguments))

    def stt(self, base_url: str, **arguments: Any) -> Any:
        """A socket for transcription, closed after the test."""
        return self._keep(self.client(base_url).stt.websocket(**arguments))

    def turns(self, base_url: str, **arguments: Any) -> Any:
        """A socket for turns, closed after the test."""
        return self._keep(self.client(base_url).stt.turns(**arguments))

    def start(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Begin to run something beside the test; gives a future."""
        return self._pool.submit(function, *args, **kwargs)

    def texts(self, texts: Iterator[str]) -> Any:
        """An iterator of the kind that suits the surface."""
        if self.loop is None:
            return texts

        async def give() -> Any:
            for text in texts:
                await asyncio.sleep(0)
                yield text

        return give()

    def close(self) -> None:
        """Close all sockets and the loop."""
        for socket in self._open:
            socket.close()
        self._pool.shutdown()
        if self.loop is not None:
            self.loop.close()

    def _keep(self, socket: Any) -> Any:
        self._open.append(socket)
        return socket
