"""Streams of speech on a WebSocket, for threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Literal, NoReturn, cast

from typing_extensions import Self

from cartesia.core.api_error import ApiError
from cartesia.core.channel_context import Context, Flushed, Reading
from cartesia.core.channel_events import Event, output_of
from cartesia.core.socket_feeder import feed_in_background
from cartesia.core.socket_inbox import END, Signal
from cartesia.core.socket_sync import SyncSocket
from cartesia.core.streams import exception_to_throw
from cartesia.wire.tts import (
    GenerationConfig,
    GenerationConfigParams,
    GenerationRequest,
    SupportedLanguage,
)

from ._requests import Output, RawFormatInput, check_context_id, check_text, check_texts, compose
from .endpoints import VoiceInput


class TtsOutputs(Generator[Output, None, None]):
    """What is heard, as it comes: a generator of outputs, each with one kind of content.

    Those of a request that is a context of its own end that context: closed early, or no longer
    referred to, they have the server stop. Those of texts from an iterator do so once they are
    being read.
    """

    def __init__(
        self,
        context: _TTSContext,
        socket: SyncSocket,
        reading: Reading,
        *,
        ends_context: bool = False,
        ends_context_once_read: bool = False,
    ) -> None:
        self._context = context
        self._socket = socket
        self._reading = reading
        self._ends_context = ends_context
        self._ends_context_once_read = ends_context_once_read
        self._open = True

    @property
    def context_id(self) -> str:
        """Name of the context that speaks."""
        return self._context.context_id

    def __next__(self) -> Output:
        if not self._open:
            raise StopIteration
        self._ends_context = self._ends_context or self._ends_context_once_read
        try:
            event: Event | Literal[Signal.END] = self._socket.receive(
                self._reading, waiting_for="audio chunk"
            )
            if event is not END:
                return cast("Output", output_of(event, self.context_id))
        except Exception:
            self.close()
            raise
        self._open = False
        with self._socket.lock:
            self._reading.close()
        raise StopIteration

    def send(self, value: None) -> Output:
        """Give the next output, as `next` does; `value` has no use."""
        del value
        return next(self)

    def throw(self, typ: Any, val: Any = None, tb: TracebackType | None = None) -> NoReturn:
        """Close it and raise an exception, as a generator paused in a loop would."""
        self.close()
        raise exception_to_throw(typ, val, tb)

    def close(self) -> None:
        """Stop reading. Twice is harmless."""
        if self._open:
            self._open = False
            with self._socket.lock:
                self._reading.close()
            if self._ends_context:
                self._context.cancel()

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            context = self._reading.context
            context.defer(self._reading.close)
            if self._ends_context:
                context.defer(context.cancel)
            self._socket.flush_unasked()


class _TTSContext:
    """One stream of speech with one prosody, to which text can be added: `ws.context()`.

    Any number share a socket, from any number of threads. Leaving its `with` block, or dropping
    it, before all has been said has the server stop.
    """

    def __init__(self, socket: SyncSocket, context: Context) -> None:
        self._socket = socket
        self._context = context
        self._turn = threading.Lock()

    @property
    def context_id(self) -> str:
        """Its name on the socket."""
        return self._context.id

    def send(
        self,
        model_id: str,
        transcript: str | Iterable[str],
        output_format: RawFormatInput,
        voice: VoiceInput,
        context_id: str | None = None,
        max_buffer_delay_ms: int | None = None,
        duration: float | None = None,
        language: SupportedLanguage | None = None,
        stream: bool = True,
        add_timestamps: bool = False,
        add_phoneme_timestamps: bool = False,
        use_original_timestamps: bool = False,
        generation_config: GenerationConfig | GenerationConfigParams | None = None,
        pronunciation_dict_id: str | None = None,
        *,
        continue_: bool = False,
        flush: bool = False,
    ) -> TtsOutputs:
        """Add text, and hear what is said.

        A text goes out in the call. The texts of an iterator go out as it gives them, from a
        thread if it is not a list or a tuple, while the outputs can be read; what is sent after
        it waits for its end.

        Args:
            model_id: The model that speaks, such as `sonic-2`.
            transcript: A text, or an iterator of texts; spaces between texts are yours to give.
            output_format: `raw`, with sample rate in Hz and encoding.
            voice: Who says it: an id, or a point in the voice space.
            context_id: None, or this context's own.
            max_buffer_delay_ms: How long the server may hold text back to speak whole sentences.
            duration: The longest that the audio may last, in seconds.
            language: Of the transcript.
            stream: Has no effect here; for programs written for 2.x.
            add_timestamps: Whether to have word times among the outputs.
            add_phoneme_timestamps: Whether to have phoneme times among the outputs.
            use_original_timestamps: Whether times are of words as written instead of as spoken.
            generation_config: Volume, speed and emotion, for `sonic-3` and newer.
            pronunciation_dict_id: A dictionary of pronunciations.
            continue_: Whether more text may follow after this.
            flush: Whether to speak now what the server holds back; an output whose `flush_done`
                is true marks the place.

        Returns:
            The outputs of the context, from the first that has not been read to its end. They may
            be ignored in favour of `receive`.

        Raises:
            InvalidArgumentError: An argument cannot be right.
            WebSocketError: The context is over, or the socket failed.
        """
        check_context_id(self.context_id, context_id)
        settings = {
            "model_id": model_id,
            "output_format": output_format,
            "voice": voice,
            "max_buffer_delay_ms": max_buffer_delay_ms,
            "duration": duration,
            "language": language,
            "stream": stream,
            "add_timestamps": add_timestamps,
            "add_phoneme_timestamps": add_phoneme_timestamps,
            "use_original_timestamps": use_original_timestamps,
            "generation_config": generation_config,
            "pronunciation_dict_id": pronunciation_dict_id,
        }
        return self._speak(transcript, settings, continue_=continue_, flush=flush)

    def no_more_inputs(self) -> None:
        """Say that no more text follows; the context ends when all is said.

        Raises:
            WebSocketError: The socket failed.
        """
        self._transmit(self._context.no_more_inputs)

    def receive(self) -> TtsOutputs:
        """Hear what is said, from the first output that has not been read to the end.

        What belongs to a `flush` whose result is kept is left to that result.
        """
        return TtsOutputs(self, self._socket, Reading(self._context))

    def flush(self) -> Callable[[], TtsOutputs]:
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

        self._transmit(prepare)
        return lambda: TtsOutputs(self, self._socket, flushed[0].reading())

    def cancel(self) -> None:
        """Have the server stop, without waiting. Readers get a `WebSocketCancelledError`."""
        self._socket.post(self._context.cancel)

    def close(self) -> None:
        """`cancel`, unless all has been said."""
        self._socket.post(partial(self._context.cancel, "closed"))

    def is_closed(self) -> bool:
        """Whether nothing more can be sent or heard."""
        with self._socket.lock:
            return self._context.closed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __del__(self) -> None:
        context = getattr(self, "_context", None)
        if context is not None and not context.over:
            context.defer(context.cancel)
            self._socket.flush_unasked()

    def _speak(
        self,
        transcript: str | Iterable[str],
        settings: Mapping[str, Any],
        *,
        ends_context: bool = False,
        continue_: bool = False,
        flush: bool = False,
    ) -> TtsOutputs:
        if isinstance(transcript, str):
            request = compose(
                self.context_id, transcript, settings, continue_=continue_, flush=flush
            )
            self._transmit(lambda: self._context.request(request))
        else:
            # Wrong arguments are to be found in the call, and not in a thread.
            compose(self.context_id, "", settings)
            self._feed(check_texts(transcript), settings, continue_=continue_, flush=flush)
        return TtsOutputs(
            self,
            self._socket,
            Reading(self._context),
            ends_context=ends_context,
            ends_context_once_read=not isinstance(transcript, str),
        )

    def _feed(
        self, texts: Iterable[str], settings: Mapping[str, Any], *, continue_: bool, flush: bool
    ) -> None:
        def send(text: str) -> bool:
            if text != "":
                request = compose(self.context_id, text, settings, continue_=True)
                self._pass_on(lambda: self._request_unless_over(request))
            return not self._context.over

        def finish() -> None:
            if not continue_:
                self._pass_on(self._context.no_more_inputs)
            elif flush:
                request = compose(self.context_id, "", settings, continue_=True, flush=True)
                self._pass_on(lambda: self._request_unless_over(request))

        def fail(error: BaseException) -> None:
            self._socket.post(lambda: self._context.abort(error))

        if isinstance(texts, (list, tuple)):
            for text in texts:
                check_text(text)
            with self._in_turn():
                if all(send(text) for text in texts):
                    finish()
        else:
            iterator = iter(texts)
            self._take_turn()
            feed_in_background(iterator, send, finish, fail, self._turn.release)

    def _request_unless_over(self, request: GenerationRequest) -> str | None:
        return None if self._context.over else self._context.request(request)

    def _transmit(self, prepare: Callable[[], str | None]) -> None:
        with self._in_turn():
            self._pass_on(prepare)

    def _pass_on(self, prepare: Callable[[], str | None]) -> None:
        try:
            self._socket.send(prepare)
        except ApiError as error:
            # What was to be said is not, so what follows would not make sense.
            with self._socket.lock:
                self._context.finish(error)
            raise

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Keep the order of calls: what comes after an iterator waits for its end."""
        if self._context.over:
            yield
            return
        self._take_turn()
        try:
            yield
        finally:
            self._turn.release()

    def _take_turn(self) -> None:
        if not self._turn.acquire(timeout=self._socket.config.timeout):
            raise self._socket.config.nothing_came("the end of the iterator of texts before")
