"""Speech to text over a WebSocket, for tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from contextlib import aclosing
from functools import partial
from ssl import SSLContext

from typing_extensions import Self

from cartesia.core.api_error import ApiError
from cartesia.core.client_config import ClientConfig
from cartesia.core.socket_async import AsyncSocket
from cartesia.core.socket_async_connection import AsyncConnection
from cartesia.core.socket_config import socket_config
from cartesia.core.socket_feeder import iterate
from cartesia.core.socket_inbox import END
from cartesia.wire.stt import SttEncoding

from ._transcripts import PATH, Session, SttOptions, SttResult, Transcripts, check_data


class AsyncSttWebsocket:
    """A socket for transcription: `client.stt.websocket(...)`.

    One task may send while another one receives, or all may be sent before anything is read.

    Args:
        config: Settings of the client.
        options: What is sent, and how it is to be transcribed.
        timeout: Seconds that opening, sending, or the answer to a command may take; None means
            the client's. Results of audio may take any time, as there may be silence.
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
        options: SttOptions | None = None,
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
            PATH,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )
        self._options = options or SttOptions()
        settings = self._configure(self._options.query())
        self.timeout = settings.timeout
        self._transcripts = Transcripts()
        self._socket = AsyncSocket(settings, self._transcripts)

    @property
    def ws_url(self) -> str:
        """Address of the socket."""
        return self._socket.config.display_url

    @property
    def websocket(self) -> AsyncConnection | None:
        """The connection in use; None when there is none."""
        return self._socket.connection

    async def connect(
        self,
        *,
        model: str = "ink-whisper",
        language: str | None = "en",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        min_volume: float | None = None,
        max_silence_duration_secs: float | None = None,
    ) -> None:
        """Open the socket and begin a session, unless one goes on.

        Args:
            model: The model that listens.
            language: Of the speech; None leaves it to the server.
            encoding: Of the samples.
            sample_rate: In Hz.
            min_volume: 0 to 1: what is quieter counts as silence.
            max_silence_duration_secs: Silence after which a transcript is settled.

        Raises:
            WebSocketConnectError: It cannot be opened; `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.
        """
        await self.open(
            SttOptions(
                model, language, encoding, sample_rate, min_volume, max_silence_duration_secs
            )
        )

    async def send(self, data: bytes | str) -> None:
        """Send audio, or a command: "finalize" has what was sent transcribed, "done" ends it.

        After a session that ended in order, this opens the socket for another one.

        Raises:
            TypeError: `data` is neither bytes nor text.
            WebSocketError: The session broke, or the server does not take what is sent.
        """
        data = check_data(data)
        await self._transmit(lambda: self._transcripts.sending(data))

    def receive(self) -> AsyncGenerator[SttResult, None]:
        """Give the results as they come, until the session ends.

        Raises:
            WebSocketError: The server reports an error, or the session broke. After an error of
                the server, a further call goes on with what follows.
        """
        return self._results(self._transcripts.session)

    async def transcribe(
        self,
        audio_chunks: AsyncIterable[bytes] | Iterable[bytes],
        *,
        model: str = "ink-whisper",
        language: str | None = "en",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        min_volume: float | None = None,
        max_silence_duration_secs: float | None = None,
    ) -> AsyncGenerator[SttResult, None]:
        """Send audio to its end, give the results as they come, and close the socket.

        Args:
            audio_chunks: Pieces of audio of any size, from an iterator, async or not.
            model: The model that listens. This and all below, left at its default, is as the
                socket was opened with.
            language: Of the speech; None leaves it to the server.
            encoding: Of the samples.
            sample_rate: In Hz.
            min_volume: 0 to 1: what is quieter counts as silence.
            max_silence_duration_secs: Silence after which a transcript is settled.

        Raises:
            WebSocketError: The server reports an error, or the session broke.
        """
        given = SttOptions(
            model, language, encoding, sample_rate, min_volume, max_silence_duration_secs
        )
        options = given.or_else(self._options)
        if options != self._options:
            await self.close()
        await self.open(options)
        session = self._transcripts.session
        feeder = asyncio.create_task(self._feed(session, audio_chunks))
        try:
            async with aclosing(self._results(session)) as results:
                async for result in results:
                    yield result
        finally:
            feeder.cancel()
            await asyncio.wait([feeder])
            await self.close()

    async def close(self) -> None:
        """Close the socket and end the session; whoever waits for a result gets an error."""
        await self._socket.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def open(self, options: SttOptions | None = None) -> None:
        """`connect`, with all options in one value.

        Args:
            options: None means those of the socket; others become its own.

        Raises:
            WebSocketError: It cannot be opened.
        """
        self._options = options = options or self._options
        self._socket.config = self._configure(options.query())
        session = self._transcripts.begin()
        try:
            await self._socket.connect()
        except ApiError as error:
            session.finish(error)
            raise

    async def _transmit(self, prepare: Callable[[], str | bytes | None]) -> None:
        try:
            await self._socket.send(prepare)
        except ApiError as error:
            self._transcripts.session.finish(error)
            raise

    async def _results(self, session: Session) -> AsyncGenerator[SttResult, None]:
        while (
            result := await self._socket.receive(session, waiting_for="a transcript")
        ) is not END:
            yield result

    async def _feed(self, session: Session, chunks: AsyncIterable[bytes] | Iterable[bytes]) -> None:
        async def send(data: bytes | str) -> bool:
            data = check_data(data)
            await self._socket.send(lambda: None if session.over else session.sending(data))
            return not session.over

        try:
            async with aclosing(iterate(chunks)) as pieces:
                async for chunk in pieces:
                    if not await send(chunk):
                        return
            await send("finalize")
            await send("done")
        except Exception as error:  # noqa: BLE001 -- for the reader to raise
            session.finish(error)
