"""Speech to text over a WebSocket, for threads."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from functools import partial
from ssl import SSLContext

from typing_extensions import Self

from cartesia.core.api_error import ApiError
from cartesia.core.client_config import ClientConfig
from cartesia.core.socket_config import socket_config
from cartesia.core.socket_connection import Connection
from cartesia.core.socket_feeder import feed_in_background
from cartesia.core.socket_inbox import END
from cartesia.core.socket_sync import SyncSocket
from cartesia.wire.stt import SttEncoding

from ._transcripts import PATH, Session, SttOptions, SttResult, Transcripts, check_data


class SttWebsocket:
    """A socket for transcription: `client.stt.websocket(...)`.

    One thread may send while another one receives, or all may be sent before anything is read.

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
        self._socket = SyncSocket(settings, self._transcripts)

    @property
    def ws_url(self) -> str:
        """Address of the socket."""
        return self._socket.config.display_url

    @property
    def websocket(self) -> Connection | None:
        """The connection in use; None when there is none."""
        return self._socket.connection

    def connect(
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
        self.open(
            SttOptions(
                model, language, encoding, sample_rate, min_volume, max_silence_duration_secs
            )
        )

    def send(self, data: bytes | str) -> None:
        """Send audio, or a command: "finalize" has what was sent transcribed, "done" ends it.

        After a session that ended in order, this opens the socket for another one.

        Raises:
            TypeError: `data` is neither bytes nor text.
            WebSocketError: The session broke, or the server does not take what is sent.
        """
        data = check_data(data)
        self._transmit(lambda: self._transcripts.sending(data))

    def receive(self) -> Generator[SttResult, None, None]:
        """Give the results as they come, until the session ends.

        Raises:
            WebSocketError: The server reports an error, or the session broke. After an error of
                the server, a further call goes on with what follows.
        """
        return self._results(self._transcripts.session)

    def transcribe(
        self,
        audio_chunks: Iterable[bytes],
        *,
        model: str = "ink-whisper",
        language: str | None = "en",
        encoding: SttEncoding = "pcm_s16le",
        sample_rate: int = 16000,
        min_volume: float | None = None,
        max_silence_duration_secs: float | None = None,
    ) -> Generator[SttResult, None, None]:
        """Send audio to its end, give the results as they come, and close the socket.

        Audio from an iterator that is not a list or a tuple goes out from a thread.

        Args:
            audio_chunks: Pieces of audio of any size.
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
            self.close()
        self.open(options)
        session = self._transcripts.session
        try:
            self._feed(session, audio_chunks)
            yield from self._results(session)
        finally:
            self.close()

    def close(self) -> None:
        """Close the socket and end the session; whoever waits for a result gets an error."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def open(self, options: SttOptions | None = None) -> None:
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
            self._socket.connect()
        except ApiError as error:
            with self._socket.lock:
                session.finish(error)
            raise

    def _transmit(self, prepare: Callable[[], str | bytes | None]) -> None:
        try:
            self._socket.send(prepare)
        except ApiError as error:
            with self._socket.lock:
                self._transcripts.session.finish(error)
            raise

    def _results(self, session: Session) -> Generator[SttResult, None, None]:
        while (result := self._socket.receive(session, waiting_for="a transcript")) is not END:
            yield result

    def _feed(self, session: Session, chunks: Iterable[bytes]) -> None:
        def send(data: bytes | str) -> bool:
            data = check_data(data)
            self._socket.send(lambda: None if session.over else session.sending(data))
            return not session.over

        def finish() -> None:
            send("finalize")
            send("done")

        def fail(error: BaseException) -> None:
            with self._socket.lock:
                session.finish(error)

        if not isinstance(chunks, (list, tuple)):
            feed_in_background(iter(chunks), send, finish, fail)
            return
        try:
            if all(send(chunk) for chunk in chunks):
                finish()
        except ApiError as error:
            # What the server said before tells more.
            fail(error)
