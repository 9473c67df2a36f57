"""A socket that audio comes in on: reads always, recognises one piece at a time, sends on."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

import anyio
import anyio.lowlevel
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from cartesia.wire.base import WireModel, encode
from cartesia_server.audio.errors import AudioError
from cartesia_server.audio.raw import SAMPLE_RATE, RawDecoder
from cartesia_server.engines.base import CancelToken, Samples
from cartesia_server.errors import (
    FieldError,
    ServerError,
    answer_to,
    as_server_error,
    transcription_error,
)
from cartesia_server.scale.pool import Busy
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.recognition import Job, JobResult
from cartesia_server.sessions.stt_options import ListeningOptions

log = logging.getLogger(__name__)

_SLICE = SAMPLE_RATE  # samples listened to before other tasks of the loop get their turn
_LAST_WORDS = 5.0
"""Seconds that a closing frame may wait for a peer that does not read."""

_NORMAL, _UNUSABLE, _FAILED, _TRY_LATER = 1000, 1003, 1011, 1013  # close codes


class SpeechSession(Protocol):
    """What such a socket needs of the session behind it."""

    @property
    def done(self) -> bool:
        """Whether the last message has been handed to `take_messages`."""

    def feed(self, samples: Samples, now: float) -> None:
        """Take audio; `Overloaded` is raised if more waits than is allowed."""

    def close(self) -> None:
        """Recognise all audio so far, and be done; later input is ignored."""

    def take_messages(self) -> list[WireModel]:
        """Messages to send, in order; each is handed out once."""

    def take_voice_ends(self) -> list[float]:
        """When the last voice came, by the clock of `feed`, before each final handed out since."""

    def next_job(self, now: float) -> Job | None:
        """What to recognise now, if anything; one job at a time."""

    def wake_at(self) -> float | None:
        """When `next_job` may have a job without any further input; None if never."""

    def settle(self, job: Job, result: JobResult) -> None:
        """Take the result of a job."""

    def give_up(self) -> None:
        """Learn that the job handed out last will not be done; there will be another."""


class SpeechSocket(ABC):
    """Runs the conversation on one socket from its handshake to its close.

    Three tasks share it: one reads and never waits for the others, one has jobs recognised, one
    sends; between them, messages queue up without a limit of their own, since there are never
    more than a few for a second of audio.

    Args:
        websocket: not accepted yet.
        services: of the server.
        caller: who opened it.
        options: what comes in.
        session: what it is about.
    """

    def __init__(
        self,
        websocket: WebSocket,
        services: Services,
        caller: Caller,
        options: ListeningOptions,
        session: SpeechSession,
    ) -> None:
        self._websocket = websocket
        self._services = services
        self._caller = caller
        self._options = options
        self._decoder = RawDecoder(options.encoding, options.sample_rate)
        self._session = session
        self._outbox: deque[WireModel] = deque()
        self._tasks = anyio.create_task_group()
        self._input = asyncio.Event()  # there may be something new to recognise
        self._progress = asyncio.Event()  # the session may have gone on
        self._output = asyncio.Event()  # there is something new to send, or it is time to close
        self._close_code: int | None = None
        self._active_at = time.monotonic()
        self._heard_seconds, self._finals = 0.0, 0
        self._heard = services.metrics.heard.labels(caller.route)
        self._final = services.metrics.final.labels(caller.route)

    @abstractmethod
    async def obey(self, command: str) -> None:
        """Do what a text frame says.

        Raises:
            FieldError: it says nothing that is known here.
        """

    async def end(self) -> None:
        """Have everything recognised that has come in, and be done."""
        await self._listen(self._decoder.flush())
        self._session.close()

    async def run(self) -> None:
        """Accept the socket and serve it until either side closes it."""
        await self._websocket.accept()
        self._pass_on()
        try:
            async with self._tasks:
                for task in self.tasks():
                    self._tasks.start_soon(task)
                await self._read()
        finally:
            heard = round(self._heard_seconds, 3)
            self._caller.notes.update(audio_seconds=heard, finals=self._finals)

    def tasks(self) -> Sequence[Callable[[], Coroutine[Any, Any, None]]]:
        """What goes on beside reading, until the socket closes."""
        return self._recognise, self._write

    # --- reading ----------------------------------------------------------------------------------

    async def _read(self) -> None:
        """Take messages until the socket closes or has been idle for too long."""
        while (idle_in := self._idle_at() - time.monotonic()) > 0:
            with anyio.move_on_after(idle_in):
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    self._tasks.cancel_scope.cancel()
                    return
                self._active_at = time.monotonic()
                await self._take(message)
        self._close(_NORMAL)

    def _idle_at(self) -> float:
        return self._active_at + self._services.settings.stt_idle_timeout

    async def _take(self, message: Message) -> None:
        text = message.get("text")
        try:
            if text is None:
                await self._listen(self._decoder.feed(message["bytes"]))
            else:
                await self.obey(text.strip())
        except AudioError as error:
            self._report(error)
            self._close(_UNUSABLE)
        except FieldError as error:
            self._report(error)
        except ServerError as error:
            self._report(error)
            self._close(_TRY_LATER)
        self._pass_on()

    async def _listen(self, samples: Samples) -> None:
        for at in range(0, len(samples), _SLICE):
            piece = samples[at : at + _SLICE]
            self._session.feed(piece, time.monotonic())
            self._heard_seconds += len(piece) / SAMPLE_RATE
            self._heard.inc(len(piece) / SAMPLE_RATE)
            self._pass_on()
            await anyio.lowlevel.checkpoint()

    # --- recognising ------------------------------------------------------------------------------

    async def _recognise(self) -> None:
        while True:
            now = time.monotonic()
            job = self._session.next_job(now)
            self._send_on()
            if job is not None:
                await self._run(job)
                continue
            wake_at = self._session.wake_at()
            with anyio.move_on_after(None if wake_at is None else max(0.0, wake_at - now)):
                await self._input.wait()
            self._input.clear()

    async def _run(self, job: Job) -> None:
        try:
            result = await self._services.pool.run(
                lambda cancel: self._done(job, cancel), kind="transcription", pressing=True
            )
        except Busy as error:
            self._session.give_up()
            if not job.draft:
                self._report(error)
                self._close(_TRY_LATER)
        except Exception as error:  # noqa: BLE001 -- each is told, unknown ones are logged
            self._report(answer_to(error, self._caller.request_id))
            self._close(_FAILED)
            await anyio.sleep_forever()
        else:
            self._session.settle(job, result)
            self._pass_on()

    def _done(self, job: Job, cancel: CancelToken) -> JobResult:
        """Do a job, on whatever thread calls."""
        engine, language = self._services.transcription, job.language
        if job.languages:
            return engine.detect_language(job.samples, job.languages)
        if job.draft:
            word_times = self._options.word_times
            return [engine.draft(job.samples, language, cancel, word_times=word_times)]
        context, lead = self._options.context, job.lead
        heard = engine.transcribe(job.samples, language, cancel, context=context, lead=lead)
        return [segment for segment in heard if segment is not None]

    # --- writing ----------------------------------------------------------------------------------

    def _pass_on(self) -> None:
        """Wake the other tasks for what has happened."""
        self._send_on()
        self._input.set()

    def _send_on(self) -> None:
        """Wake the task that sends, for what the session has to say."""
        self._progress.set()
        self._outbox.extend(self._session.take_messages())
        for voice_at in self._session.take_voice_ends():
            self._finals += 1
            self._final.observe(time.monotonic() - voice_at)
        if self._session.done:
            self._close(_NORMAL)
        self._output.set()

    def _report(self, error: Exception) -> None:
        answer = as_server_error(error)
        self._services.metrics.errors.labels(self._caller.route, answer.status).inc()
        self._outbox.append(transcription_error(answer, request_id=self._caller.request_id))
        self._output.set()

    def _close(self, code: int) -> None:
        """Close the socket once everything is sent; the first reason counts."""
        if self._close_code is None:
            self._close_code = code
        self._output.set()

    async def _write(self) -> None:
        try:
            while self._outbox or self._close_code is None:
                while self._outbox:
                    await self._websocket.send_text(encode(self._outbox.popleft()).decode())
                if self._close_code is None:
                    await self._output.wait()
                    self._output.clear()
            with anyio.move_on_after(_LAST_WORDS):
                await self._websocket.close(self._close_code)
        except WebSocketDisconnect:
            log.debug("caller left", extra={"request_id": self._caller.request_id})
        self._tasks.cancel_scope.cancel()
