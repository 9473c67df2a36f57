"""Everything that a caller can be told has gone wrong, and how it looks on the wire.

Whoever finds a fault raises one of these; `as_server_error` makes one of anything else. Bodies
and events are made here and nowhere else.
"""

from __future__ import annotations

import logging
import math
import re
import reprlib
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from cartesia.wire.stt import StreamingTranscriptionResponse_Error
from cartesia.wire.tts import WebSocketResponse_Error
from cartesia_server.audio.errors import AudioError
from cartesia_server.engines.base import Cancelled
from cartesia_server.engines.weights import WeightsError
from cartesia_server.scale.pool import Busy
from cartesia_server.text.markup import MarkupError
from cartesia_server.voices.clone import ClipError
from cartesia_server.voices.library import BuiltInVoiceError, VoiceFieldError
from cartesia_server.voices.schema import StoreError, StoreUnavailable
from cartesia_server.voices.space import EmbeddingError

log = logging.getLogger(__name__)

_MEMBER = re.compile(r"literal\[.*\]|str|float|int|bool")
"""What pydantic adds to the path of a field that takes several kinds of values."""

_BRIEF = reprlib.Repr()
"""Shows values without going through all of them."""

_BRIEF.maxlist = _BRIEF.maxtuple = _BRIEF.maxdict = _BRIEF.maxstring = _BRIEF.maxother = 80
_BRIEF.maxlevel = 20

_KINDS = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
"""What is accepted, by the type of pydantic's complaint."""


class ServerError(Exception):
    """Base of all answers that are no success; by itself: a fault of the server.

    Attributes:
        status: HTTP status.
        title: a few words for the kind of error.
        message: what happened and what to do about it.
        code: stable name of the kind, where clients know one.
        retry_after: seconds after which trying again makes sense, or None.
        repeatable: whether trying again can help at all; None leaves it to the status.
        headers: that HTTP asks for with this status.
    """

    status = 500
    title = "Internal error"
    code: str | None = None
    retry_after: float | None = None
    repeatable: bool | None = None
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequest(ServerError):
    """The request cannot be understood or carried out.

    Attributes:
        field: the one at fault, if it is one.
    """

    status = 400
    title = "Invalid request"
    field: str | None = None


class FieldError(BadRequest):
    """One field of the request is at fault.

    Args:
        field: its path as the caller wrote it: ``output_format.sample_rate``.
        got: its value; None for a field that is missing.
        accepted: what would have been accepted, as words or as a list of values.
        code: stable name of the kind of error, where clients know one.
    """

    def __init__(
        self, field: str, got: object, accepted: str | Sequence[object], *, code: str | None = None
    ) -> None:
        words = accepted if isinstance(accepted, str) else ", ".join(map(str, accepted))
        super().__init__(f"{field}: got {shown(got)}, accepted: {words}")
        self.field: str = field
        self.got = got
        self.accepted = accepted
        self.code = code


class Unauthorized(ServerError):
    """The caller presented no key that is known."""

    status = 401
    title = "Unauthorized"
    headers = MappingProxyType({"WWW-Authenticate": "Bearer"})


class Forbidden(ServerError):
    """The caller is known, and may not do this."""

    status = 403
    title = "Forbidden"


class NotFound(ServerError):
    """There is nothing under this path or id."""

    status = 404
    title = "Not found"


class MethodNotAllowed(ServerError):
    """The path exists, the method does not."""

    status = 405
    title = "Method not allowed"


class TooSlow(ServerError):
    """The request did not arrive in time."""

    status = 408
    title = "Request timeout"


class TooLarge(ServerError):
    """The request is larger than a limit of this server."""

    status = 413
    title = "Request too large"


class UpgradeRequired(ServerError):
    """The path is a WebSocket, the request asks for none."""

    status = 426
    title = "Upgrade required"
    headers = MappingProxyType({"Upgrade": "websocket", "Connection": "Upgrade"})


class Overloaded(ServerError):
    """A limit of this server is reached for now."""

    status = 429
    title = "Too many requests"
    code = "concurrency_limited"

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotOffered(ServerError):
    """The API has this, a server of one's own does not."""

    status = 501
    title = "Not implemented"
    repeatable = False


class NotReady(ServerError):
    """The server should be given no work for now."""

    status = 503
    title = "Not ready"
    retry_after = 5.0


class ShuttingDown(ServerError):
    """The server is stopping and takes no more work."""

    status = 503
    title = "Shutting down"
    retry_after = 5.0


class DatabaseDown(ServerError):
    """The database of what users store cannot be used for now."""

    status = 503
    title = "Database unavailable"
    retry_after = 5.0


class NoRoom(ServerError):
    """The server's disk cannot hold an upload for now.

    Args:
        reason: for operators: which folder it is, what the system said, and what to do.
    """

    status = 507
    title = "Insufficient storage"
    retry_after = 5.0

    def __init__(self, reason: str) -> None:
        super().__init__("the server has no room for this upload for now")
        self.reason = reason


_TOLD_AS: tuple[tuple[type[Exception], type[ServerError]], ...] = (
    (EmbeddingError, BadRequest),
    (ClipError, BadRequest),
    (BuiltInVoiceError, Forbidden),
    (StoreUnavailable, DatabaseDown),
    (StoreError, ServerError),
)
"""What errors of other parts are to callers, who are told their texts; the first that fits."""


