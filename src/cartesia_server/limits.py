"""Limits that keep one caller from taking the server away from the others."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import TypeVar

import anyio
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message

from cartesia_server.errors import (
    FieldError,
    NoRoom,
    Overloaded,
    TooLarge,
    TooSlow,
    invalid_field,
)

Model = TypeVar("Model", bound=BaseModel)

_MULTIPART = "multipart/form-data"
_FORMS = (_MULTIPART, "application/x-www-form-urlencoded")  # the latter holds no files
_EXTENDED = re.compile(rb";\s*filename\*", re.IGNORECASE)

_BYTES_A_VALUE = 16
"""The least that values of JSON take of the longest body, on average."""

_FEW_VALUES = 10_000
"""Values that are read in some milliseconds."""

_SILENCE = 60.0
"""Seconds after which the next part of a body is no longer waited for."""

_FORM_OVERHEAD = 1 << 16
"""Bytes that the fields beside a file, and the multipart framing, may take."""


class Gate:
    """Counts what is in progress and refuses more than a limit. For one event loop.

    Args:
        what: in progress, in the plural; appears in the refusal.
        limit: how many may be in progress at once.
    """

    def __init__(self, what: str, limit: int) -> None:
        self._what = what
        self._limit = limit
        self._inside = 0

    @property
    def inside(self) -> int:
        """How many are in progress."""
        return self._inside

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Be in progress for the length of a ``with`` block.

        Raises:
            Overloaded: as many as are allowed are in progress already.
        """
        if self._inside >= self._limit:
            raise Overloaded(f"{self._limit} {self._what} are in progress, the most allowed here")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1


def check_json(text: str | bytes, max_bytes: int, field: str) -> None:
    """See whether JSON can be read at once, which others have to wait for.

    Values by the hundred thousand take a second, many times as long as text of the same size. As
    many fit as there are commas and brackets in the longest text.

    Args:
        text: the JSON.
        max_bytes: that it may have.
        field: what it is called in the error text.

    Raises:
        TooLarge: it cannot.
    """
    if len(text) > max_bytes:
        raise TooLarge(f"{field}: got {len(text)} bytes, accepted: at most {max_bytes}")
    most = max(_FEW_VALUES, max_bytes // _BYTES_A_VALUE)
    coded = text if isinstance(text, bytes) else text.encode(errors="replace")
    values = sum(map(coded.count, (b"[", b"{", b",")))
    if values > most:
        raise TooLarge(f"{field}: got some {values} values, accepted: at most {most}")


async def read_json(request: Request, model: type[Model], max_bytes: int) -> Model:
    """Read a JSON body, giving up as soon as it is too long.

    Raises:
        TooLarge: the body is longer than `max_bytes`, or holds very many values.
        TooSlow: the body stops to arrive.
        FieldError: the body is no JSON object, or a field of it is missing or of the wrong kind.
    """
    body = await _limited(request, max_bytes).body()
    check_json(body, max_bytes, "body")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid_field(error) from None


@asynccontextmanager
async def read_form(request: Request, max_bytes: int) -> AsyncIterator[FormData]:
    """Read a form, giving up as soon as it is too long; files go to disk past 1 MiB.

    Yields:
        The fields and open files, for the length of an ``async with`` block.

    Raises:
        TooLarge: the body is longer than `max_bytes` and a little for its framing.
        TooSlow: the body stops to arrive.
        FieldError: the body is said to be something else than a form.
        HTTPException: the body is no form.
        NoRoom: the disk cannot hold it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        raise FieldError("Content-Type", kind or None, _FORMS[0])
    limited = _limited(request, max_bytes + _FORM_OVERHEAD)
    parser = _FormParser if kind == _MULTIPART else FormParser
    try:
        async with aclosing(limited.stream()) as stream:
            form = await parser(limited.headers, stream).parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from None
    except OSError as error:
        raise NoRoom(
            f"{tempfile.gettempdir()}: {error.strerror}; make room there, let the server's user "
            "write it, or name another folder in TMPDIR"
        ) from error
    try:
        yield form
    finally:
        await form.close()


class _FormParser(MultiPartParser):
    """Takes a part for a file, too, that has its filename only as RFC 5987 writes it."""

    def on_headers_finished(self) -> None:
        part = self._current_part
        if part.content_disposition and _EXTENDED.search(part.content_disposition):
            # RFC 7578 rules this form out, and parsers leave it out; older clients write names so
            # that are not ASCII. Nothing depends on the name itself.
            part.content_disposition += b'; filename="upload"'
        super().on_headers_finished()


def _limited(request: Request, max_bytes: int) -> Request:
    """The same request, whose body may not be longer than `max_bytes`, nor stop to arrive."""
    too_large = TooLarge(f"body: accepted: at most {max_bytes} bytes")
    if int(request.headers.get("content-length", 0)) > max_bytes:
        raise too_large
    received = 0

    async def receive() -> Message:
        nonlocal received
        with anyio.move_on_after(_SILENCE) as waiting:
            message = await request.receive()
        if waiting.cancelled_caught:
            raise TooSlow(f"body: {received} bytes came, and then none for {_SILENCE:g} seconds")
        received += len(message.get("body", b""))
        if received > max_bytes:
            raise too_large
        return message

    return Request(request.scope, receive)
