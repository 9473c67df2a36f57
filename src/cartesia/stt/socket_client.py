"""The clients of this resource with its socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .async_client import AsyncSttClient
from .sync_client import SttClient

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ssl import SSLContext

    from cartesia.core.socket_pending import PendingSocket
    from cartesia.wire.stt import SttEncoding

    from ._async_turns import AsyncSttTurns
    from ._async_websocket import AsyncSttWebsocket
    from ._turns import SttTurns
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
        self._transport.attach(socket._socket)
        return socket

    def turns(
        self,
        *,
        model: str = "ink-2",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        language: str | None = None,
        turn_start_threshold: float | None = None,
        turn_eager_end_threshold: float | None = None,
        turn_end_threshold: float | None = None,
        turn_end_timeout_ms: float | None = None,
        keyterm: Sequence[str] | None = None,
        timeout: float | None = None,
        ping_interval: float | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> SttTurns:
        """Open a socket that says when somebody has finished speaking.

        Args:
            model: The model that listens.
            encoding: Of the samples.
            sample_rate: In Hz.
            language: Of the speech; None has the server tell some languages apart. A parameter of
                ours.
            turn_start_threshold: 0.5 to 0.9: how sure a voice must be to start a turn.
            turn_eager_end_threshold: 0.3 to 0.8: `TurnEagerEnd` comes when the speaker is less
                likely than this to go on.
            turn_end_threshold: 0.05 to 0.5: `TurnEnd` comes when that is less likely than this.
            turn_end_timeout_ms: Milliseconds of silence after which it comes in any case.
            keyterm: Words to expect.
            timeout: Seconds that opening, sending, or what follows `finish` may take; None means
                the client's.
            ping_interval: Seconds between pings, which keep the socket alive; None sends none.
            ssl: TLS settings; None means the client's.
            proxy: Address of an HTTP or SOCKS proxy, such as `http://user:password@host:3128` or
                `socks5://host:1080`; None means the client's, or what the environment says.

        Returns:
            The socket, open; leaving its `with` block closes it.

        Raises:
            WebSocketConnectError: It cannot be opened, or the server does not take the settings;
                `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.

        Example::

            with client.stt.turns(sample_rate=16000) as ears:
                for event in ears.listen(chunks):
                    if event.type == "turn.end":
                        print(event.transcript)
        """
        from ._turn_events import turn_query
        from ._turns import SttTurns

        query = turn_query(
            model=model,
            encoding=encoding,
            sample_rate=sample_rate,
            language=language,
            turn_start_threshold=turn_start_threshold,
            turn_eager_end_threshold=turn_eager_end_threshold,
            turn_end_threshold=turn_end_threshold,
            turn_end_timeout_ms=turn_end_timeout_ms,
            keyterm=keyterm,
        )
        socket = SttTurns(
            self._transport.config,
            query,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )
        socket.open()
        self._transport.attach(socket._socket)
        return socket


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
            self._transport.attach(socket._socket)
            return socket

        return PendingSocket(open_socket())

    def turns(
        self,
        *,
        model: str = "ink-2",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        language: str | None = None,
        turn_start_threshold: float | None = None,
        turn_eager_end_threshold: float | None = None,
        turn_end_threshold: float | None = None,
        turn_end_timeout_ms: float | None = None,
        keyterm: Sequence[str] | None = None,
        timeout: float | None = None,
        ping_interval: float | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> PendingSocket[AsyncSttTurns]:
        """Open a socket that says when somebody has finished speaking.

        Args:
            model: The model that listens.
            encoding: Of the samples.
            sample_rate: In Hz.
            language: Of the speech; None has the server tell some languages apart. A parameter of
                ours.
            turn_start_threshold: 0.5 to 0.9: how sure a voice must be to start a turn.
            turn_eager_end_threshold: 0.3 to 0.8: `TurnEagerEnd` comes when the speaker is less
                likely than this to go on.
            turn_end_threshold: 0.05 to 0.5: `TurnEnd` comes when that is less likely than this.
            turn_end_timeout_ms: Milliseconds of silence after which it comes in any case.
            keyterm: Words to expect.
            timeout: Seconds that opening, sending, or what follows `finish` may take; None means
                the client's.
            ping_interval: Seconds between pings, which keep the socket alive; None sends none.
            ssl: TLS settings; None means the client's.
            proxy: Address of an HTTP or SOCKS proxy, such as `http://user:password@host:3128` or
                `socks5://host:1080`; None means the client's, or what the environment says.

        Returns:
            To be awaited for the socket, open, or entered with `async with`, which closes it too.

        Raises:
            WebSocketConnectError: It cannot be opened, or the server does not take the settings;
                `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.

        Example::

            async with client.stt.turns(sample_rate=16000) as ears:
                async for event in ears.listen(chunks):
                    if event.type == "turn.end":
                        print(event.transcript)
        """
        from cartesia.core.socket_pending import PendingSocket

        from ._async_turns import AsyncSttTurns
        from ._turn_events import turn_query

        query = turn_query(
            model=model,
            encoding=encoding,
            sample_rate=sample_rate,
            language=language,
            turn_start_threshold=turn_start_threshold,
            turn_eager_end_threshold=turn_eager_end_threshold,
            turn_end_threshold=turn_end_threshold,
            turn_end_timeout_ms=turn_end_timeout_ms,
            keyterm=keyterm,
        )

        async def open_socket() -> AsyncSttTurns:
            socket = AsyncSttTurns(
                self._transport.config,
                query,
                timeout=timeout,
                ping_interval=ping_interval,
                ssl=ssl,
                proxy=proxy,
            )
            await socket.open()
            self._transport.attach(socket._socket)
            return socket

        return PendingSocket(open_socket())
