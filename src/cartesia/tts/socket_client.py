"""The clients of this resource with its socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .async_client import AsyncTtsClient
from .sync_client import TtsClient

if TYPE_CHECKING:
    from ssl import SSLContext

    from cartesia.core.socket_pending import PendingSocket

    from ._async_websocket import AsyncTtsWebsocket
    from ._websocket import TtsWebsocket


class TtsClientWithWebsocket(TtsClient):
    """Turns text into speech, over HTTP and over a socket: `client.tts`."""

    def websocket(
        self,
        *,
        timeout: float | None = None,
        ping_interval: float | None = None,
        max_buffered_bytes: int | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> TtsWebsocket:
        """Open a socket, over which speech begins soonest.

        Args:
            timeout: Seconds that opening, sending, or waiting for an output may take; None means
                the client's.
            ping_interval: Seconds between pings, which keep the socket alive; None sends none.
            max_buffered_bytes: Bound on what waits to be read of one context while others go on,
                at least 1 MiB; None means 32 MiB.
            ssl: TLS settings; None means the client's.
            proxy: Address of an HTTP or SOCKS proxy, such as `http://user:password@host:3128` or
                `socks5://host:1080`; None means the client's, or what the environment says.

        Returns:
            The socket, open; leaving its `with` block closes it.

        Raises:
            WebSocketConnectError: It cannot be opened; `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.

        Example::

            with client.tts.websocket() as ws:
                for output in ws.send(
                    model_id="sonic-2",
                    transcript="Hello, world!",
                    voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                    output_format={
                        "container": "raw",
                        "encoding": "pcm_s16le",
                        "sample_rate": 24000,
                    },
                ):
                    print(len(output.audio or b""))
        """
        from ._websocket import TtsWebsocket

        socket = TtsWebsocket(
            self._transport.config,
            timeout=timeout,
            ping_interval=ping_interval,
            max_buffered_bytes=max_buffered_bytes,
            ssl=ssl,
            proxy=proxy,
        )
        socket.connect()
        self._transport.attach(socket._socket)
        return socket


class AsyncTtsClientWithWebsocket(AsyncTtsClient):
    """Turns text into speech, over HTTP and over a socket: `client.tts`."""

    def websocket(
        self,
        *,
        timeout: float | None = None,
        ping_interval: float | None = None,
        max_buffered_bytes: int | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> PendingSocket[AsyncTtsWebsocket]:
        """Open a socket, over which speech begins soonest.

        Args:
            timeout: Seconds that opening, sending, or waiting for an output may take; None means
                the client's.
            ping_interval: Seconds between pings, which keep the socket alive; None sends none.
            max_buffered_bytes: Bound on what waits to be read of one context while others go on,
                at least 1 MiB; None means 32 MiB.
            ssl: TLS settings; None means the client's.
            proxy: Address of an HTTP or SOCKS proxy, such as `http://user:password@host:3128` or
                `socks5://host:1080`; None means the client's, or what the environment says.

        Returns:
            To be awaited for the socket, open, or entered with `async with`, which closes it too.

        Raises:
            WebSocketConnectError: It cannot be opened; `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.

        Example::

            async with client.tts.websocket() as ws:
                outputs = await ws.send(
                    model_id="sonic-2",
                    transcript="Hello, world!",
                    voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                    output_format={
                        "container": "raw",
                        "encoding": "pcm_s16le",
                        "sample_rate": 24000,
                    },
                )
                async for output in outputs:
                    print(len(output.audio or b""))
        """
        from cartesia.core.socket_pending import PendingSocket

        from ._async_websocket import AsyncTtsWebsocket

        async def open_socket() -> AsyncTtsWebsocket:
            socket = AsyncTtsWebsocket(
                self._transport.config,
                timeout=timeout,
                ping_interval=ping_interval,
                max_buffered_bytes=max_buffered_bytes,
                ssl=ssl,
                proxy=proxy,
            )
            await socket.connect()
            self._transport.attach(socket._socket)
            return socket

        return PendingSocket(open_socket())
