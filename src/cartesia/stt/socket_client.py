"""The clients of this resource with its socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .async_client import AsyncSttClient
from .sync_client import SttClient

if TYPE_CHECKING:
    from ssl import SSLContext

    from cartesia.core.socket_pending import PendingSocket
    from cartesia.wire.stt import SttEncoding

    from ._async_websocket import AsyncSttWebsocket
    from ._websocket import SttWebsocket


class SttClientWithWebsocket(SttClient):
    """Turns speech into text, over HTTP and over a socket: `client.stt`."""

    def websocket(
        self,
        *,
        model: str = "ink-whisper",
        language: str | None = "en",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        min_volume: float | None = None,
        max_silence_duration_secs: float | None = None,
        timeout: float | None = None,
        ping_interval: float | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> SttWebsocket:
        """Open a socket that transcribes audio while it is sent.

        Args:
            model: The model that listens.
            language: Of the speech; None leaves it to the server.
            encoding: Of the samples.
            sample_rate: In Hz.
            min_volume: 0 to 1: what is quieter counts as silence.
            max_silence_duration_secs: Silence after which a transcript is settled.
            timeout: Seconds that opening, sending, or the answer to a command may take; None means
                the client's.
            ping_interval: Seconds between pings, which keep the socket alive; None sends none.
            ssl: TLS settings; None means the client's.
            proxy: Address of an HTTP or SOCKS proxy, such as `http://user:password@host:3128` or
                `socks5://host:1080`; None means the client's, or what the environment says.

        Returns:
            The socket, open; leaving its `with` block closes it.

        Raises:
            WebSocketConnectError: It cannot be opened; `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.

        Example::

            with client.stt.websocket(sample_rate=16000) as ws:
                for result in ws.transcribe(chunks):
                    if result["type"] == "transcript" and result["is_final"]:
                        print(result["text"])
        """
        from ._transcripts import SttOptions
        from ._websocket import SttWebsocket

        options = SttOptions(
            model, language, encoding, sample_rate, min_volume, max_silence_duration_secs
        )
        socket = SttWebsocket(
            self._transport.config,
            options,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )
        socket.open()
        return self._transport.attach(socket)


class AsyncSttClientWithWebsocket(AsyncSttClient):
    """Turns speech into text, over HTTP and over a socket: `client.stt`."""

    def websocket(
        self,
        *,
        model: str = "ink-whisper",
        language: str | None = "en",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        min_volume: float | None = None,
        max_silence_duration_secs: float | None = None,
        timeout: float | None = None,
        ping_interval: float | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> PendingSocket[AsyncSttWebsocket]:
        """Open a socket that transcribes audio while it is sent.

        Args:
            model: The model that listens.
            language: Of the speech; None leaves it to the server.
            encoding: Of the samples.
            sample_rate: In Hz.
            min_volume: 0 to 1: what is quieter counts as silence.
            max_silence_duration_secs: Silence after which a transcript is settled.
            timeout: Seconds that opening, sending, or the answer to a command may take; None means
                the client's.
            ping_interval: Seconds between pings, which keep the socket alive; None sends none.
            ssl: TLS settings; None means the client's.
            proxy: Address of an HTTP or SOCKS proxy, such as `http://user:password@host:3128` or
                `socks5://host:1080`; None means the client's, or what the environment says.

        Returns:
            To be awaited for the socket, open, or entered with `async with`, which closes it too.

        Raises:
            WebSocketConnectError: It cannot be opened; `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.

        Example::

            async with client.stt.websocket(sample_rate=16000) as ws:
                async for result in ws.transcribe(chunks):
                    if result["type"] == "transcript" and result["is_final"]:
                        print(result["text"])
        """
        from cartesia.core.socket_pending import PendingSocket

        from ._async_websocket import AsyncSttWebsocket
        from ._transcripts import SttOptions

        options = SttOptions(
            model, language, encoding, sample_rate, min_volume, max_silence_duration_secs
        )

        async def open_socket() -> AsyncSttWebsocket:
            socket = AsyncSttWebsocket(
                self._transport.config,
                options,
                timeout=timeout,
                ping_interval=ping_interval,
                ssl=ssl,
                proxy=proxy,
            )
            await socket.open()
            return self._transport.attach(socket)

        return PendingSocket(open_socket())
