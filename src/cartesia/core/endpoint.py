"""An endpoint: how its request is built from arguments, and what its answer means. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast
from urllib.parse import quote

from .api_error import ApiError, ApiResponseError, InvalidArgumentError, error_from_status
from .file import File

if TYPE_CHECKING:
    from cartesia.wire.base import WireModel

T = TypeVar("T")
Model = TypeVar("Model", bound="WireModel")

OMIT = cast("Any", ...)
"""Default of arguments that are left out of a request; None is sent as null."""


class Request(NamedTuple):
    """What a method asks of the server, before the settings of client and call are added.

    Attributes:
        method: HTTP method.
        path: Below the base URL; empty for its root.
        query: Query parameters; None leaves one out.
        json: Fields of a JSON body.
        form: Fields of a multipart form, by the names of their parts; None sends an empty part.
        files: Files of a multipart form.
        creates: Whether doing it twice would leave two of something.
    """

    method: str
    path: str
    query: Mapping[str, Any] = MappingProxyType({})
    json: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    files: Mapping[str, File] = MappingProxyType({})
    creates: bool = False


class Answer(NamedTuple):
    """An HTTP answer with its whole body.

    Attributes:
        headers: With lower-case names.
    """

    status_code: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, if it gives one."""
        return self.headers.get("x-request-id")


@dataclass(frozen=True)
class Endpoint(Generic[T]):
    """One call: a request, and how its answer is read."""

    request: Request
    parse: Callable[[Answer], T]


@dataclass(frozen=True)
class EventsEndpoint(Generic[T]):
    """One call that is answered by a stream of events.

    Attributes:
        request: What is asked.
        parse: Reads the JSON of one event; gives None for a type that it does not know.
        wanted: The events that the caller gets, by their `type`.
    """

    request: Request
    parse: Callable[[bytes], Any]
    wanted: frozenset[str]


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the caller did not leave out."""
    return {name: value for name, value in fields.items() if value is not OMIT}


def path_segment(field_name: str, value: str) -> str:
    """Quote an id for use in a path.

    Raises:
        InvalidArgumentError: It is empty, and the path would be another endpoint's, or no UTF-8.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidArgumentError(f"{field_name}: got {value!r}; accepted is the id of a resource")
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise InvalidArgumentError(
            f"{field_name}: got {value!r}, which cannot be written in UTF-8"
        ) from None


def parse_model(model: type[Model]) -> Callable[[Answer], Model]:
    """Make the parser of an answer that holds one model."""

    def parse(answer: Answer) -> Model:
        from cartesia.wire.base import AnswerModel

        try:
            message = model.model_validate_json(answer.body)
        except ValueError as error:
            raise unreadable(answer, model.__name__) from error
        if isinstance(message, AnswerModel):
            message.name_request(answer.request_id)
        return message

    return parse


def parse_nothing(answer: Answer) -> None:
    """Parse the answer of a call that returns nothing."""


def unreadable(answer: Answer, expected: str) -> ApiResponseError:
    """The error for a successful answer whose body is not what was expected."""
    return ApiResponseError(
        f"The server's answer is not a valid {expected}",
        status_code=answer.status_code,
        body=decode_body(answer.body),
        headers=answer.headers,
    )


def error_of(answer: Answer) -> ApiError:
    """The error for an answer that is not a success."""
    return error_from_status(answer.status_code, decode_body(answer.body), headers=answer.headers)


def decode_body(body: bytes) -> Any:
    """A body as decoded JSON, or as text where it is none."""
    from pydantic_core import from_json

    try:
        return from_json(body)
    except ValueError:
        return body.decode("utf-8", errors="replace")