def as_server_error(error: BaseException) -> ServerError:
    """Say what any exception means to a caller; one of unknown kind is a fault of the server."""
    if isinstance(error, ServerError):
        return error
    if isinstance(error, VoiceFieldError):
        return FieldError(error.field, error.got, error.accepted)
    if isinstance(error, MarkupError):
        return FieldError("transcript", error.got, error.accepted)
    if isinstance(error, AudioError):
        answer = BadRequest(str(error))
        answer.field = error.field
        return answer
    for kind, answers in _TOLD_AS:
        if isinstance(error, kind):
            return answers(str(error))
    if isinstance(error, WeightsError):
        return ServerError("a model that this needs cannot be used; the server's log says why")
    if isinstance(error, Busy):
        return Overloaded(str(error), error.retry_after)
    if isinstance(error, Cancelled):
        return ShuttingDown("the server stopped before this was done")
    if isinstance(error, HTTPException):
        return _from_routing(error)
    return ServerError("the server failed at this request; its log has the details by request id")


def invalid_field(error: ValidationError) -> FieldError:
    """Say the first of pydantic's complaints about a request in our words."""
    first: Any = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"] if not _MEMBER.fullmatch(str(part))]
    field = ".".join(path) or "body"
    if first["type"] == "missing":
        return FieldError(field, None, "a value; this field is required")
    if first["type"] == "json_invalid":
        return FieldError("body", first["ctx"]["error"], "a JSON object")
    expected = first.get("ctx", {}).get("expected")
    said = first["msg"].removeprefix("Input should be ")
    accepted = expected or _KINDS.get(first["type"], said)
    return FieldError(field, first["input"], accepted)


def answer_to(error: Exception, request_id: str) -> ServerError:
    """Say what any exception means to a caller, and log one that is a fault of the server.

    What an operator can mend is told in a line: an outage would fill the log with tracebacks.
    """
    answer = as_server_error(error)
    if type(answer) in (ServerError, DatabaseDown, NoRoom):
        extra: dict[str, str] = {"request_id": request_id}
        foreseen = True
        if isinstance(error, (StoreError, NoRoom)):
            extra["reason"] = error.reason
        elif isinstance(error, WeightsError):
            extra["reason"] = str(error)
        else:
            foreseen = False
        brief = foreseen and not log.isEnabledFor(logging.DEBUG)
        log.error("request failed", exc_info=None if brief else error, extra=extra)
    return answer


class ErrorStyle(Enum):
    """In what form an HTTP answer says what is wrong.

    Attributes:
        TEXT: ``Title: message``, as API versions before 2026-03-01 have it.
        STRUCTURED: JSON with title, message, code, request id and the address of a description.
        OPENAI: JSON as clients of OpenAI's API read it.
    """

    TEXT = auto()
    STRUCTURED = auto()
    OPENAI = auto()


def error_response(
    error: ServerError, *, style: ErrorStyle, request_id: str, doc_url: str
) -> Response:
    """The HTTP answer for an error.

    Args:
        error: what went wrong.
        style: the form that the caller reads.
        request_id: names the request in the log.
        doc_url: where the API is described.
    """
    headers = dict(error.headers)
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    if error.repeatable is not None:
        headers["x-should-retry"] = str(error.repeatable).lower()
    if style is ErrorStyle.TEXT:
        text = f"{error.title}: {error.message}"
        return PlainTextResponse(text, status_code=error.status, headers=headers)
    structured = {
        "error_code": error.code,
        "title": error.title,
        "message": error.message,
        "request_id": request_id,
        "doc_url": doc_url,
    }
    body = _openai_error(error) if style is ErrorStyle.OPENAI else structured
    return JSONResponse(body, status_code=error.status, headers=headers)


def _openai_error(error: ServerError) -> dict[str, Any]:
    return {
        "error": {
            "message": error.message,
            "type": "invalid_request_error" if error.status < 500 else "server_error",
            "param": error.field if isinstance(error, BadRequest) else None,
            "code": error.code,
        }
    }


def error_event(
    error: ServerError, *, request_id: str, context_id: str | None = None
) -> WebSocketResponse_Error:
    """The last event of a context, or of a stream, that failed.

    Carries the fields of every API version: older clients read `error`, newer ones the rest.
    """
    return WebSocketResponse_Error(
        status_code=error.status,
        done=True,
        context_id=context_id,
        error=error.message,
        title=error.title,
        message=error.message,
        error_code=error.code,
        request_id=request_id,
    )


def transcription_error(
    error: ServerError, *, request_id: str
) -> StreamingTranscriptionResponse_Error:
    """What a transcription socket sends when something went wrong.

    Carries the fields of every API version, and the `code` that LiveKit reads.
    """
    return StreamingTranscriptionResponse_Error(
        request_id=request_id,
        message=error.message,
        error=error.message,
        title=error.title,
        status_code=error.status,
        code=error.status,
        error_code=error.code,
    )


def shown(value: object) -> str:
    """A value that a caller sent, as error texts show it: shortened, and never empty."""
    if value is None:
        return "nothing"
    text = repr(value[:80]) if isinstance(value, (str, bytes)) else _BRIEF.repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _from_routing(error: HTTPException) -> ServerError:
    if error.status_code == 404:
        return NotFound("no such path; /openapi.json lists those there are")
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        return MethodNotAllowed(f"this path accepts {allowed}")
    return BadRequest(error.detail)
