"""Carries out calls: the few lines in which the synchronous and the asynchronous client differ."""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import Self

from .api_error import ApiConnectionError, InvalidArgumentError
from .backend import Backend, Reply
from .client_config import ClientConfig, Timeouts
from .connections import Connections
from .endpoint import Answer, Endpoint, EventsEndpoint, Request
from .outgoing import Outgoing, prepare
from .request_options import CallSettings, RequestOptions, settle
from .retry import Read, ReadFirst, RetryPolicy, Send, Sleep, Step, exchange
from .sse import EventDecoder
from .streams import ByteDecoder, ByteStream, EventStream

if TYPE_CHECKING:
    import httpx

    from .pagination import Listing, SyncPager

T = TypeVar("T")

_logger = logging.getLogger("cartesia")


class BaseTransport:
    """What the transports of both surfaces share.

    One that is pickled or copied has the same settings, and connections of its own.

    Attributes:
        config: Settings of the client.
    """

    def __init__(
        self,
        config: ClientConfig,
        httpx_client: Any = None,
        timeout: Timeouts | None = None,
    ) -> None:
        self.config = config
        self._httpx_client = httpx_client
        if httpx_client is None:
            self._timeout: Timeouts | None = config.timeout
            self._follow_redirects = config.follow_redirects
        else:
            self._timeout = timeout
            self._follow_redirects = httpx_client.follow_redirects
        self._sockets: weakref.WeakSet[Any] = weakref.WeakSet()
        self._lock = threading.Lock()

    def attach(self, socket: Any) -> None:
        """Have a `SyncSocket` or `AsyncSocket` closed together with the client, if it still is."""
        with self._lock:
            self._sockets.add(socket)

    def _attached(self) -> list[Any]:
        with self._lock:
            return list(self._sockets)

    def __deepcopy__(self, memo: object) -> Self:
        return type(self)(self.config, httpx_client=self._httpx_client, timeout=self._timeout)

    def __reduce__(self) -> tuple[type[Self], tuple[ClientConfig]]:
        if self._httpx_client is not None or self.config.ssl is not None:
            raise TypeError(
                "A client with httpx_client=... or ssl=... cannot be pickled; make one in each "
                "process"
            )
        # Without the default TLS settings, which it may have read.
        return type(self), (replace(self.config),)

    def _settle(self, options: RequestOptions | None) -> CallSettings:
        return settle(self.config, options, timeout=self._timeout)

    def _policy(self, settings: CallSettings) -> RetryPolicy:
        return RetryPolicy(settings.max_retries, self._follow_redirects)


