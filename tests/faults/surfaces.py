"""Both surfaces behind one face, so that each test is written once and run on both."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.async_streams import AsyncStream
from cartesia.core.pagination import AsyncPager, PendingAsyncPager

T = TypeVar("T")


class Runner:
    """Runs coroutines one after the other in a loop of its own, and ends it as asyncio.run does."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self._loop.run_until_complete(coroutine)

    def close(self) -> None:
        """End the loop."""
        self.run(self._loop.shutdown_asyncgens())
        self._loop.close()


class Blocking:
    """An object of the asynchronous surface, used as if it were the synchronous one."""

    def __init__(self, target: Any, runner: Runner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if callable(value) or type(value).__module__.startswith("cartesia."):
            return Blocking(value, self._runner)
        return value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._settle(self._target(*args, **kwargs))

    def __iter__(self) -> Iterator[Any]:
        items = aiter(self._target)
        while True:
            try:
                item = self._runner.run(_next(items))
            except StopAsyncIteration:
                return
            yield self._wrap(item)

    def __next__(self) -> Any:
        try:
            return self._runner.run(_next(self._target))
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        close = getattr(self._target, "aclose", None) or self._target.close
        self._runner.run(close())

    def _settle(self, result: Any) -> Any:
        if inspect.isawaitable(result):
            result = self._runner.run(_wait(result))
        return self._wrap(result)

    def _wrap(self, value: Any) -> Any:
        wanted = (AsyncStream, AsyncPager, PendingAsyncPager)
        if isinstance(value, wanted) or inspect.isasyncgen(value):
            return Blocking(value, self._runner)
        return value


async def _wait(awaitable: Any) -> Any:
    return await awaitable


async def _next(items: Any) -> Any:
    return await anext(items)


class Surface:
    """Makes clients of one of the two surfaces."""

    def __init__(self, runner: Runner | None) -> None:
        self.runner = runner
        self._clients: list[Any] = []

    def client(self, base_url: str, **arguments: Any) -> Any:
        """A client of this surface, in the form of the synchronous one."""
        client: Any
        if self.runner is None:
            client = Cartesia(base_url=base_url, **arguments)
        else:
            client = Blocking(AsyncCartesia(base_url=base_url, **arguments), self.runner)
        self._clients.append(client)
        return client

    def settle(self) -> None:
        """Let what is scheduled happen."""
        if self.runner is not None:
            self.runner.run(asyncio.sleep(0.01))

    def close(self) -> None:
        """Close every client, and the loop."""
        for client in self._clients:
            client.close()
        if self.runner is not None:
            self.runner.close()
