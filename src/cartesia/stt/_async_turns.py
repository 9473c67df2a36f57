"""Whose turn it is, heard by the server, over a WebSocket."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from ssl import SSLContext

from typing_extensions import Self

from cartesia.core.client_config import ClientConfig
from cartesia.core.socket_inbox import END, Source
from cartesia.wire.turns import TurnEvent

from ._async_listening import AsyncListeningSocket
from ._turn_events import CLOSE, PATH, Turns, check_audio, config_command


class AsyncSttTurns(AsyncListeningSocket):
    """A socket that says when somebody has finished speaking: `client.stt.turns(...)`.

    Iterating over it gives `TurnStart`, `TurnUpdate`, `TurnEagerEnd`, `TurnResume` and `TurnEnd`
    as they come, until the session ends. After an error of the server, iterating again goes on
    with what follows. One thread or task may send while another one iterates, or all may be sent
    before anything is read. One socket is one session.

    Args:
        config: Settings of the client.
        query: Query parameters; those that are None are left out.
        timeout: Seconds that opening, sending, or what follows `finish` may take; None means the
            client's. Other events may take any time, as there may be silence.
        ping_interval: Seconds between pings, which keep the socket alive; None sends none.
        ssl: TLS settings; None means the client's.
        proxy: Address of a proxy; None means the client's, or what the environment says.

    Attributes:
        api_key: Key that is sent in a header.
        cartesia_version: Version of the API.
        timeout: Seconds that opening, sending, or what follows `finish` may take.
    """

    def __init__(
        self,
        config: ClientConfig,
        query: Mapping[str, object],
        *,
        timeout: float | None = None,
        ping_interval: float | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self._turns = Turns()
        self._events: Source[TurnEvent] = self._turns.session
        super().__init__(
            config,
            PATH,
            query,
            self._turns,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )

    @property
    def request_id(self) -> str:
        """The server's name for this connection, which every event repeats."""
        return self._turns.request_id

    async def open(self) -> None:
        """Open the socket, and wait until the server has accepted the settings.

        `client.stt.turns(...)` has done so.

        Raises:
            WebSocketConnectError: It cannot be opened, or the server does not take the settings;
                `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.
        """
        try:
            await self._socket.connect()
            await self._socket.receive(self._turns.opening, waiting_for="the session to begin")
        except BaseException:
            await self.close()
            raise

    async def send(self, audio: bytes) -> None:
        """Send a piece of audio, of any length.

        Raises:
            TypeError: `audio` is not bytes.
            WebSocketError: The session is over, or the server does not take what is sent.
        """
        data = check_audio(audio)
        await self._socket.send(lambda: self._turns.sending(data))

    async def configure(
        self,
        *,
        start_threshold: float | None = None,
        eager_end_threshold: float | None = None,
        end_threshold: float | None = None,
        end_timeout_ms: float | None = None,
    ) -> None:
        """Change when turns start and end, from the audio that is sent next on.

        What is None stays as it is. The server says nothing if it agrees; if it does not, the
        reader gets an error, and the session goes on as before.

        Args:
            start_threshold: How sure a voice must be to start a turn.
            eager_end_threshold: When the speaker is less likely than this to go on, the turn may
                be over.
            end_threshold: When that is less likely than this, it is over.
            end_timeout_ms: Milliseconds of silence after which it is over in any case.

        Raises:
            WebSocketError: The session is over, or the server does not take what is sent.
        """
        command = config_command(
            start_threshold=start_threshold,
            eager_end_threshold=eager_end_threshold,
            end_threshold=end_threshold,
            end_timeout_ms=end_timeout_ms,
        )
        await self._socket.send(lambda: self._turns.sending(command))

    async def finish(self) -> None:
        """Say that no more audio comes: a turn that is open ends, and then the iteration does.

        Twice is harmless.

        Raises:
            WebSocketError: The session broke, or the server does not take what is sent.
        """
        await self._socket.send(self._turns.ending)

    async def listen(
        self,
        audio_chunks: AsyncIterable[bytes] | Iterable[bytes],
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send audio to its end, give the events as they come, and close the socket.

        Args:
            audio_chunks: Pieces of audio of any size. A list or a tuple is sent at once, what any
                other iterable gives beside the reader, from a thread or a task.

        Raises:
            WebSocketError: The server reports an error, or the session broke.
        """
        try:
            async with self._feeding(self._turns.session, audio_chunks, check_audio, CLOSE):
                async for event in self:
                    yield event
        finally:
            await self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> TurnEvent:
        event = await self._socket.receive(self._events, waiting_for="the end of the turn")
        if event is END:
            raise StopAsyncIteration
        return event
