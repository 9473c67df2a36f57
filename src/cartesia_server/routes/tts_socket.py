"""One ``/tts/websocket`` connection: reads always, speaks in as many contexts as there are."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import anyio
import anyio.lowlevel
import pydantic_core
from anyio.abc import TaskGroup
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from cartesia.wire.base import WireModel, encode
from cartesia.wire.tts import GenerationRequest
from cartesia_server.errors import (
    FieldError,
    Overloaded,
    ServerError,
    answer_to,
    error_event,
    invalid_field,
)
from cartesia_server.limits import check_json
from cartesia_server.routes.context_runner import ContextRunner
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.speech import unspeakable
from cartesia_server.sessions.tts_context import ContextInput, TtsContext, switch

log = logging.getLogger(__name__)

_REMEMBERED = 100
"""Ids of ended contexts that are kept, so that late messages to them are no errors."""

_LONGEST_ID = 1000
"""Characters of a context's id, which comes back in every event and is remembered for a while."""

_CONTEXT_ID = re.compile(rf'"context_id"\s*:\s*("(?:[^"\\]|\\.){{0,{_LONGEST_ID}}}")')

_SHOWN = 100  # characters of a context's id in the log

_LAST_WORDS = 5.0
"""Seconds that a closing frame may wait for a peer that does not read."""


