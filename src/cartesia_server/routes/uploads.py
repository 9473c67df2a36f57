"""Work on an upload that is done before its answer begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator
from typing import BinaryIO, TypeVar

from starlette.requests import Request

from cartesia_server.audio.decode import decoding
from cartesia_server.audio.errors import AudioError
from cartesia_server.engines.base import CancelToken, Samples
from cartesia_server.routes.live import cancel_on_disconnect
from cartesia_server.services import Services

T = TypeVar("T")


async def outcome(request: Request, work: Callable[[CancelToken], Iterator[T | None]]) -> T:
    """Run work on the pool's threads, in pieces; the work ends if the caller leaves.

    Args:
        request: read to its end.
        work: makes pieces, the last of which is what counts; None gives others their turn.

    Raises:
        Busy: too much work is waiting.
    """
    last: T | None = None
    async with Services.of(request).pool.stream(work, kind="upload") as pieces:
        watcher = asyncio.create_task(cancel_on_disconnect(request.receive, pieces))
        try:
            async for piece in pieces:
                last = piece
        finally:
            watcher.cancel()
    if last is None:
        raise RuntimeError("the work ended without a result")
    return last


def decode_field(
    field: str, file: BinaryIO, *, max_seconds: float, cancel: CancelToken
) -> Generator[None, None, Samples]:
    """Decode the upload in a field of a form: mono, 16 kHz. In steps, as `decoding` does.

    Raises:
        AudioError: it cannot be used; names the field.
        Cancelled: `cancel` was flipped.
    """
    try:
        return (yield from decoding(file, max_seconds=max_seconds, cancel=cancel))
    except AudioError as error:
        raise AudioError(field, error.message, error.accepted) from error
