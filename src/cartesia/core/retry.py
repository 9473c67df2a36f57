"""When to send again, and how long to wait: decisions without I/O.

`exchange` is the one course that every call takes. It is a generator that yields what to do
next (send, read, sleep) and is told what came of it, so that the synchronous and the
asynchronous client differ only in the few lines that do it.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from .api_error import ApiConnectionError, ApiError, ApiResponseError
from .endpoint import Answer, error_of
from .outgoing import MAX_REDIRECTS, Outgoing, redirected

FIRST_WAIT = 0.5
LONGEST_BACKOFF = 10.0
LONGEST_RETRY_AFTER = 30.0
JITTER = 0.25

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Head(Protocol):
    """Status and headers of an answer whose body has not been read."""

    @property
    def status_code(self) -> int:
        """HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """With lower-case names."""
        ...


class Send(NamedTuple):
    """Send this and give back the answer's head."""

    outgoing: Outgoing


class Read(NamedTuple):
    """Give back the whole body of this answer."""

    head: Any


class ReadFirst(NamedTuple):
    """Give back the first bytes of this answer's body; none if it is empty."""

    head: Any


class Sleep(NamedTuple):
    """Wait."""

    seconds: float
    reason: ApiError


Step: TypeAlias = Send | Read | ReadFirst | Sleep


class RetryPolicy(NamedTuple):
    """How a call deals with failure.

    Attributes:
        max_retries: How often it is repeated.
        follow_redirects: Whether redirects are followed.
        jitter: Gives a random number from 0 to 1.
        now: Gives the time, in seconds since the epoch.
    """

    max_retries: int
    follow_redirects: bool = True
    jitter: Callable[[], float] = random.random
    now: Callable[[], float] = time.time

    def wait_after_answer(self, retry: int, headers: Mapping[str, str]) -> float:
        """Seconds to wait after an answer, before the retry of this number, counted from 0."""
        told = retry_after(headers, now=self.now())
        return self.wait_after_failure(retry) if told is None else told

    def wait_after_failure(self, retry: int) -> float:
        """Seconds to wait where no answer came, before the retry of this number from 0."""
        longest = min(FIRST_WAIT * 2.0**retry, LONGEST_BACKOFF)
        return longest * (1 - JITTER * self.jitter())


def should_retry(status_code: int, headers: Mapping[str, str], *, repeatable: bool) -> bool:
    """Whether an answer that is no success is worth another attempt.

    Args:
        status_code: HTTP status.
        headers: Of the answer, with lower-case names; `x-should-retry` decides where present.
        repeatable: Whether the request may be carried out twice. An answer shows that it arrived.
    """
    if not repeatable:
        return False
    told = headers.get("x-should-retry")
    if told in ("true", "false"):
        return told == "true"
    return status_code in (408, 409, 429) or status_code >= 500


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds that the server asks to wait, at most 30; None if it does not say.

    Args:
        headers: With lower-case names: `retry-after-ms`, or `retry-after` in seconds or as a date.
        now: The time, in seconds since the epoch.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    value = headers.get("retry-after")
    seconds = milliseconds / 1000 if milliseconds is not None else _number(value)
    if seconds is None and value:
        seconds = _seconds_until(value, now)
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def exchange(
    outgoing: Outgoing,
    policy: RetryPolicy,
    read: Callable[[Any], Step],
    stopped: Callable[[], bool] = lambda: False,
) -> Generator[Step, Any, tuple[Any, bytes]]:
    """The course of a call: send, follow redirects, read, and start again where that may help.

    Failures are thrown into it as `ApiConnectionError`.

    Args:
        outgoing: What is sent, the same bytes at each attempt.
        policy: How often, and how long to wait.
        read: Which step reads the body: a stream can be sent again until its first bytes came.
        stopped: Whether the program has given up in the meantime, and nothing is to be sent again.

    Returns:
        The head of a successful answer, and what `read` gave.

    Raises:
        ApiError: The last answer, or the last failure.
    """
    retry = 0
    while True:
        try:
            head = yield from _send(outgoing, policy)
            if 200 <= head.status_code < 300:
                return head, (yield read(head))
        except ApiConnectionError as failure:
            error: ApiError = failure
            again = outgoing.repeatable or not failure.may_have_arrived
            wait = policy.wait_after_failure(retry)
        else:
            error = error_of((yield from _read_refusal(head)))
            again = should_retry(head.status_code, head.headers, repeatable=outgoing.repeatable)
            wait = policy.wait_after_answer(retry, head.headers)
        if not again or retry >= policy.max_retries or stopped():
            raise error
        yield Sleep(wait, error)
        if stopped():
            raise error
        retry += 1


def _send(outgoing: Outgoing, policy: RetryPolicy) -> Generator[Step, Any, Head]:
    for _ in range(MAX_REDIRECTS):
        head: Head = yield Send(outgoing)
        location = head.headers.get("location")
        if not (policy.follow_redirects and location and head.status_code in _REDIRECTS):
            return head
        yield from _read_refusal(head)
        outgoing = redirected(outgoing, head.status_code, location)
    raise ApiResponseError(f"The server redirects more than {MAX_REDIRECTS} times")


def _read_refusal(head: Head) -> Generator[Step, Any, Answer]:
    try:
        body = yield Read(head)
    except ApiConnectionError:
        # The status says enough.
        body = b""
    return Answer(head.status_code, head.headers, body)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _seconds_until(date: str, now: float) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(date).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return None