class SpeechSocket:
    """Runs the conversation on one socket from its handshake to its close.

    Args:
        websocket: not accepted yet.
        services: of the server.
        caller: who opened it.
    """

    def __init__(self, websocket: WebSocket, services: Services, caller: Caller) -> None:
        self._websocket = websocket
        self._services = services
        self._caller = caller
        self._tasks: TaskGroup = anyio.create_task_group()
        self._contexts: dict[str, ContextRunner] = {}
        self._ended: deque[str] = deque(maxlen=_REMEMBERED)
        self._active_at = time.monotonic()
        self._unsent = 0  # errors that wait for the peer to read
        self._audio_seconds = 0.0
        self._outcomes: Counter[str] = Counter()  # of contexts

    async def run(self) -> None:
        """Accept the socket and serve it until either side closes it."""
        await self._websocket.accept()
        try:
            async with self._tasks:
                await self._read()
                self._tasks.cancel_scope.cancel()
        finally:
            self._caller.notes.update(
                contexts=dict(self._outcomes), audio_seconds=round(self._audio_seconds, 3)
            )

    async def _read(self) -> None:
        """Take messages until the socket closes or has been idle for too long.

        Never waits for output: what a message causes runs in tasks of its own.
        """
        while (idle_in := self._idle_at() - time.monotonic()) > 0:
            with anyio.move_on_after(idle_in):
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                self._active_at = time.monotonic()
                self._take(message)
            # However many messages have come at once, others have their turn in between.
            await anyio.lowlevel.checkpoint()
        with anyio.move_on_after(_LAST_WORDS):
            await self._websocket.close(1000, "connection idle timeout")

    def _idle_at(self) -> float:
        return self._active_at + self._services.settings.idle_timeout

    def _take(self, message: Mapping[str, Any]) -> None:
        try:
            request = _parsed(message, self._services.settings.max_body_bytes)
        except ServerError as error:
            self._fail(error, _legible_id(message.get("text") or ""))
        else:
            self._take_request(request, len(message["text"]))

    def _take_request(self, request: dict[str, Any], size: int) -> None:
        """Act on a message of so many characters; an error in it ends its context, and no other."""
        context_id: str | None = None
        try:
            context_id = _context_id(request)
            self._dispatch(request, size, context_id)
        except ServerError as error:
            self._fail(error, context_id)

    def _fail(self, error: ServerError, context_id: str | None) -> None:
        """Tell of an error in a message; it ends the context that the message was for."""
        runner = None if context_id is None else self._contexts.get(context_id)
        if runner is not None:
            runner.fail(error)
            return
        if context_id is not None:
            self._ended.append(context_id)
        self._refuse(error, context_id)

    def _dispatch(self, request: dict[str, Any], size: int, context_id: str) -> None:
        runner = self._contexts.get(context_id)
        if switch(request, "cancel"):
            if runner is not None:
                runner.cancel()
        elif runner is None:
            self._open(request, context_id)
        elif not runner.ended:
            runner.submit(ContextInput.read(request))
        elif self._has_room(runner, size):
            runner.successors.append((request, size))
        else:
            raise Overloaded(f"too many messages wait for context {context_id!r} to end")

    def _has_room(self, runner: ContextRunner, size: int) -> bool:
        """Whether one more message may wait for a context to end."""
        settings = self._services.settings
        waiting = sum(size for _, size in runner.successors)
        few = len(runner.successors) < settings.max_queue
        return few and waiting + size <= settings.max_body_bytes

    def _open(self, request: dict[str, Any], context_id: str) -> None:
        given = ContextInput.read(request)
        if given.is_blank and (given.flush or not given.more):
            # Clients end and flush contexts without knowing whether they have ended by themselves,
            # and with a placeholder for voice and model.
            if context_id not in self._ended:
                raise unspeakable(given.transcript)
            return
        runner = self._new_runner(request, context_id)
        runner.submit(given)
        self._contexts[context_id] = runner
        self._tasks.start_soon(self._run, runner)

    def _new_runner(self, request: dict[str, Any], context_id: str) -> ContextRunner:
        try:
            asked = GenerationRequest.model_validate(request)
        except ValidationError as error:
            raise invalid_field(error) from None
        services = self._services
        context = TtsContext(
            now=time.monotonic(),
            first_flush_id=self._caller.version.first_flush_id,
            expiry=services.settings.context_expiry,
            max_pending=services.settings.max_text_chars,
        )
        route = self._caller.route
        return ContextRunner(context_id, context, asked, services, route, self._send)

    async def _run(self, runner: ContextRunner) -> None:
        try:
            await runner.run()
        except Exception as error:  # noqa: BLE001 -- each is told, unknown ones are logged
            self._refuse(answer_to(error, self._caller.request_id), runner.context_id)
        finally:
            self._note(runner)
        del self._contexts[runner.context_id]
        self._ended.append(runner.context_id)
        for request, size in runner.successors:
            self._take_request(request, size)

    def _note(self, runner: ContextRunner) -> None:
        """Say in the log how a context went."""
        if runner.meter is None:
            return
        self._outcomes[str(runner.meter.outcome)] += 1
        self._audio_seconds += runner.meter.audio_seconds
        named = {"request_id": self._caller.request_id, "context_id": runner.context_id[:_SHOWN]}
        log.debug("context", extra={**named, **runner.meter.notes})

    def _refuse(self, error: ServerError, context_id: str | None) -> None:
        """Tell the peer of an error as soon as it reads; one that never does is left."""
        self._services.metrics.errors.labels(self._caller.route, error.status).inc()
        if self._unsent >= self._services.settings.max_queue:
            self._tasks.cancel_scope.cancel()
            return
        self._unsent += 1
        self._tasks.start_soon(self._report, error, context_id)

    async def _report(self, error: ServerError, context_id: str | None) -> None:
        await self._send(
            error_event(error, request_id=self._caller.request_id, context_id=context_id)
        )
        self._unsent -= 1

    async def _send(self, event: WireModel) -> None:
        with suppress(WebSocketDisconnect):
            # Another context may have found out already that nobody is there.
            if self._websocket.application_state is WebSocketState.CONNECTED:
                await self._websocket.send_text(encode(event).decode())
                self._active_at = time.monotonic()
                return
        self._tasks.cancel_scope.cancel()
        await anyio.lowlevel.checkpoint()


def _parsed(message: Mapping[str, Any], max_bytes: int) -> dict[str, Any]:
    text = message.get("text")
    if text is None:
        raise FieldError("message", "a binary frame", "a text frame with a JSON object")
    check_json(text, max_bytes, "message")
    try:
        request = pydantic_core.from_json(text)
    except ValueError as error:
        raise FieldError("message", str(error), "a JSON object") from None
    if not isinstance(request, dict):
        raise FieldError("message", request, "a JSON object")
    return request


def _legible_id(text: str) -> str | None:
    """The context that a message seems to be for which is no JSON; None if it does not say."""
    found = _CONTEXT_ID.search(text)
    try:
        return None if found is None else str(pydantic_core.from_json(found[1]))
    except ValueError:
        return None


def _context_id(request: Mapping[str, Any]) -> str:
    """The context that a message is for; one without a name is a context of its own."""
    context_id = request.get("context_id")
    if context_id is None:
        return str(uuid.uuid4())
    if not isinstance(context_id, str):
        raise FieldError("context_id", context_id, "text")
    if len(context_id) > _LONGEST_ID:
        raise FieldError("context_id", context_id, f"at most {_LONGEST_ID} characters")
    return context_id
