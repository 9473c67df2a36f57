"""Results of a session as plain dictionaries, and when a session is over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cartesia.core.api_error import (
    ApiError,
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketError,
    WebSocketOverflowError,
)
from cartesia.core.socket_inbox import END, WAIT
from cartesia.stt import _session
from cartesia.stt._session import Session
from cartesia.stt._transcripts import SttOptions, Transcripts, check_data

LOST = WebSocketClosedError("The connection was lost")


@pytest.fixture
def transcripts() -> Transcripts:
    return Transcripts()


def feed(transcripts: Transcripts, **fields: Any) -> None:
    transcripts.feed(json.dumps(fields).encode())


def take(session: Session[Any]) -> list[Any]:
    """What can be taken, the signal included."""
    taken: list[Any] = []
    while not taken or isinstance(taken[-1], dict):
        taken.append(session.take())
    return taken


def test_results_have_the_keys_of_2x(transcripts: Transcripts) -> None:
    words = [{"word": "Hi", "start": 0.0, "end": 0.5}]
    feed(transcripts, type="transcript")
    feed(
        transcripts,
        type="transcript",
        request_id="r",
        text="Hi",
        is_final=True,
        duration=0.5,
        language="en",
        words=words,
        novelty=1,
    )
    feed(transcripts, type="transcript", request_id="r", text="", words=None)
    feed(transcripts, type="flush_done", request_id="r", is_final=True)
    feed(transcripts, type="done", request_id="r")
    assert take(transcripts.session) == [
        {"type": "transcript", "request_id": "", "text": "", "is_final": False},
        {
            "type": "transcript",
            "request_id": "r",
            "text": "Hi",
            "is_final": True,
            "duration": 0.5,
            "language": "en",
            "words": words,
        },
        {"type": "transcript", "request_id": "r", "text": "", "is_final": False},
        {"type": "flush_done", "request_id": "r"},
        {"type": "done", "request_id": "r"},
        END,
    ]
    assert transcripts.finished


def test_an_unknown_message_is_ignored(transcripts: Transcripts) -> None:
    feed(transcripts, type="surprise")
    feed(transcripts, text="no type")
    assert transcripts.session.take() is WAIT
    assert transcripts.to_send() == []
    assert not transcripts.full


@pytest.mark.parametrize("message", [b"{", b"[]", b"\xff"])
def test_what_is_no_message_fails_the_socket(transcripts: Transcripts, message: bytes) -> None:
    with pytest.raises(WebSocketError, match="not a JSON object"):
        transcripts.feed(message)


@pytest.mark.parametrize(
    ("fields", "text", "status"),
    [
        ({"message": "bad audio", "status_code": 400}, "bad audio", 400),
        ({"error": "bad audio", "code": 500}, "bad audio", 500),
        ({"title": "Bad", "status_code": "x"}, "Bad", None),
        ({}, "Unknown error", None),
    ],
)
def test_an_error_of_the_server_is_raised_and_the_session_goes_on(
    transcripts: Transcripts, fields: dict[str, Any], text: str, status: int | None
) -> None:
    feed(transcripts, type="error", request_id="r", **fields)
    feed(transcripts, type="flush_done", request_id="r")
    with pytest.raises(WebSocketError) as caught:
        transcripts.session.take()
    assert str(caught.value) == f"Error transcribing audio: {text}"
    assert isinstance(caught.value, RuntimeError)
    assert isinstance(caught.value, ApiError)
    assert (caught.value.status_code, caught.value.request_id) == (status, "r")
    assert take(transcripts.session) == [{"type": "flush_done", "request_id": "r"}, WAIT]


def test_a_connection_that_ends_in_order_ends_the_session(transcripts: Transcripts) -> None:
    session = transcripts.session
    feed(transcripts, type="transcript", text="Hi")
    transcripts.lost(LOST, clean=True)
    assert take(session)[-1] is END
    assert transcripts.sending(b"more") == b"more"
    assert transcripts.session is not session


def test_a_connection_that_breaks_breaks_the_session(transcripts: Transcripts) -> None:
    session = transcripts.session
    feed(transcripts, type="transcript", text="Hi")
    transcripts.lost(LOST, clean=False)
    assert session.take() != WAIT
    for use in (session.take, lambda: transcripts.sending(b"more")):
        with pytest.raises(WebSocketClosedError, match="was lost"):
            use()
    assert transcripts.begin() is not session


def test_closing_wakes_readers_and_allows_another_session(transcripts: Transcripts) -> None:
    session = transcripts.session
    transcripts.close()
    with pytest.raises(WebSocketCancelledError, match="closed this session"):
        session.take()
    assert transcripts.sending("finalize") == "finalize"
    assert transcripts.session is transcripts.begin()


def test_silence_is_in_order_until_an_answer_is_due(transcripts: Transcripts) -> None:
    session = transcripts.session
    nudges: list[None] = []
    session.inbox.listen(lambda: nudges.append(None))
    due = []
    for data in (b"audio", "finalize", b"audio"):
        transcripts.sending(data)
        due.append(not session.patient)
    assert due == [False, True, True]
    assert len(nudges) == 1, "whoever waits has to look at the clock again"
    feed(transcripts, type="flush_done")
    assert session.patient


def test_what_waits_to_be_read_is_bounded(
    transcripts: Transcripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_session, "MAX_BUFFERED_BYTES", 1000)
    for _ in range(100):
        feed(transcripts, type="transcript", text="x" * 50)
        assert transcripts.session.take() is not END
    for _ in range(100):
        feed(transcripts, type="transcript", text="x" * 50)
    assert transcripts.finished
    with pytest.raises(WebSocketOverflowError, match="over 1000 bytes"):
        take(transcripts.session)
    with pytest.raises(WebSocketOverflowError):
        transcripts.sending(b"more")


def test_audio_is_bytes_and_commands_are_text() -> None:
    assert check_data(b"\x00") == b"\x00"
    assert check_data(bytearray(b"\x00")) == b"\x00"
    assert check_data("done") == "done"
    with pytest.raises(TypeError, match="data: got int; accepted are bytes of audio"):
        check_data(7)


def test_options_left_at_their_default_are_those_of_the_socket() -> None:
    socket = SttOptions(model="ink-2", language="de", sample_rate=8000, min_volume=0.1)
    given = SttOptions(language="fr", sample_rate=16000)
    assert given.or_else(socket) == SttOptions(
        model="ink-2", language="fr", sample_rate=8000, min_volume=0.1
    )
    assert SttOptions().query() == {
        "model": "ink-whisper",
        "language": "en",
        "encoding": "pcm_s16le",
        "sample_rate": 16000,
        "min_volume": None,
        "max_silence_duration_secs": None,
    }
