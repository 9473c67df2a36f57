"""The clients."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import Self

from .base_client import AsyncBaseCartesia, BaseCartesia
from .environment import CartesiaEnvironment

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

    from .stt.socket_client import AsyncSttClientWithWebsocket, SttClientWithWebsocket
    from .tts.socket_client import AsyncTtsClientWithWebsocket, TtsClientWithWebsocket


class Cartesia(BaseCartesia):
    """The Cartesia speech API.

    Threads may share a client. It keeps connections open for later calls; `close`, or leaving a
    `with` block, closes them. A client that was closed opens new ones when it is used again.

    Processes may not share connections, so each has its own: a client that was pickled, key and
    all, or deeply copied, or that is used after a fork, opens new ones. One with `httpx_client` or
    `ssl` cannot be pickled.

    Args:
        api_key: The key; without it, that of the environment variable `CARTESIA_API_KEY`. Servers
            of one's own may need none.
        base_url: Address of the server; without it, that of the environment variable
            `CARTESIA_BASE_URL`, else that of `environment`. Sockets use it too, `http` as `ws`
            and `https` as `wss`.
        environment: Where the cloud service lives.
        timeout: Seconds that connecting, or waiting for the next bytes, may take; 60 by default,
            or what `httpx_client` says. An `httpx.Timeout` tells these apart; sockets take its
            `connect` for opening, and its `read` for all else.
        follow_redirects: Whether redirects are followed; to other servers without the key.
        httpx_client: Makes the HTTP connections, with its own proxies, transports, TLS settings
            and timeout. It is not closed with this client.
        max_retries: How often a failed request is repeated; 2 by default.
        headers: Further headers of every request.
        api_version: Version of the API, a date; `2024-11-13` by default.
        websocket_url: Address for sockets, where it is not that of `base_url`.
        ssl: TLS settings of HTTP connections and sockets; the usual authorities are trusted by
            default.
        proxy: Address of a proxy for HTTP connections and sockets; by default what the
            environment says.

    Raises:
        InvalidArgumentError: There is neither key nor address, or an argument cannot be right.

    Example::

        with Cartesia() as client:
            client.tts.bytes(
                model_id="sonic-2",
                transcript="Hello, world!",
                voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                output_format={
                    "container": "wav",
                    "encoding": "pcm_s16le",
                    "sample_rate": 24000,
                },
            ).write_to_file("hello.wav")
    """

    @cached_property
    def stt(self) -> SttClientWithWebsocket:
        """Speech to text, over HTTP and over a socket."""
        from .stt.socket_client import SttClientWithWebsocket

        return SttClientWithWebsocket(self._transport)

    @cached_property
    def tts(self) -> TtsClientWithWebsocket:
        """Text to speech, over HTTP and over a socket."""
        from .tts.socket_client import TtsClientWithWebsocket

        return TtsClientWithWebsocket(self._transport)

    def close(self) -> None:
        """Close all connections, those of streams and sockets too. Twice is harmless."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class AsyncCartesia(AsyncBaseCartesia):
    """The Cartesia speech API, for asyncio.

    Any event loop may use a client, and several may share one; each has connections of its own.
    They are closed when the loop ends, or before by `close` or by leaving an `async with` block. A
    client that was closed opens new ones when it is used again.

    Args:
        api_key: As for `Cartesia`, and so are all that are not described here.
        base_url: Address of the server.
        environment: Where the cloud service lives.
        timeout: Seconds that connecting, or waiting for the next bytes, may take.
        follow_redirects: Whether redirects are followed.
        httpx_client: An `httpx.AsyncClient` that makes the HTTP connections.
        max_num_connections: Kept so that programs for 2.x run. Neither HTTP connections nor
            sockets are limited by it.
        max_retries: How often a failed request is repeated.
        headers: Further headers of every request.
        api_version: Version of the API.
        websocket_url: Address for sockets.
        ssl: TLS settings of HTTP connections and sockets.
        proxy: Address of a proxy for HTTP connections and sockets.

    Attributes:
        timeout: Seconds that waiting for the next bytes may take.
        max_num_connections: As given.

    Raises:
        InvalidArgumentError: There is neither key nor address, or an argument cannot be right.

    Example::

        async with AsyncCartesia() as client:
            audio = await client.tts.bytes(
                model_id="sonic-2",
                transcript="Hello, world!",
                voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                output_format={
                    "container": "wav",
                    "encoding": "pcm_s16le",
                    "sample_rate": 24000,
                },
            )
            await audio.write_to_file("hello.wav")
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        environment: CartesiaEnvironment = CartesiaEnvironment.PRODUCTION,
        timeout: float | httpx.Timeout | None = None,
        follow_redirects: bool = True,
        httpx_client: httpx.AsyncClient | None = None,
        max_num_connections: int = 10,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        api_version: str | None = None,
        websocket_url: str | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            base_url=base_url,
            environment=environment,
            timeout=timeout,
            follow_redirects=follow_redirects,
            httpx_client=httpx_client,
            max_retries=max_retries,
            headers=headers,
            api_version=api_version,
            websocket_url=websocket_url,
            ssl=ssl,
            proxy=proxy,
        )
        self.timeout = self._transport.config.timeout.read
        self.max_num_connections = max_num_connections

    @cached_property
    def stt(self) -> AsyncSttClientWithWebsocket:
        """Speech to text, over HTTP and over a socket."""
        from .stt.socket_client import AsyncSttClientWithWebsocket

        return AsyncSttClientWithWebsocket(self._transport)

    @cached_property
    def tts(self) -> AsyncTtsClientWithWebsocket:
        """Text to speech, over HTTP and over a socket."""
        from .tts.socket_client import AsyncTtsClientWithWebsocket

        return AsyncTtsClientWithWebsocket(self._transport)

    async def close(self) -> None:
        """Close all connections, those of streams and sockets too. Twice is harmless."""
        await self._transport.aclose()

    async def aclose(self) -> None:
        """Close all connections, as `close` does."""
        await self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()
