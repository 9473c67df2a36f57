"""Carries out calls in event loops.

The asynchronous side of `transport`. Asyncio is imported where it is used: it takes a while, and
synchronous programs import this module too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .api_error import ApiConnectionError
from .async_connections import LoopConnections
from .async_streams import AsyncByteStream, AsyncEventStream, Opened
from .backend import AsyncBackend, AsyncReply
from .client_config import ClientConfig, Timeouts
from .endpoint import Answer, Endpoint, EventsEndpoint, Request
from .event_loop import running_loop
from .outgoing import Outgoing, prepare
from .pagination import AsyncPager, Listing, PendingAsyncPager, following
from .request_options import CallSettings, RequestOptions
from .retry import Read, ReadFirst, Send, Step, exchange
from .sse import EventDecoder
from .streams import ByteDecoder
from .transport import BaseTransport, check_httpx_client, log_retry

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    import httpx

T = TypeVar("T")


class AsyncTransport(BaseTransport):
    """Carries out calls in any event loop, each with connections of its own.

    Args:
        config: Settings of the client.
        httpx_client: Makes the connections in place of the library's own pool, if given.
        timeout: What the program chose, which outdoes that of `httpx_client`.
    """

    _httpx_client: httpx.AsyncClient | None

    def __init__(
        self,
        config: ClientConfig,
        *,
        httpx_client: httpx.AsyncClient | None = None,
        timeout: Timeouts | None = None,
    ) -> None:
        if httpx_client is not None:
            check_httpx_client(httpx_client, "AsyncClient")
        super().__init__(config, httpx_client, timeout)
        self._connections: dict[AbstractEventLoop, LoopConnections] = {}

    async def call(self, endpoint: Endpoint[T], options: RequestOptions | None = None) -> T:
        """Make a call and parse its answer.

        Raises:
            ApiError: It failed, after the retries.
        """
        settings = self._settle(options)
        outgoing = await self._prepare(endpoint.request, settings)
        reply, body = await self._run(outgoing, settings, Read, await self._connect())
        return endpoint.parse(Answer(reply.status_code, reply.headers, body))

    def stream_bytes(
        self, request: Request, options: RequestOptions | None = None
    ) -> AsyncByteStream:
        """Give the body of a call that is made when the stream is awaited or iterated over."""
        settings = self._settle(options)

        async def send() -> Opened:
            return await self._open(request, settings)

        return AsyncByteStream(send, lambda _: ByteDecoder(settings.chunk_size))

    def stream_events(
        self, endpoint: EventsEndpoint[T], options: RequestOptions | None = None
    ) -> AsyncEventStream[T]:
        """Give the events of a call that is made when the stream is awaited or iterated over."""
        settings = self._settle(options)

        async def send() -> Opened:
            return await self._open(endpoint.request, settings)

        return AsyncEventStream(
            send, lambda headers: EventDecoder[T](endpoint.parse, endpoint.wanted, headers)
        )

    def pages(
        self, endpoint: Endpoint[Listing[T]], options: RequestOptions | None = None
    ) -> PendingAsyncPager[T]:
        """Give a list that is fetched when it is awaited or iterated over."""

        async def fetch(endpoint: Endpoint[Listing[T]]) -> AsyncPager[T]:
            page = await self.call(endpoint, options)
            after = following(endpoint, page)
            return AsyncPager(
                has_next=after is not None,
                items=page.items,
                get_next=None if after is None else lambda: fetch(after),
                request_id=page.request_id,
            )

        return PendingAsyncPager(lambda: fetch(endpoint))

    async def compute(self, work: Callable[..., T], *args: Any) -> T:
        """Do work that may take a while and is no call, such as reading a file."""
        from asyncio import to_thread

        return await to_thread(work, *args)

    async def aclose(self) -> None:
        """Close all connections, streams and sockets included. A later call opens new ones."""
        from asyncio import gather, get_running_loop

        await gather(*(socket.close() for socket in self._attached()))
        here = self._connections.pop(get_running_loop(), None)
        # Connections of other loops are closed there, when nothing refers to them any more.
        self._connections.clear()
        if here is not None:
            await here.aclose()

    async def _prepare(self, request: Request, settings: CallSettings) -> Outgoing:
        if request.files:
            return await self.compute(prepare, request, self.config, settings)
        return prepare(request, self.config, settings)

    async def _open(self, request: Request, settings: CallSettings) -> Opened:
        outgoing = await self._prepare(request, settings)
        connections = await self._connect()
        reply, first = await self._run(outgoing, settings, ReadFirst, connections)
        return Opened(connections, reply, first)

    async def _run(
        self,
        outgoing: Outgoing,
        settings: CallSettings,
        read: Callable[[Any], Step],
        connections: LoopConnections,
    ) -> tuple[AsyncReply, bytes]:
        course = exchange(outgoing, self._policy(settings), read, lambda: connections.closed)
        resume: Callable[[Any], Step] = course.send
        outcome: Any = None
        while True:
            try:
                step = resume(outcome)
            except StopIteration as end:
                result: tuple[AsyncReply, bytes] = end.value
                return result
            try:
                outcome, resume = await _perform(step, connections.backend), course.send
            except ApiConnectionError as error:
                outcome, resume = error, course.throw

    async def _connect(self) -> LoopConnections:
        loop = running_loop()
        if loop not in self._connections:
            # Loops of other threads may come and go meanwhile.
            for other in tuple(self._connections):
                if other.is_closed():
                    self._connections.pop(other, None)
            self._connections[loop] = connections = LoopConnections(self._make_backend(), loop)
            await connections.start()
        return self._connections[loop]

    def _make_backend(self) -> AsyncBackend:
        if self._httpx_client is not None:
            from .httpx_backend import AsyncHttpxBackend

            return AsyncHttpxBackend(self._httpx_client)

        from .http_client import AsyncHttpClient

        return AsyncHttpClient(self.config)


async def _perform(step: Step, backend: AsyncBackend) -> Any:
    if isinstance(step, Send):
        return await backend.send(step.outgoing)
    if isinstance(step, Read):
        return b"".join([piece async for piece in step.head.pieces])
    if isinstance(step, ReadFirst):
        return await anext(step.head.pieces, b"")
    from asyncio import sleep

    log_retry(step)
    await sleep(step.seconds)
    return None
