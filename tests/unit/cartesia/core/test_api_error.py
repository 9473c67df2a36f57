from __future__ import annotations

import pickle
import traceback
from typing import Any

import pytest

from cartesia.core import api_error
from cartesia.core.api_error import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    InternalServerError,
    InvalidArgumentError,
    WebSocketConnectError,
    WebSocketError,
    WebSocketTimeoutError,
    error_class,
    error_from_status,
    hint_for_status,
)

CLASSES = [
    value
    for value in vars(api_error).values()
    if isinstance(value, type) and issubclass(value, ApiError)
]


def test_the_form_of_2x_stays() -> None:
    error = ApiError(status_code=418, body={"message": "teapot"})
    assert (error.status_code, error.body) == (418, {"message": "teapot"})
    assert str(error) == "status_code: 418, body: {'message': 'teapot'}"
    assert error.args == (418, {"message": "teapot"})
    assert str(ApiError()) == "status_code: None, body: None"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestError"),
        (401, "UnauthorizedError"),
        (402, "PaymentRequiredError"),
        (403, "ForbiddenError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (413, "PayloadTooLargeError"),
        (422, "UnprocessableEntityError"),
        (429, "TooManyRequestsError"),
        (500, "InternalServerError"),
        (599, "InternalServerError"),
        (418, "ApiError"),
        (302, "ApiError"),
        (None, "ApiError"),
    ],
)
def test_each_status_has_its_class(status: int | None, name: str) -> None:
    error = error_from_status(status, "no")
    assert type(error).__name__ == name
    assert error_class(status) is type(error)
    assert error.status_code == status
    assert hint_for_status(status) == error.hint


@pytest.mark.parametrize("kind", CLASSES)
def test_everything_is_an_api_error_that_survives_pickling(kind: Any) -> None:
    error = kind("what happened", headers={"X-Request-ID": "r-1"}, hint="do that")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert (again.request_id, again.hint) == ("r-1", "do that")
    assert again.headers == {"x-request-id": "r-1"}


def test_what_2x_programs_catch_still_catches() -> None:
    assert issubclass(WebSocketError, RuntimeError)
    assert issubclass(InvalidArgumentError, ValueError)
    assert issubclass(WebSocketConnectError, (ApiConnectionError, RuntimeError))
    assert issubclass(WebSocketTimeoutError, ApiTimeoutError)
    assert issubclass(ApiTimeoutError, ApiConnectionError)


def test_an_error_of_the_library_reads_as_a_sentence() -> None:
    error = ApiConnectionError("Could not connect", status_code=None)
    assert str(error) == "Could not connect"
    assert error.body == "Could not connect"
    assert ApiConnectionError("a", body={"b": 1}).body == {"b": 1}
    assert error.may_have_arrived


def test_the_request_id_is_found_where_the_server_put_it() -> None:
    assert ApiError(400, {"request_id": "in-body"}).request_id == "in-body"
    assert ApiError(400, "text", headers={"x-request-id": "h"}).request_id == "h"
    assert ApiError(400, {"request_id": 7}).request_id is None
    assert ApiError(400, "text", request_id="given").request_id == "given"


def test_tracebacks_say_what_to_do() -> None:
    error = InternalServerError(503, "down")
    assert error.__notes__ == [error.hint]
    text = "".join(traceback.format_exception_only(error))
    assert text.startswith("cartesia.core.api_error.InternalServerError: status_code: 503")
    assert not hasattr(ApiError(418), "__notes__")


def test_tracebacks_name_the_request() -> None:
    error = InternalServerError(503, "down", headers={"X-Request-ID": "r-1"})
    assert error.__notes__ == [error.hint, "Request id: r-1"]
    assert ApiError(418, request_id="r-2").__notes__ == ["Request id: r-2"]
