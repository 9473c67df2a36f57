from __future__ import annotations

import pytest

from cartesia.core.api_error import ApiResponseError, InvalidArgumentError, UnauthorizedError
from cartesia.core.endpoint import (
    OMIT,
    Answer,
    decode_body,
    error_of,
    given,
    parse_model,
    parse_nothing,
    path_segment,
)
from cartesia.wire.api_status import ApiInfo


def test_what_was_left_out_is_not_sent_and_none_is() -> None:
    assert given({"a": 1, "b": OMIT, "c": None}) == {"a": 1, "c": None}


@pytest.mark.parametrize(("id", "path"), [("v-1", "v-1"), ("a/b?c", "a%2Fb%3Fc"), ("ü", "%C3%BC")])
def test_an_id_stays_one_part_of_the_path(id: str, path: str) -> None:
    assert path_segment("id", id) == path


@pytest.mark.parametrize("id", ["", " ", None, 7])
def test_an_empty_id_is_refused(id: object) -> None:
    with pytest.raises(InvalidArgumentError, match="id: got"):
        path_segment("id", id)  # type: ignore[arg-type]


def test_an_id_that_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"id: got .* cannot be written in UTF-8"):
        path_segment("id", "\udce9")


def test_an_answer_is_parsed_leniently() -> None:
    answer = Answer(200, {}, b'{"ok": true, "version": "1", "new": [1]}')
    info = parse_model(ApiInfo)(answer)
    assert info.version == "1"
    assert parse_nothing(answer) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"ok": true}'])
def test_an_answer_that_is_none_is_a_typed_error(body: bytes) -> None:
    answer = Answer(200, {"x-request-id": "r"}, body)
    with pytest.raises(ApiResponseError, match="not a valid ApiInfo") as caught:
        parse_model(ApiInfo)(answer)
    assert (caught.value.status_code, caught.value.request_id) == (200, "r")
    assert caught.value.body == decode_body(body)
    assert caught.value.__cause__ is not None


def test_errors_carry_decoded_json_or_text() -> None:
    error = error_of(Answer(401, {"x-request-id": "r"}, b'{"message": "no"}'))
    assert isinstance(error, UnauthorizedError)
    assert (error.body, error.request_id) == ({"message": "no"}, "r")
    assert error_of(Answer(400, {}, b"Invalid request: no")).body == "Invalid request: no"
    assert decode_body(b"\xff") == "\ufffd"
