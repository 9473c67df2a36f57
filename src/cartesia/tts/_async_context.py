"""Streams of speech on a WebSocket, for tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from functools import partial
from types import TracebackType
from typing import Any, Literal, NoReturn, cast

from typing_extensions import Self

from cartesia.core.api_error import ApiError
from cartesia.core.channel_context import Context, Flushed, Reading
from cartesia.core.channel_events import Event, output_of
from cartesia.core.socket_async import AsyncSocket
from cartesia.core.socket_feeder import iterate
from cartesia.core.socket_inbox import END, Signal
from cartesia.core.streams import exception_to_throw
from cartesia.wire.tts import (
    GenerationConfig,
    GenerationConfigParams,
    SupportedLanguage,
)

from ._requests import Output, RawFormatInput, check_context_id, check_texts, compose
from .endpoints import VoiceInput


class AsyncTtsOutputs(AsyncGenerator[Output, None]):
    """What is heard, as it comes: an async generator of outputs, each with one kind of content.

    Those of a request that is a context of its own end that context: closed early, or no longer
    referred to, they have the server stop.
    """

    def __init__(
        self,
        context: _AsyncTTSContext,
        socket: AsyncSocket,
        reading: Reading,
        *,
        feeder: asyncio.Task[None] | None = None,
        ends_context: bool = False,
    ) -> None:
        self._context = context
        self._socket = socket
        self._reading = reading
        self._feeder = feeder
        self._ends_context = ends_context
        self._open = True

    @property
    def context_id(self) -> str:
        """Name of the context that speaks."""
        return self._context.context_id

    async def __anext__(self) -> Output:
        if not self._open:
            raise StopAsyncIteration
        try:
            event: Event | Literal[Signal.END] = await self._socket.receive(
                self._reading, waiting_for="audio chunk"
            )
            if event is not END:
                return cast("Output", output_of(event, self.context_id))
        except Exception:
            await self.aclose()
            raise
        self._finish()
        raise StopAsyncIteration

    async def asend(self, value: None) -> Output:
        """Give the next output, as `anext` does; `value` has no use."""
        del value
        return await self.__anext__()

    async def athrow(self, typ: Any, val: Any = None, tb: TracebackType | None = None) -> NoReturn:
        """Close it and raise an exception, as a generator paused in a loop would."""
        await self.aclose()
        raise exception_to_throw(typ, val, tb)

    async def aclose(self) -> None:
        """Stop reading. Twice is harmless."""
        if self._open:
            self._finish()
            if self._ends_context:
                await self._context.cancel()

    def _finish(self) -> None:
        self._open = False
        self._reading.close()
        if self._feeder is not None:
            self._feeder.cancel()

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            context = self._reading.context
            context.defer(self._reading.close)
            if self._ends_context:
                context.defer(context.cancel)
            if self._feeder is not None:
                with suppress(RuntimeError):  # its event loop is closed
                    self._feeder.get_loop().call_soon_threadsafe(self._feeder.cancel)
            self._socket.flush_unasked()


class _AsyncTTSContext:
    """One stream of speech with one prosody, to which text can be added: `ws.context()`.

    Any number share a socket, from any number of tasks. Leaving its `async with` block, or
    dropping it, before all has been said has the server stop.
    """

    def __init__(self, socket: AsyncSocket, context: Context) -> None:
        self._socket = socket
        self._context = context

    @property
    def context_id(self) -> str:
        """Its name on the socket."""
        return self._context.id

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
        continue_: bool = False,
        max_buffer_delay_ms: int | None = None,
        flush: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
    ) -> None:
        """Add text; `receive` gives what is said. The texts of an iterator go out as it gives them.

        Args:
            model_id: The model that speaks, such as `sonic-2`.
            transcript: A text, or an iterator, async or not, of texts; spaces between texts are
                yours to give.
            output_format: `raw`, with sample rate in Hz and encoding.
            voice: Who says it: an id, or a point in the voice space.
            context_id: None, or this context's own.
            duration: The longest that the audio may last, in seconds.
            language: Of the transcript.
            stream: Has no effect here; for programs written for 2.x.
            add_timestamps: Whether to have word times among the outputs.
            add_phoneme_timestamps: Whether to have phoneme times among the outputs.
            use_original_timestamps: Whether times are of words as written instead of as spoken.
            continue_: Whether more text may follow after this.
            max_buffer_delay_ms: How long the server may hold text back to speak whole sentences.
            flush: Whether to speak now what the server holds back; an output whose `flush_done`
                is true marks the place.
            generation_config: Volume, speed and emotion, for `sonic-3` and newer.
            pronunciation_dict_id: A dictionary of pronunciations.

        Raises:
            InvalidArgumentError: An argument cannot be right.
            WebSocketError: The context is over, or the socket failed.
        """
        check_context_id(self.context_id, context_id)
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
            "max_buffer_delay_ms": max_buffer_delay_ms,
            "generation_config": generation_config,
            "pronunciation_dict_id": pronunciation_dict_id,
        }
        if isinstance(transcript, str):
            await self._say(transcript, settings, continue_=continue_, flush=flush)
        else:
            compose(self.context_id, "", settings)
            await self._feed(check_texts(transcript), settings, continue_=continue_, flush=flush)

    async def no_more_inputs(self) -> None:
        """Say that no more text follows; the context ends when all is said.

        Raises:
            WebSocketError: The socket failed.
        """
        await self._transmit(self._context.no_more_inputs)

    def receive(self) -> AsyncTtsOutputs:
        """Hear what is said, from the first output that has not been read to the end.

        What belongs to a `flush` whose result is kept is left to that result.
        """
        return AsyncTtsOutputs(self, self._socket, Reading(self._context))

    async def flush(self) -> Callable[[], AsyncTtsOutputs]:
        """Have spoken now what the server holds back, and begin a new segment.

        Returns:
            A function that gives the outputs of the segment before the flush. If it is dropped,
            or while somebody reads from `receive`, these stay with `receive`.

        Raises:
            WebSocketError: The socket failed.
        """
        flushed: list[Flushed] = []

        def prepare() -> str | None:
            message, segment = self._context.flush()
            flushed.append(segment)
            return message

        await self._transmit(prepare)
        return lambda: AsyncTtsOutputs(self, self._socket, flushed[0].reading())

    async def cancel(self) -> None:
        """Have the server stop, without waiting. Readers get a `WebSocketCancelledError`."""
        self._socket.post(self._context.cancel)

    async def close(self) -> None:
        """`cancel`, unless all has been said."""
        self._socket.post(partial(self._context.cancel, "closed"))

    def is_closed(self) -> bool:
        """Whether nothing more can be sent or heard."""
        return self._context.closed

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    def __del__(self) -> None:
        context = getattr(self, "_context", None)
        if context is not None and not context.over:
            context.defer(context.cancel)
            self._socket.flush_unasked()

    async def _speak(
        self,
        transcript: str | Iterable[str] | AsyncIterable[str],
        settings: Mapping[str, Any],
    ) -> AsyncTtsOutputs:
        """Say all that this context ever says."""
        feeder: asyncio.Task[None] | None = None
        if isinstance(transcript, str):
            await self._say(transcript, settings)
        else:
            compose(self.context_id, "", settings)
            texts = check_texts(transcript)
            await self._socket.connect()
            feeder = asyncio.create_task(self._feed_in_background(texts, settings))
        return AsyncTtsOutputs(
            self, self._socket, Reading(self._context), feeder=feeder, ends_context=True
        )

    async def _say(
        self,
        text: str,
        settings: Mapping[str, Any],
        *,
        continue_: bool = False,
        flush: bool = False,
    ) -> None:
        request = compose(self.context_id, text, settings, continue_=continue_, flush=flush)
        await self._transmit(lambda: self._context.request(request))

    async def _feed(
        self,
        texts: Iterable[str] | AsyncIterable[str],
        settings: Mapping[str, Any],
        *,
        continue_: bool,
        flush: bool,
    ) -> None:
        try:
            async with aclosing(iterate(texts)) as pieces:
                async for text in pieces:
                    if text != "":
                        await self._say_unless_over(text, settings)
                    if self._context.over:
                        return
            if not continue_:
                await self.no_more_inputs()
            elif flush:
                await self._say_unless_over("", settings, flush=True)
        except Exception as error:
            self._socket.post(partial(self._context.abort, error))
            raise

    async def _feed_in_background(
        self, texts: Iterable[str] | AsyncIterable[str], settings: Mapping[str, Any]
    ) -> None:
        # What goes wrong ends the context, and its reader raises it.
        with suppress(Exception):
            await self._feed(texts, settings, continue_=False, flush=False)

    async def _say_unless_over(
        self, text: str, settings: Mapping[str, Any], *, flush: bool = False
    ) -> None:
        request = compose(self.context_id, text, settings, continue_=True, flush=flush)
        await self._transmit(lambda: None if self._context.over else self._context.request(request))

    async def _transmit(self, prepare: Callable[[], str | None]) -> None:
        try:
            await self._socket.send(prepare)
        except ApiError as error:
            # What was to be said is not, so what follows would not make sense.
            self._context.finish(error)
            raise
