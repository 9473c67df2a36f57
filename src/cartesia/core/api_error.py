"""What can go wrong with a call or a socket, as one tree.

ApiError                          any answer that is not a success
├── BadRequestError               400
├── UnauthorizedError             401
├── PaymentRequiredError          402
├── ForbiddenError                403
├── NotFoundError                 404
├── ConflictError                 409
├── PayloadTooLargeError          413
├── UnprocessableEntityError      422
├── TooManyRequestsError          429
├── InternalServerError           5xx
├── ApiConnectionError            no answer, or only a part of it
│   └── ApiTimeoutError           none in time
├── ApiResponseError              an answer that makes no sense
├── InvalidArgumentError          also a ValueError
└── WebSocketError                also a RuntimeError
    ├── WebSocketConnectError     also an ApiConnectionError
    ├── WebSocketClosedError      also an ApiConnectionError
    ├── WebSocketTimeoutError     also an ApiTimeoutError
    ├── WebSocketOverflowError    results came faster than they were read
    └── WebSocketCancelledError   the program itself ended it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class ApiError(Exception):
    """An answer of the API that is not a success; the base of every error of this library.

    Attributes:
        status_code: HTTP status, or None where no complete answer came.
        body: The answer's body: decoded JSON, or text.
        headers: The answer's headers with lower-case names; empty where no answer came.
        request_id: The server's name for the request, for its logs and for support.
        hint: What to do about it, in one sentence.
    """

    default_hint: ClassVar[str | None] = None

    status_code: int | None
    body: Any
    headers: Mapping[str, str]
    request_id: str | None
    hint: str | None

    def __init__(
        self,
        status_code: int | None = None,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(status_code, body)
        self._describe(status_code, body, headers, request_id, hint)

    def _describe(
        self,
        status_code: int | None,
        body: Any,
        headers: Mapping[str, str] | None,
        request_id: str | None,
        hint: str | None,
    ) -> None:
        self.status_code = status_code
        self.body = body
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.request_id = request_id or self.headers.get("x-request-id") or _id_in(body)
        self.hint = hint or self.default_hint
        named = f"Request id: {self.request_id}" if self.request_id else None
        if notes := [note for note in (self.hint, named) if note]:
            # Tracebacks of Python 3.11 and later show notes below the message, whose form is 2.x's.
            self.__notes__ = notes

    def __str__(self) -> str:
        return f"status_code: {self.status_code}, body: {self.body}"


class _DescribedError(ApiError):
    """An error whose text is a sentence of the library's own instead of an answer's body."""

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        Exception.__init__(self, message)
        self._describe(status_code, message if body is None else body, headers, request_id, hint)

    def __str__(self) -> str:
        return str(self.args[0])


class BadRequestError(ApiError):
    """400: a field is missing, or has a value that the API does not accept."""

    default_hint = "The body of this error names the field and what is accepted."


class UnauthorizedError(ApiError):
    """401: the API key is missing or wrong."""

    default_hint = "Pass api_key=..., or set CARTESIA_API_KEY, to a key that this server knows."


class PaymentRequiredError(ApiError):
    """402: the account is out of credit."""

    default_hint = "Add credit to the account, or point base_url at a server of your own."


class ForbiddenError(ApiError):
    """403: the key or token does not permit this."""

    default_hint = "Use a key, or an access token with the grant, that permits this call."


class NotFoundError(ApiError):
    """404: there is no such voice, resource or path."""

    default_hint = "Check the id against the list of voices, and the path in base_url."


class ConflictError(ApiError):
    """409: the request clashes with another one."""

    default_hint = "Read the resource again, then repeat the request."


class PayloadTooLargeError(ApiError):
    """413: text or audio over the server's limit."""

    default_hint = "Split the text or the audio and send the parts one by one."


class UnprocessableEntityError(ApiError):
    """422: well-formed, but the content cannot be used."""

    default_hint = "The body of this error says what could not be used."


class TooManyRequestsError(ApiError):
    """429: over the limit of concurrent or recent requests, and still so after the retries."""

    default_hint = "Run fewer requests at once, or raise max_retries."


class InternalServerError(ApiError):
    """5xx: the server failed, and failed again at each retry."""

    default_hint = "Try again later; if it stays, report the request id to the server's operator."


class ApiConnectionError(_DescribedError):
    """The server could not be reached, or the connection broke before the answer was complete.

    Attributes:
        may_have_arrived: Whether the server may have got the request, and acted on it.
    """

    may_have_arrived: bool = True

    default_hint = (
        "Check base_url and the network; `cartesia serve` starts a server on this machine."
    )


class ApiTimeoutError(ApiConnectionError):
    """The server did not answer in time."""

    default_hint = (
        'Raise timeout=... of the client, or request_options={"timeout_in_seconds": ...}.'
    )


class ApiResponseError(_DescribedError):
    """The server's answer is not what the API promises."""

    default_hint = "Check that base_url leads to a Cartesia API, and not to another service."


class InvalidArgumentError(_DescribedError, ValueError):
    """An argument that cannot be right; found before anything was sent."""


class WebSocketError(_DescribedError, RuntimeError):
    """A conversation over a WebSocket failed; `status_code` and `body` are the server's, if any."""


class WebSocketConnectError(WebSocketError, ApiConnectionError):
    """The WebSocket could not be opened; `status_code` is that of a refused handshake."""


class WebSocketClosedError(WebSocketError, ApiConnectionError):
    """The WebSocket was closed, or lost, while something was expected from it."""

    default_hint = (
        "Open a new one: client.tts.websocket(), client.stt.websocket() or client.stt.turns()."
    )


class WebSocketTimeoutError(WebSocketError, ApiTimeoutError):
    """No message came in time."""


class WebSocketOverflowError(WebSocketError):
    """Results came faster than they were read, and the buffer is full."""

    default_hint = "Read the results while they come, or open fewer contexts at once."


class WebSocketCancelledError(WebSocketError):
    """The program itself cancelled or closed what it, or another of its threads, waits for."""


_BY_STATUS: Mapping[int, type[ApiError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    402: PaymentRequiredError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    422: UnprocessableEntityError,
    429: TooManyRequestsError,
}


def error_class(status_code: int | None) -> type[ApiError]:
    """The class that stands for an HTTP status; `ApiError` itself where there is none."""
    if status_code is not None and 500 <= status_code < 600:
        return InternalServerError
    return _BY_STATUS.get(status_code or 0, ApiError)


def error_from_status(
    status_code: int | None,
    body: Any = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> ApiError:
    """Make the error for an answer, or an error event, with this status and body.

    Args:
        status_code: HTTP status, or the one an error event carries.
        body: Decoded JSON, or text.
        headers: The answer's headers.
    """
    return error_class(status_code)(status_code, body, headers=headers)


def hint_for_status(status_code: int | None) -> str | None:
    """What to do about an HTTP status, in one sentence."""
    return error_class(status_code).default_hint


def _id_in(body: Any) -> str | None:
    """Newer API versions write the request id into the body of an error."""
    value = body.get("request_id") if isinstance(body, Mapping) else None
    return value if isinstance(value, str) else None
