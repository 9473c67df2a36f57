from __future__ import annotations

import pytest

from cartesia.core.api_error import ApiConnectionError, ApiTimeoutError
from cartesia.core.backend import PIECE_BYTES, AsyncBody, Body, failure, server_of
from cartesia.core.client_config import Timeouts
from cartesia.core.outgoing import Outgoing

OUTGOING = Outgoing(
    "GET", "http://u:pw@host:1/path?q=1", {}, b"", Timeouts(1.5, 2.5, 3.5, 4.5), repeatable=True
)


@pytest.mark.anyio
async def test_a_large_body_comes_in_pieces_as_often_as_needed() -> None:
    content = bytes(range(251)) * 3000
    for _ in range(2):
        pieces = list(Body(content))
        assert b"".join(pieces) == content
        assert {len(piece) for piece in pieces[:-1]} == {PIECE_BYTES}
    async_body = AsyncBody(content)
    for _ in range(2):
        assert [piece async for piece in async_body] == pieces


def test_errors_show_the_server_and_nothing_else_of_the_address() -> None:
    assert server_of(OUTGOING.url) == "http://host:1"


@pytest.mark.parametrize(
    ("connected", "timed_out", "text"),
    [
        (False, False, "Could not connect to http://host:1: refused"),
        (True, False, "The connection to http://host:1 broke before the answer was complete: ref"),
        (False, True, "No connection to http://host:1 within 1.5 s"),
        (True, True, "Nothing came from http://host:1 within 2.5 s"),
    ],
)
def test_each_failure_says_what_happened(connected: bool, timed_out: bool, text: str) -> None:
    error = failure(
        OUTGOING,
        OSError("refused"),
        connected=connected,
        timed_out=timed_out,
        headers={"X-Request-Id": "r"},
    )
    assert str(error).startswith(text)
    assert type(error) is (ApiTimeoutError if timed_out else ApiConnectionError)
    assert error.may_have_arrived is connected
    assert error.request_id == "r"


def test_a_failure_without_words_is_named_by_its_kind() -> None:
    error = failure(OUTGOING, EOFError(), connected=False, timed_out=False)
    assert str(error).endswith(": EOFError")
    unlimited = OUTGOING._replace(timeout=None)
    error = failure(unlimited, EOFError(), connected=True, timed_out=True)
    assert str(error) == "Nothing came from http://host:1 in time"
