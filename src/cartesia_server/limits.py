"""Limits that keep one caller from taking the server away from the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message

from cartesia_server.errors import FieldError, Overloaded, TooLarge, invalid_field

Model = TypeVar("Model", bound=BaseModel)

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")  # the latter holds no files

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


async def read_json(request: Request, model: type[Model], max_bytes: int) -> Model:
    """Read a JSON body, giving up as soon as it is too long.

    Raises:
        TooLarge: the body is longer than `max_bytes`.
        FieldError: the body is no JSON object, or a field of it is missing or of the wrong kind.
    """
    body = await _limited(request, max_bytes).body()
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid_field(error) from None


def read_form(request: Request, max_bytes: int) -> AbstractAsyncContextManager[FormData]:
    """Read a multipart body, giving up as soon as it is too long; files go to disk past 1 MiB.

    Returns:
        The fields and open files, for the length of an ``async with`` block.

    Raises:
        TooLarge: the body is longer than `max_bytes` and a little for its framing.
        FieldError: the body is said to be something else than a form.
        HTTPException: the body is no multipart form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        raise FieldError("Content-Type", kind or None, _FORMS[0])
    return _limited(request, max_bytes + _FORM_OVERHEAD).form()


def _limited(request: Request, max_bytes: int) -> Request:
    """The same request, whose body may not be longer than `max_bytes`."""
    too_large = TooLarge(f"body: accepted: at most {max_bytes} bytes")
    if int(request.headers.get("content-length", 0)) > max_bytes:
        raise too_large
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > max_bytes:
            raise too_large
        return message

    return Request(request.scope, receive)
