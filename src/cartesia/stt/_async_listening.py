"""A WebSocket that audio goes out on, whatever it is listened to for."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from ssl import SSLContext
from typing import Any

from typing_extensions import Self

from cartesia.core.client_config import ClientConfig
from cartesia.core.socket_async import AsyncSocket
from cartesia.core.socket_async_connection import AsyncConnection
from cartesia.core.socket_config import socket_config
from cartesia.core.socket_feeder import async_feeding
from cartesia.core.socket_inbox import Conversation

from ._session import SendCheck, Session


class AsyncListeningSocket:
    """What sockets for transcripts and for turns have in common.

    Args:
        config: Settings of the client.
        path: Of the endpoint.
        query: Its parameters; those that are None are left out.
        conversation: What is said over the socket.
        timeout: Seconds that opening, sending, or the answer to a command may take; None means
            the client's.
        ping_interval: Seconds between pings, which keep the socket alive; None sends none.
        ssl: TLS settings; None means the client's.
        proxy: Address of a proxy; None means the client's, or what the environment says.

    Attributes:
        api_key: Key that is sent in a header.
        cartesia_version: Version of the API.
        timeout: Seconds that opening, sending, or the answer to a command may take.
    """

    def __init__(
        self,
        config: ClientConfig,
        path: str,
        query: Mapping[str, object],
        conversation: Conversation,
        *,
        timeout: float | None = None,
        ping_interval: float | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self.api_key = config.api_key
        self.cartesia_version = config.api_version
        self._configure = partial(
            socket_config,
            config,
            path,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )
        settings = self._configure(query)
        self.timeout = settings.timeout
        self._socket = AsyncSocket(settings, conversation)

    @property
    def ws_url(self) -> str:
        """Address of the socket."""
        return self._socket.config.display_url

    @property
    def websocket(self) -> AsyncConnection | None:
        """The connection in use; None when there is none."""
        return self._socket.connection

    async def close(self) -> None:
        """Close the socket and end the session; whoever waits for a result gets an error."""
        await self._socket.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    def _feeding(
        self,
        session: Session[Any],
        chunks: AsyncIterable[bytes] | Iterable[bytes],
        check: SendCheck,
        *commands: str,
    ) -> AbstractAsyncContextManager[None]:
        """Send audio and then commands, while a session goes on; if that fails, it ends."""

        async def transmit(data: bytes | str) -> bool:
            await self._socket.send(lambda: None if session.over else session.sending(data))
            return not session.over

        async def send(chunk: bytes) -> bool:
            return await transmit(check(chunk))

        async def finish() -> None:
            for command in commands:
                await transmit(command)

        def fail(error: BaseException) -> None:
            with self._socket.lock:
                session.finish(error)

        return async_feeding(chunks, send, finish, fail)