class Transport(BaseTransport):
    """Carries out calls in the calling thread. Threads may share it.

    Args:
        config: Settings of the client.
        httpx_client: Makes the connections in place of the library's own pool, if given.
        timeout: What the program chose, which outdoes that of `httpx_client`.
    """

    _httpx_client: httpx.Client | None

    def __init__(
        self,
        config: ClientConfig,
        *,
        httpx_client: httpx.Client | None = None,
        timeout: Timeouts | None = None,
    ) -> None:
        if httpx_client is not None:
            check_httpx_client(httpx_client, "Client")
        super().__init__(config, httpx_client, timeout)
        self._connections: Connections | None = None
        self._process = os.getpid()

    def call(self, endpoint: Endpoint[T], options: RequestOptions | None = None) -> T:
        """Make a call and parse its answer.

        Raises:
            ApiError: It failed, after the retries.
        """
        settings = self._settle(options)
        outgoing = prepare(endpoint.request, self.config, settings)
        reply, body = self._run(outgoing, settings, Read, self._connect())
        return endpoint.parse(Answer(reply.status_code, reply.headers, body))

    def stream_bytes(self, request: Request, options: RequestOptions | None = None) -> ByteStream:
        """Make a call and hand over its body when the first bytes are there.

        Raises:
            ApiError: It failed, after the retries.
        """
        settings = self._settle(options)
        owner, reply, first = self._open(request, settings)
        return ByteStream(owner, reply, first, ByteDecoder(settings.chunk_size))

    def stream_events(
        self, endpoint: EventsEndpoint[T], options: RequestOptions | None = None
    ) -> EventStream[T]:
        """Make a call and hand over its events when the first bytes are there.

        Raises:
            ApiError: It failed, after the retries.
        """
        owner, reply, first = self._open(endpoint.request, self._settle(options))
        decoder = EventDecoder[T](endpoint.parse, endpoint.wanted, reply.headers)
        return EventStream(owner, reply, first, decoder)

    def pages(
        self, endpoint: Endpoint[Listing[T]], options: RequestOptions | None = None
    ) -> SyncPager[T]:
        """Fetch a page of a list, from which the others can be reached.

        Raises:
            ApiError: It failed, after the retries.
        """
        from .pagination import SyncPager, following

        page = self.call(endpoint, options)
        after = following(endpoint, page)
        return SyncPager(
            has_next=after is not None,
            items=page.items,
            get_next=None if after is None else lambda: self.pages(after, options),
            request_id=page.request_id,
        )

    def compute(self, work: Callable[..., T], *args: Any) -> T:
        """Do work that may take a while and is no call, such as reading a file."""
        return work(*args)

    def close(self) -> None:
        """Close all connections, streams and sockets included. A later call opens new ones."""
        self._enter_process()
        if sockets := self._attached():
            from .socket_sync import close_all

            close_all(sockets)
        with self._lock:
            connections, self._connections = self._connections, None
        if connections is not None:
            connections.close()

    def _open(self, request: Request, settings: CallSettings) -> tuple[Connections, Reply, bytes]:
        outgoing = prepare(request, self.config, settings)
        connections = self._connect()
        reply, first = self._run(outgoing, settings, ReadFirst, connections)
        return connections, reply, first

    def _run(
        self,
        outgoing: Outgoing,
        settings: CallSettings,
        read: Callable[[Any], Step],
        connections: Connections,
    ) -> tuple[Reply, bytes]:
        connections.free_abandoned()
        course = exchange(outgoing, self._policy(settings), read, lambda: connections.closed)
        resume: Callable[[Any], Step] = course.send
        outcome: Any = None
        while True:
            try:
                step = resume(outcome)
            except StopIteration as end:
                result: tuple[Reply, bytes] = end.value
                return result
            try:
                outcome, resume = _perform(step, connections.backend), course.send
            except ApiConnectionError as error:
                outcome, resume = error, course.throw

    def _connect(self) -> Connections:
        self._enter_process()
        with self._lock:
            if self._connections is None:
                self._connections = Connections(self._make_backend())
            return self._connections

    def _enter_process(self) -> None:
        """After a fork, leave the connections to the process that made them."""
        if self._process != os.getpid():
            self._process, self._connections, self._lock = os.getpid(), None, threading.Lock()

    def _make_backend(self) -> Backend:
        if self._httpx_client is not None:
            from .httpx_backend import HttpxBackend

            return HttpxBackend(self._httpx_client)

        from .http_client import HttpClient

        return HttpClient(self.config)


def check_httpx_client(client: object, kind: str) -> None:
    """Refuse an httpx client of the other surface, or something else."""
    import httpx

    if not isinstance(client, getattr(httpx, kind)):
        raise InvalidArgumentError(
            f"httpx_client: got {type(client).__name__}; accepted is an httpx.{kind}"
        )


def _perform(step: Step, backend: Backend) -> Any:
    if isinstance(step, Send):
        return backend.send(step.outgoing)
    if isinstance(step, Read):
        return b"".join(step.head.pieces)
    if isinstance(step, ReadFirst):
        return next(step.head.pieces, b"")
    log_retry(step)
    time.sleep(step.seconds)
    return None


def log_retry(step: Sleep) -> None:
    """Tell the program's log, if it listens, why a call takes longer."""
    _logger.info("retrying in %.2f s after %s", step.seconds, type(step.reason).__name__)
