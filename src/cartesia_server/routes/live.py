"""Answers that are sent while a worker thread still makes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cartesia_server.engines.base import Cancelled, CancelToken
from cartesia_server.errors import as_server_error
from cartesia_server.routes.speech_meter import SpeechMeter, outcome_of
from cartesia_server.scale.pool import Stream
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.resolve import SpeechJob
from cartesia_server.sessions.speech import SpeechPiece


def _audio_of(piece: SpeechPiece) -> bytes:
    return piece.audio


class LiveResponse(Response):
    """Streams the pieces of speech of a job, each as soon as it is made.

    The status line goes out with the first bytes, so a job that fails before has an error status.
    When the client goes away, the job ends with the piece being made; when the client reads
    slowly, only this job waits.

    Args:
        request: that this answers.
        job: who speaks, and how.
        work: makes the pieces.
        transcript: that is spoken, if there is one.
        render: the bytes to send for a piece; may be empty. By default its audio.
        media_type: of the body; by default that of the audio.
        ending: bytes to send after the last piece.
        render_error: bytes to send for an error after the first bytes; without it the connection
            is broken off, which clients notice.
    """

    def __init__(
        self,
        request: Request,
        job: SpeechJob,
        work: Callable[[CancelToken], Iterator[SpeechPiece]],
        *,
        transcript: str = "",
        render: Callable[[SpeechPiece], bytes] = _audio_of,
        media_type: str | None = None,
        ending: bytes = b"",
        render_error: Callable[[Exception], bytes] | None = None,
    ) -> None:
        self._services = Services.of(request)
        self._caller = Caller.of(request)
        self._meter = SpeechMeter(
            self._services.metrics, self._caller.route, job.voice.capabilities.name
        )
        self._work = work
        self._characters = len(transcript)
        self._render = render
        self._ending = ending
        self._render_error = render_error
        self._begun = False
        self.status_code = 200
        self.media_type = media_type or job.form.media_type
        self.background = None
        # nginx, and what takes after it, would wait until a buffer is full.
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Run the job and send what it makes."""
        with self._services.contexts.enter():
            self._meter.asked(self._characters, self._caller.came_at)
            try:
                with self._meter.running():
                    await self._run(receive, send)
            finally:
                self._caller.notes.update(self._meter.notes)

    async def _run(self, receive: Receive, send: Send) -> None:
        work = self._services.pool.stream(
            self._work, kind="speech", lasts=lambda piece: piece.seconds
        )
        async with work as pieces:
            watcher = asyncio.create_task(cancel_on_disconnect(receive, pieces))
            try:
                await self._send_all(pieces, send)
            except Cancelled:
                if not watcher.done():
                    raise
                self._meter.end("disconnected")
            finally:
                watcher.cancel()

    async def _send_all(self, pieces: Stream[SpeechPiece], send: Send) -> None:
        try:
            async for piece in pieces:
                self._meter.made(piece, time.monotonic())
                await self._send_some(self._render(piece), send)
        except Cancelled:
            raise
        except Exception as error:
            if not self._begun or self._render_error is None:
                raise
            self._meter.end(outcome_of(error))
            status = as_server_error(error).status
            self._services.metrics.errors.labels(self._caller.route, status).inc()
            await self._send_some(self._render_error(error), send)
        else:
            await self._send_some(self._ending, send)
        await self._start(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_some(self, body: bytes, send: Send) -> None:
        if body:
            await self._start(send)
            await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _start(self, send: Send) -> None:
        if not self._begun:
            self._begun = True
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )


async def cancel_on_disconnect(receive: Receive, pieces: Stream[Any]) -> None:
    """Wait for the client to go away, then cancel its job. For a request read to its end."""
    while (await receive())["type"] != "http.disconnect":
        pass
    pieces.cancel()
