"""Answers that are sent while a worker thread still makes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cartesia_server.engines.base import Cancelled, CancelToken
from cartesia_server.limits import Gate
from cartesia_server.scale.pool import Stream, WorkPool
from cartesia_server.sessions.speech import SpeechPiece


class LiveResponse(Response):
    """Streams the pieces of speech of a job, each as soon as it is made.

    The status line goes out with the first bytes, so a job that fails before has an error status.
    When the client goes away, the job ends with the piece being made; when the client reads
    slowly, only this job waits.

    Args:
        work: makes the pieces.
        pool: whose threads run it.
        gate: counts it while it is in progress.
        render: the bytes to send for a piece; may be empty.
        media_type: of the body.
        ending: bytes to send after the last piece.
        render_error: bytes to send for an error after the first bytes; without it the connection
            is broken off, which clients notice.
    """

    def __init__(
        self,
        work: Callable[[CancelToken], Iterator[SpeechPiece]],
        *,
        pool: WorkPool,
        gate: Gate,
        render: Callable[[SpeechPiece], bytes],
        media_type: str,
        ending: bytes = b"",
        render_error: Callable[[Exception], bytes] | None = None,
    ) -> None:
        self._work = work
        self._pool = pool
        self._gate = gate
        self._render = render
        self._ending = ending
        self._render_error = render_error
        self._begun = False
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self.init_headers({"Cache-Control": "no-store"})

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Run the job and send what it makes."""
        with self._gate.enter():
            async with self._pool.stream(self._work, lasts=lambda piece: piece.seconds) as pieces:
                watcher = asyncio.create_task(cancel_on_disconnect(receive, pieces))
                try:
                    await self._send_all(pieces, send)
                except Cancelled:
                    if not watcher.done():
                        raise
                finally:
                    watcher.cancel()

    async def _send_all(self, pieces: Stream[SpeechPiece], send: Send) -> None:
        try:
            async for piece in pieces:
                await self._send_some(self._render(piece), send)
        except Cancelled:
            raise
        except Exception as error:
            if not self._begun or self._render_error is None:
                raise
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
