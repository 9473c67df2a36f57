"""Speech to text over a WebSocket."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from contextlib import aclosing
from functools import partial
from ssl import SSLContext

from cartesia.core.api_error import ApiError
from cartesia.core.client_config import ClientConfig
from cartesia.core.socket_inbox import END
from cartesia.wire.stt import SttEncoding

from ._async_listening import AsyncListeningSocket
from ._session import Session
from ._transcripts import PATH, SttOptions, SttResult, Transcripts, check_data


class AsyncSttWebsocket(AsyncListeningSocket):
    """A socket for transcription: `client.stt.websocket(...)`.

    One thread or task may send while another one receives, or all may be sent before anything is
    read.

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
        self._options = options or SttOptions()
        self._transcripts = Transcripts()
        super().__init__(
            config,
            PATH,
            self._options.query(),
            self._transcripts,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )

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
        try:
            await self._socket.send(lambda: self._transcripts.sending(data))
        except ApiError as error:
            with self._socket.lock:
                self._transcripts.session.finish(error)
            raise

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
            audio_chunks: Pieces of audio of any size. A list or a tuple is sent at once, what any
                other iterable gives beside the reader, from a thread or a task.
            model: The model that listens. This and all below, left at its default, is as the
                socket was opened with.
            language: Of the speech; None leaves it to the server.
            encoding: Of the samples.
            sample_rate: In Hz.
            min_volume: 0 to 1: what is quieter counts as silence.
            max_silence_duration_secs: Silence after which a transcript is settled.

        Raises:
            WebSocketError: The server reports an error, or the session broke.
            TypeError: A piece is no bytes, or `audio_chunks` is audio as a whole.
        """
        given = SttOptions(
            model, language, encoding, sample_rate, min_volume, max_silence_duration_secs
        )
        options = given.or_else(self._options)
        if options != self._options:
            await self.close()
        await self.open(options)
        session = self._transcripts.session
        feeding = self._feeding(session, audio_chunks, check_data, "finalize", "done")
        try:
            async with feeding, aclosing(self._results(session)) as results:
                async for result in results:
                    yield result
        finally:
            await self.close()

    async def open(self, options: SttOptions | None = None) -> None:
        """`connect`, with all options in one value.

        Args:
            options: None means those of the socket; others become its own.

        Raises:
            WebSocketError: It cannot be opened.
        """
        self._options = options = options or self._options
        with self._socket.lock:
            self._socket.config = self._configure(options.query())
            session = self._transcripts.begin()
        try:
            await self._socket.connect()
        except ApiError as error:
            with self._socket.lock:
                session.finish(error)
            raise

    async def _results(self, session: Session[SttResult]) -> AsyncGenerator[SttResult, None]:
        receive = partial(self._socket.receive, session, waiting_for="a transcript")
        while (result := await receive()) is not END:
            yield result
