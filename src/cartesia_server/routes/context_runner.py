"""Carries out what a TTS context asks for: engine work, events, waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.lowlevel

from cartesia.wire.base import WireModel
from cartesia.wire.tts import GenerationRequest
from cartesia_server.routes.speech_events import done_event, flush_done_event, speech_events
from cartesia_server.routes.speech_meter import SpeechMeter, outcome_of
from cartesia_server.routes.voice_lookup import resolve_job
from cartesia_server.services import Services
from cartesia_server.sessions.speech import Speaker, SpeechPiece, unspeakable
from cartesia_server.sessions.tts_context import ContextInput, Done, FlushDone, Speak, TtsContext


class ContextRunner:
    """One context of a socket, from its first message to its last event.

    Args:
        context_id: names it in every event.
        context: its protocol state.
        asked: its first message, which settles how it speaks.
        services: of the server.
        route: of the socket.
        send: sends an event, waiting while the socket's peer reads slowly.
    """

    def __init__(
        self,
        context_id: str,
        context: TtsContext,
        asked: GenerationRequest,
        services: Services,
        route: str,
        send: Callable[[WireModel], Awaitable[None]],
    ) -> None:
        self.context_id = context_id
        self.meter: SpeechMeter | None = None
        """Measures its speech, once it is settled how it speaks."""
        self.successors: list[tuple[dict[str, Any], int]] = []
        """Messages under the same id that came after its end: they begin a new context. With each,
        the characters that it had."""
        self._context = context
        self._asked = asked
        self._services = services
        self._route = route
        self._send = send
        self._scope = anyio.CancelScope()
        self._wake = asyncio.Event()
        self._failure: Exception | None = None
        self._cancelled = False
        self._last_flush_id: int | None = None  # of the last sound

    @property
    def ended(self) -> bool:
        """Whether no further input is expected."""
        return self._context.ended or self._cancelled

    def submit(self, given: ContextInput) -> None:
        """Take an input.

        Raises:
            TooLarge: too much text waits; the context should `fail` with this error.
        """
        self._context.submit(given, time.monotonic())
        self._wake.set()

    def cancel(self) -> None:
        """End the context at once, freeing the engine; with it goes what waited for its end."""
        self._cancelled = True
        if self.meter is not None:
            self.meter.end("cancelled")
        self.successors.clear()
        self._scope.cancel()

    def fail(self, failure: Exception) -> None:
        """End the context at once, freeing the engine; `run` then raises `failure`."""
        self._failure = failure
        if self.meter is not None:
            self.meter.end(outcome_of(failure))
        self.successors.clear()
        self._scope.cancel()

    async def run(self) -> None:
        """Speak until the context is over, or was ended from outside.

        Raises:
            ServerError: the context failed and no event said so yet. Other exceptions are faults.
        """
        with self._scope, self._services.contexts.enter():
            job = await resolve_job(self._services, self._asked)
            engine = job.voice.capabilities.name
            self.meter = SpeechMeter(self._services.metrics, self._route, engine)
            with self.meter.running():
                await self._follow(Speaker(job), self.meter)
        if self._failure is not None:
            raise self._failure

    async def _follow(self, speaker: Speaker, meter: SpeechMeter) -> None:
        while True:
            # Text is read on between steps, some of which ask for nothing that takes time.
            await anyio.lowlevel.checkpoint()
            self._wake.clear()
            step = self._context.next_step(time.monotonic())
            if isinstance(step, Speak):
                await self._speak(speaker, step, meter)
            elif isinstance(step, FlushDone):
                await self._tell(flush_done_event(self.context_id, step.flush_id))
            elif isinstance(step, Done):
                await self._finish(speaker)
                return
            else:
                await self._sleep()

    async def _speak(self, speaker: Speaker, step: Speak, meter: SpeechMeter) -> None:
        if speaker.finished:
            return
        meter.asked(step.characters, step.ready_at)
        work = self._services.pool.stream(
            lambda cancel: speaker.speak(step.segments, cancel),
            kind="speech",
            lasts=lambda piece: piece.seconds,
        )
        async with work as pieces:
            async for piece in pieces:
                meter.made(piece, time.monotonic())
                await self._send_piece(piece, step.flush_id)
                self._context.spoke(time.monotonic())

    async def _send_piece(self, piece: SpeechPiece, flush_id: int) -> None:
        self._last_flush_id = flush_id
        for event in speech_events(piece, context_id=self.context_id, flush_id=flush_id):
            await self._tell(event)

    async def _finish(self, speaker: Speaker) -> None:
        if self._last_flush_id is None:
            raise unspeakable(self._context.given)
        await self._send_piece(SpeechPiece(b"", speaker.leftover()), self._last_flush_id)
        await self._tell(done_event(self.context_id))

    async def _tell(self, event: WireModel) -> None:
        """Send an event, if the context has not been ended since it was made."""
        await anyio.lowlevel.checkpoint_if_cancelled()
        await self._send(event)

    async def _sleep(self) -> None:
        """Wait for input, or until time has brought about a step."""
        wake_at = self._context.wake_at()
        delay = None if wake_at is None else wake_at - time.monotonic()
        with anyio.move_on_after(delay):
            await self._wake.wait()
