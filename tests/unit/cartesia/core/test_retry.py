from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any, NamedTuple

import pytest

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiResponseError,
    InternalServerError,
    UnauthorizedError,
)
from cartesia.core.client_config import Timeouts
from cartesia.core.outgoing import Outgoing
from cartesia.core.retry import (
    Read,
    ReadFirst,
    RetryPolicy,
    Send,
    Sleep,
    exchange,
    retry_after,
    should_retry,
)

NOW = 1_700_000_000.0
POLICY = RetryPolicy(2, jitter=lambda: 0.0, now=lambda: NOW)
OUTGOING = Outgoing("POST", "http://h/a", {}, b"body", Timeouts.of(60), repeatable=True)
ONCE = OUTGOING._replace(repeatable=False)


class Head(NamedTuple):
    status_code: int
    headers: Mapping[str, str] = {}


def failure(may_have_arrived: bool = True) -> ApiConnectionError:
    error = ApiConnectionError("gone")
    error.may_have_arrived = may_have_arrived
    return error


def play(course: Generator[Any, Any, Any], *outcomes: Any) -> tuple[list[Any], Any]:
    """Feed outcomes to the course of a call; gives its steps, and its result or error."""
    steps = [next(course)]
    try:
        for outcome in outcomes:
            throw = isinstance(outcome, Exception)
            steps.append(course.throw(outcome) if throw else course.send(outcome))
    except StopIteration as end:
        return steps, end.value
    except Exception as error:  # noqa: BLE001
        return steps, error
    raise AssertionError(f"goes on: {steps}")


def waits(steps: list[Any]) -> list[float]:
    return [step.seconds for step in steps if isinstance(step, Sleep)]


def test_a_success_is_read_once() -> None:
    head = Head(200)
    steps, result = play(exchange(OUTGOING, POLICY, Read), head, b"answer")
    assert steps == [Send(OUTGOING), Read(head)]
    assert result == (head, b"answer")


def test_failures_are_followed_by_growing_waits() -> None:
    steps, error = play(
        exchange(OUTGOING, POLICY, Read), failure(), None, Head(503), b"down", None, failure()
    )
    assert waits(steps) == [0.5, 1.0]
    assert isinstance(error, ApiConnectionError)
    assert [step for step in steps if isinstance(step, Send)] == [Send(OUTGOING)] * 3


def test_the_last_answer_is_the_error() -> None:
    steps, error = play(exchange(OUTGOING, RetryPolicy(0), Read), Head(500), b'{"a": 1}')
    assert isinstance(error, InternalServerError)
    assert error.body == {"a": 1}
    assert waits(steps) == []


def test_a_stream_is_sent_again_until_its_first_bytes() -> None:
    head = Head(200)
    steps, result = play(
        exchange(OUTGOING, POLICY, ReadFirst), head, failure(), None, head, b"first"
    )
    assert steps[1] == ReadFirst(head)
    assert result == (head, b"first")


def test_an_error_status_outlives_a_body_that_breaks_off() -> None:
    _, error = play(exchange(OUTGOING, POLICY, Read), Head(401), failure())
    assert isinstance(error, UnauthorizedError)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_what_may_have_been_done_is_not_done_twice(status: int) -> None:
    _, error = play(exchange(ONCE, POLICY, Read), Head(status), b"")
    assert error.status_code == status
    _, error = play(exchange(ONCE, POLICY, Read), failure())
    assert isinstance(error, ApiConnectionError)


def test_what_has_not_arrived_is_sent_again() -> None:
    steps, result = play(
        exchange(ONCE, POLICY, Read), failure(may_have_arrived=False), None, Head(200), b"x"
    )
    assert waits(steps) == [0.5]
    assert result[1] == b"x"


def test_nothing_is_sent_again_once_the_program_has_given_up() -> None:
    steps, error = play(exchange(OUTGOING, POLICY, Read, lambda: True), failure())
    assert isinstance(error, ApiConnectionError)
    assert waits(steps) == []
    given_up = iter([False, True])
    steps, error = play(exchange(OUTGOING, POLICY, Read, lambda: next(given_up)), failure(), None)
    assert isinstance(error, ApiConnectionError)
    assert len(waits(steps)) == 1


def test_redirects_are_followed_within_one_attempt() -> None:
    moved = Head(307, {"location": "/b"})
    steps, result = play(exchange(OUTGOING, POLICY, Read), moved, b"", Head(200), b"x")
    assert [step.outgoing.url for step in steps if isinstance(step, Send)] == [
        "http://h/a",
        "http://h/b",
    ]
    assert result[1] == b"x"
    refuse = RetryPolicy(0, follow_redirects=False)
    _, error = play(exchange(OUTGOING, refuse, Read), moved, b"")
    assert error.status_code == 307
    _, error = play(exchange(OUTGOING, POLICY, Read), *[moved, b""] * 20)
    assert isinstance(error, ApiResponseError)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200 + 204, False), (408, True), (409, True), (429, True), (500, True), (501, True)],
)
def test_which_answers_are_worth_another_attempt(status: int, expected: bool) -> None:
    assert should_retry(status, {}, repeatable=True) is expected
    assert not should_retry(status, {}, repeatable=False)


def test_the_server_can_say_whether() -> None:
    assert should_retry(404, {"x-should-retry": "true"}, repeatable=True)
    assert not should_retry(503, {"x-should-retry": "false"}, repeatable=True)
    assert should_retry(503, {"x-should-retry": "maybe"}, repeatable=True)
    assert not should_retry(503, {"x-should-retry": "true"}, repeatable=False)


def date(offset: float) -> str:
    return format_datetime(datetime.fromtimestamp(NOW + offset, timezone.utc), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after": "120"}, 30.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": date(5)}, 5.0),
        ({"retry-after": date(-5)}, 0.0),
        ({"retry-after": date(3600)}, 30.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ({"retry-after-ms": "99999999"}, 30.0),
    ],
)
def test_the_server_can_say_when(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=NOW) == seconds
    assert POLICY.wait_after_answer(0, headers) == (0.5 if seconds is None else seconds)


def test_waits_are_bounded_and_scattered() -> None:
    assert [POLICY.wait_after_failure(n) for n in (0, 1, 2, 5, 1000)] == [0.5, 1, 2, 10, 10]
    assert RetryPolicy(2, jitter=lambda: 1.0).wait_after_failure(1) == 0.75
    scattered = {RetryPolicy(2).wait_after_failure(1) for _ in range(20)}
    assert len(scattered) > 1
    assert all(0.75 <= wait <= 1.0 for wait in scattered)
