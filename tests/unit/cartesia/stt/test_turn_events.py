"""How a session with turns opens, what happens in it, and when it is over."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from cartesia.core.api_error import (
    InvalidArgumentError,
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
    WebSocketOverflowError,
)
from cartesia.core.socket_inbox import END, WAIT
from cartesia.stt import TurnEagerEnd, TurnEnd, TurnResume, TurnStart, TurnUpdate, _session
from cartesia.stt._turn_events import CLOSE, Turns, check_audio, config_command, turn_query

LOST = WebSocketClosedError("The connection was lost")


@pytest.fixture
def opening() -> Turns:
    """A session that the server has not accepted yet."""
    return Turns()


@pytest.fixture
def turns(opening: Turns) -> Turns:
    """A session that goes on."""
    feed(opening, type="connected", request_id="r")
    return opening


def feed(turns: Turns, **fields: Any) -> None:
    turns.feed(json.dumps(fields).encode())


def take(turns: Turns, number: int) -> list[Any]:
    return [turns.session.take() for _ in range(number)]


def test_the_first_event_opens_the_session_and_is_no_event_of_it(opening: Turns) -> None:
    assert not opening.opening.patient, "an answer is due"
    assert opening.opening.take() is WAIT
    feed(opening, type="connected", request_id="r")
    assert opening.opening.take() is END
    assert opening.session.take() is WAIT
    assert opening.request_id == "r"
    assert not opening.finished
    assert opening.to_send() == []
    assert not opening.full


def test_events_are_models_and_what_is_absent_is_empty(turns: Turns) -> None:
    feed(turns, type="turn.start", request_id="r")
    feed(turns, type="turn.update", request_id="r", transcript="So", novelty=1)
    feed(turns, type="turn.eager_end", request_id="r", transcript="So it is")
    feed(turns, type="turn.resume", request_id=None)
    feed(turns, type="turn.end")
    assert take(turns, 6) == [
        TurnStart(request_id="r"),
        TurnUpdate(request_id="r", transcript="So", novelty=1),  # type: ignore[call-arg]
        TurnEagerEnd(request_id="r", transcript="So it is"),
        TurnResume(request_id=""),
        TurnEnd(request_id="", transcript=""),
        WAIT,
    ]


def test_a_server_that_begins_at_once_has_accepted_the_settings(opening: Turns) -> None:
    feed(opening, type="turn.start", request_id="r")
    assert opening.opening.take() is END
    assert take(opening, 2) == [TurnStart(request_id="r"), WAIT]


def test_an_error_in_place_of_the_first_event_is_why_the_session_cannot_be_opened(
    opening: Turns,
) -> None:
    feed(opening, type="error", request_id="r", message="model: got 'x'", status_code=400)
    opening.lost(LOST, clean=False)
    for use in (opening.opening.take, opening.session.take, lambda: opening.sending(b"audio")):
        with pytest.raises(WebSocketConnectError, match="model: got 'x'") as caught:
            use()
        assert (caught.value.status_code, caught.value.request_id) == (400, "r")
    assert opening.finished


@pytest.mark.parametrize("clean", [True, False])
def test_a_connection_that_ends_before_the_first_event(opening: Turns, clean: bool) -> None:
    opening.lost(LOST, clean=clean)
    for use in (opening.opening.take, opening.session.take, lambda: opening.sending(b"audio")):
        with pytest.raises(WebSocketClosedError, match="was lost"):
            use()


def test_a_later_error_is_raised_and_the_session_goes_on(turns: Turns) -> None:
    feed(turns, type="error", request_id="r", message="end_threshold: got 7", code=400)
    feed(turns, type="turn.start", request_id="r")
    with pytest.raises(WebSocketError, match="end_threshold: got 7") as caught:
        turns.session.take()
    assert not isinstance(caught.value, WebSocketConnectError)
    assert take(turns, 2) == [TurnStart(request_id="r"), WAIT]
    assert turns.sending(b"audio") == b"audio"


@pytest.mark.parametrize("fields", [{"type": "surprise"}, {"type": ["turn.start"]}, {}])
def test_an_unknown_message_is_ignored(turns: Turns, fields: dict[str, Any]) -> None:
    feed(turns, **fields)
    assert turns.session.take() is WAIT


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (b"{", "is not a JSON object"),
        (b"[]", "is not a JSON object"),
        (b'{"type": "turn.end", "transcript": 7}', r"is not a turn\.end event"),
    ],
)
def test_what_is_no_message_fails_the_socket(turns: Turns, message: bytes, problem: str) -> None:
    with pytest.raises(WebSocketError, match=problem):
        turns.feed(message)


def test_what_comes_after_the_end_of_the_audio_is_still_given(turns: Turns) -> None:
    assert turns.session.patient, "there may be silence"
    assert turns.ending() == CLOSE == '{"type":"close"}'
    patient: bool = turns.session.patient
    assert not patient, "the end is due"
    assert turns.ending() is None
    with pytest.raises(WebSocketClosedError, match="session is over"):
        turns.sending(b"audio")
    feed(turns, type="turn.end", request_id="r", transcript="So it is.")
    turns.lost(LOST, clean=True)
    assert take(turns, 2) == [TurnEnd(request_id="r", transcript="So it is."), END]
    assert turns.finished
    assert turns.ending() is None


def test_a_session_that_the_server_ends_in_order_takes_no_more(turns: Turns) -> None:
    turns.lost(LOST, clean=True)
    assert turns.session.take() is END
    assert turns.ending() is None
    with pytest.raises(WebSocketClosedError, match="session is over") as caught:
        turns.sending(b"audio")
    assert "client.stt.turns()" in (caught.value.hint or "")


def test_a_connection_that_breaks_breaks_the_session(turns: Turns) -> None:
    feed(turns, type="turn.start", request_id="r")
    turns.lost(LOST, clean=False)
    assert turns.session.take() == TurnStart(request_id="r")
    for use in (turns.session.take, lambda: turns.sending(b"audio"), turns.ending):
        with pytest.raises(WebSocketClosedError, match="was lost"):
            use()


def test_closing_wakes_readers_and_is_the_end(turns: Turns) -> None:
    turns.close()
    for use in (turns.session.take, lambda: turns.sending(b"audio")):
        with pytest.raises(WebSocketCancelledError, match="closed this session"):
            use()
    assert turns.ending() is None


def test_what_waits_to_be_read_is_bounded(turns: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_session, "MAX_BUFFERED_BYTES", 1000)
    for _ in range(20):
        feed(turns, type="turn.update", request_id="r", transcript="x" * 50)
    assert turns.finished
    with pytest.raises(WebSocketOverflowError, match="over 1000 bytes"):
        take(turns, 20)
    with pytest.raises(WebSocketOverflowError):
        turns.sending(b"audio")


def test_audio_is_bytes() -> None:
    for audio in (b"\x00", bytearray(b"\x00"), memoryview(b"\x00")):
        assert check_audio(audio) == b"\x00"
    for wrong in ("close", 7, None):
        with pytest.raises(TypeError, match=r"data: got \w+; accepted are bytes of audio"):
            check_audio(wrong)


def test_a_command_holds_what_changes() -> None:
    command = json.loads(config_command(end_threshold=0.1, end_timeout_ms=None))
    assert command == {"type": "config", "turn": {"end_threshold": 0.1}}


@pytest.mark.parametrize(
    ("keyterm", "sent"), [(None, []), ("Ink", "Ink"), (("Ink", "Sonic"), ["Ink", "Sonic"])]
)
def test_words_to_expect_are_repeated_in_the_query(keyterm: Any, sent: object) -> None:
    assert turn_query(model="ink-2", keyterm=keyterm) == {"model": "ink-2", "keyterm": sent}


def test_thresholds_are_numbers() -> None:
    with pytest.raises(InvalidArgumentError, match=r"^end_threshold: got nan; accepted"):
        config_command(start_threshold=0.5, end_threshold=math.nan)
