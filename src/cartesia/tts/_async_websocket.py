"""Text to speech over a WebSocket, for tasks."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from ssl import SSLContext
from typing import Any, Literal, overload

from typing_extensions import Self

from cartesia.core.channel import Channel, check_bound
from cartesia.core.channel_events import WebSocketTtsAudio
from cartesia.core.client_config import ClientConfig
from cartesia.core.socket_async import AsyncSocket
from cartesia.core.socket_async_connection import AsyncConnection
from cartesia.core.socket_config import socket_config
from cartesia.wire.tts import (
    GenerationConfig,
    GenerationConfigParams,
    SupportedLanguage,
)

from ._async_context import AsyncTtsOutputs, _AsyncTTSContext
from ._requests import PATH, RawFormatInput, merge
from .endpoints import VoiceInput

__all__ = ["AsyncTtsOutputs", "AsyncTtsWebsocket", "_AsyncTTSContext"]


class AsyncTtsWebsocket:
    """A socket for speech: `client.tts.websocket()`.

    Any number of tasks may speak over it at once. Found closed by the server, as happens after
    minutes without speech, it opens again when something is to be said.

    Args:
        config: Settings of the client.
        timeout: Seconds that opening, sending, or waiting for an output may take; None means the
            client's.
        ping_interval: Seconds between pings, which keep the socket alive; None sends none.
        max_buffered_bytes: Bound on what waits to be read of one context while others go on, at
            least 1 MiB; None means 32 MiB.
        ssl: TLS settings; None means the client's.
        proxy: Address of a proxy; None means the client's, or what the environment says.

    Attributes:
        ws_url: Address of the socket.
        api_key: Key that is sent in a header.
        cartesia_version: Version of the API.
        timeout: Seconds that opening, sending, or waiting for an output may take.
    """

    def __init__(
        self,
        config: ClientConfig,
        *,
        timeout: float | None = None,
        ping_interval: float | None = None,
        max_buffered_bytes: int | None = None,
        ssl: SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self.api_key = config.api_key
        self.cartesia_version = config.api_version
        settings = socket_config(
            config,
            PATH,
            timeout=timeout,
            ping_interval=ping_interval,
            ssl=ssl,
            proxy=proxy,
        )
        self.ws_url = settings.display_url
        self.timeout = settings.timeout
        self._channel = Channel(check_bound(max_buffered_bytes))
        self._socket = AsyncSocket(settings, self._channel)

    @property
    def websocket(self) -> AsyncConnection | None:
        """The connection in use; None when there is none."""
        return self._socket.connection

    @property
    def request_id(self) -> str | None:
        """The server's name for the connection in use, for its logs and for support."""
        return None if self.websocket is None else self.websocket.protocol.request_id

    async def connect(self) -> None:
        """Open the socket, unless it is open; speaking does so by itself.

        Raises:
            WebSocketConnectError: It cannot be opened; `status_code` says why if the server does.
            WebSocketTimeoutError: The server does not answer.
        """
        await self._socket.connect()

    async def close(self) -> None:
        """Close the socket. All its contexts end, and whoever reads them gets an error."""
        await self._socket.close()

    def context(self, context_id: str | None = None) -> _AsyncTTSContext:
        """Begin a stream of speech to which text can be added.

        Args:
            context_id: Its name, which no other on this socket may have; None makes one.

        Raises:
            InvalidArgumentError: The name is in use.
        """
        return _AsyncTTSContext(self._socket, self._channel.open(context_id))

    @overload
    async def send(
        self,
        *,
        model_id: str,
        transcript: str | Iterable[str] | AsyncIterable[str],
        output_format: RawFormatInput,
        voice: VoiceInput,
        context_id: str | None = None,
        duration: float | None = None,
        language: SupportedLanguage | None = None,
        stream: Literal[True] = True,
        add_timestamps: Literal[False] = False,
        add_phoneme_timestamps: Literal[False] = False,
        use_original_timestamps: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
    ) -> AsyncTtsOutputs[WebSocketTtsAudio]: ...

    @overload
    async def send(
        self,
        *,
        model_id: str,
        transcript: str | Iterable[str] | AsyncIterable[str],
        output_format: RawFormatInput,
        voice: VoiceInput,
        context_id: str | None = None,
        duration: float | None = None,
        language: SupportedLanguage | None = None,
        stream: Literal[True] = True,
        add_timestamps: bool = False,
        add_phoneme_timestamps: bool = False,
        use_original_timestamps: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
    ) -> AsyncTtsOutputs: ...

    @overload
    async def send(
        self,
        *,
        model_id: str,
        transcript: str | Iterable[str] | AsyncIterable[str],
        output_format: RawFormatInput,
        voice: VoiceInput,
        context_id: str | None = None,
        duration: float | None = None,
        language: SupportedLanguage | None = None,
        stream: Literal[False],
        add_timestamps: bool = False,
        add_phoneme_timestamps: bool = False,
        use_original_timestamps: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
    ) -> WebSocketTtsAudio: ...

    @overload
    async def send(
        self,
        *,
        model_id: str,
        transcript: str | Iterable[str] | AsyncIterable[str],
        output_format: RawFormatInput,
        voice: VoiceInput,
        context_id: str | None = None,
        duration: float | None = None,
        language: SupportedLanguage | None = None,
        stream: bool = True,
        add_timestamps: bool = False,
        add_phoneme_timestamps: bool = False,
        use_original_timestamps: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
    ) -> AsyncTtsOutputs | WebSocketTtsAudio: ...

    async def send(
        self,
        *,
        model_id: str,
        transcript: str | Iterable[str] | AsyncIterable[str],
        output_format: RawFormatInput,
        voice: VoiceInput,
        context_id: str | None = None,
        duration: float | None = None,
        language: SupportedLanguage | None = None,
        stream: bool = True,
        add_timestamps: bool = False,
        add_phoneme_timestamps: bool = False,
        use_original_timestamps: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
    ) -> AsyncTtsOutputs[Any] | WebSocketTtsAudio:
        """Speak a text. The request has gone out when the call is awaited.

        Args:
            model_id: The model that speaks, such as `sonic-2`.
            transcript: What is said: a text, or an iterator, async or not, of texts.
            output_format: `raw`, with sample rate in Hz and encoding.
            voice: Who says it: an id, or a point in the voice space.
            context_id: Names the stream of speech; None makes a name.
            duration: The longest that the audio may last, in seconds.
            language: Of the transcript.
            stream: Whether to hear it as it comes, or as a whole.
            add_timestamps: Whether to have word times.
            add_phoneme_timestamps: Whether to have phoneme times.
            use_original_timestamps: Whether times are of words as written instead of as spoken.
            generation_config: Volume, speed and emotion, for `sonic-3` and newer.
            pronunciation_dict_id: A dictionary of pronunciations.

        Returns:
            An async generator of outputs, each of which has either `audio` or times, the other
            fields being None; closing it early has the server stop. With `stream=False` one
            output with all the audio and the times asked for.

        Raises:
            InvalidArgumentError: An argument cannot be right.
            WebSocketError: The server reports an error, or the socket failed; from the generator
                too.
        """
        settings = {
            "model_id": model_id,
            "output_format": output_format,
            "voice": voice,
            "duration": duration,
            "language": language,
            "stream": stream,
            "add_timestamps": add_timestamps,
            "add_phoneme_timestamps": add_phoneme_timestamps,
            "use_original_timestamps": use_original_timestamps,
            "generation_config": generation_config,
            "pronunciation_dict_id": pronunciation_dict_id,
        }
        context = self.context(context_id)
        try:
            outputs = await context._speak(transcript, settings)
            if stream:
                return outputs
            return merge(
                [output async for output in outputs],
                context.context_id,
                words=add_timestamps,
                phonemes=add_phoneme_timestamps,
            )
        except BaseException:
            await context.close()
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()
