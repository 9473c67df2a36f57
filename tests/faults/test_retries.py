"""Servers that fail: what is sent again, when, and what is not."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest

from cartesia.core.api_error import (
    ApiConnectionError,
    ApiError,
    ApiResponseError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    TooManyRequestsError,
)

from .peer import Peer, answer, chunked, hang_up, raw
from .surfaces import Surface

STATUS = {"ok": True, "version": "1"}
SPEECH: dict[str, Any] = {
    "model_id": "sonic-2",
    "transcript": "Hello",
    "voice": {"id": "voice"},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}
CLONE: dict[str, Any] = {"name": "Me", "language": "en", "mode": "similarity"}
VOICE = {
    "id": "v",
    "user_id": "u",
    "is_public": False,
    "is_owner": True,
    "name": "Me",
    "description": "",
    "created_at": "2024-11-13T00:00:00Z",
    "language": "en",
}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 599])
def test_two_retries_by_default(surface: Surface, status: int) -> None:
    with Peer(answer(b"busy", status), answer(b"busy", status), answer(STATUS)) as peer:
        assert surface.client(peer.url).api_status.get().version == "1"
        assert len(peer.requests) == 3
        assert peer.connections == 1


def test_a_storm_of_errors_ends_in_the_last_one(surface: Surface) -> None:
    with Peer(answer({"message": "down"}, 503, x_request_id="r-1")) as peer:
        with pytest.raises(InternalServerError) as caught:
            surface.client(peer.url).tts.bytes(**SPEECH)
        assert len(peer.requests) == 3
    error = caught.value
    assert (error.status_code, error.body) == (503, {"message": "down"})
    assert error.request_id == "r-1"
    assert str(error) == "status_code: 503, body: {'message': 'down'}"


def test_a_client_or_a_call_decides_how_often(surface: Surface) -> None:
    with Peer(answer(b"", 500)) as peer:
        client = surface.client(peer.url, max_retries=1)
        with pytest.raises(InternalServerError):
            client.api_status.get()
        assert len(peer.requests) == 2
        with pytest.raises(InternalServerError):
            client.api_status.get(request_options={"max_retries": 0})
        assert len(peer.requests) == 3


def test_what_is_not_worth_repeating_is_not_repeated(surface: Surface) -> None:
    with Peer(answer(b"no such voice", 404)) as peer:
        with pytest.raises(NotFoundError, match="no such voice"):
            surface.client(peer.url).voices.get("x")
        assert len(peer.requests) == 1


def test_the_server_decides_where_it_says(surface: Surface) -> None:
    never, always = {"x_should_retry": "false"}, {"x_should_retry": "true"}
    with Peer(answer(b"", 503, **never)) as peer:
        with pytest.raises(InternalServerError):
            surface.client(peer.url).api_status.get()
        assert len(peer.requests) == 1
    with Peer(answer(b"", 404, **always), answer(STATUS)) as peer:
        assert surface.client(peer.url).api_status.get().ok


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after_ms": "30"}, "0.03"),
        ({"retry_after": "0.02"}, "0.02"),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "0.00"),
    ],
)
def test_the_server_decides_when(
    surface: Surface, headers: dict[str, str], wait: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cartesia")
    with Peer(answer(b"", 429, **headers), answer(STATUS)) as peer:
        surface.client(peer.url).api_status.get()
    assert [record.getMessage() for record in caplog.records if record.name == "cartesia"] == [
        f"retrying in {wait} s after TooManyRequestsError"
    ]


def test_too_many_requests_is_an_error_of_its_own(surface: Surface) -> None:
    with Peer(answer(b"slow down", 429, retry_after="0")) as peer:
        client = surface.client(peer.url)
        with pytest.raises(TooManyRequestsError) as caught:
            client.api_status.get()
    assert caught.value.headers["retry-after"] == "0"
    assert "max_retries" in (caught.value.hint or "")


def test_streams_are_retried_like_other_calls(surface: Surface) -> None:
    with Peer(hang_up, answer(b"", 500), raw(chunked(b"au", b"dio"))) as peer:
        assert surface.client(peer.url).tts.bytes(**SPEECH).read() == b"audio"
        bodies = {request.body for request in peer.requests}
        assert len(peer.requests) == 3
        assert len(bodies) == 1


def test_an_upload_is_the_same_at_every_attempt(surface: Surface, tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(bytes(range(256)) * 400)
    with Peer(answer(b"", 503), hang_up, answer({"text": "hi"})) as peer, path.open("rb") as file:
        file.seek(1000)
        surface.client(peer.url).stt.transcribe(file=file, model="ink-whisper", language="en")
        assert not file.closed
        first, *others = peer.requests
    assert len(others) == 2
    assert all(other == first for other in others)
    assert path.read_bytes() in first.body
    assert b'filename="clip.wav"' in first.body
    assert b'name="language"' in first.body


def test_a_file_that_cannot_seek_is_sent_again_too(surface: Surface) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    with Peer(answer(b"", 500), answer({"text": "hi"})) as peer:
        surface.client(peer.url).stt.transcribe(file=Pipe(b"sound"), model="ink-whisper")
        first, second = peer.requests
    assert first.body == second.body
    assert b"\r\n\r\nsound\r\n" in second.body


@pytest.mark.parametrize("failure", [hang_up, answer(b"", 503), answer(b"", 429)])
def test_a_call_that_creates_something_is_not_repeated(surface: Surface, failure: Any) -> None:
    with Peer(failure) as peer:
        client = surface.client(peer.url)
        calls = [
            lambda: client.voices.clone(clip=b"sound", **CLONE),
            lambda: client.voices.create(name="a", description="b", embedding=[0.0] * 192),
            lambda: client.voices.localize(
                voice_id="v",
                name="a",
                description="b",
                language="de",
                original_speaker_gender="male",
            ),
        ]
        for count, call in enumerate(calls, 1):
            with pytest.raises((ApiConnectionError, InternalServerError, TooManyRequestsError)):
                call()
            assert len(peer.requests) == count


def test_with_an_idempotency_key_it_is_repeated(surface: Surface) -> None:
    with Peer(hang_up, answer(b"", 503), answer(VOICE)) as peer:
        voice = surface.client(peer.url).voices.clone(
            clip=b"sound",
            **CLONE,
            request_options={"additional_headers": {"Idempotency-Key": "k-1"}},
        )
        assert voice.id == "v"
        assert [request.headers["idempotency-key"] for request in peer.requests] == ["k-1"] * 3
        assert len({request.body for request in peer.requests}) == 1


def test_a_key_goes_to_no_other_server(surface: Surface) -> None:
    with Peer(answer(STATUS)) as other:
        moved = answer(b"", 307, Location=f"{other.url}/elsewhere")
        with Peer(moved) as peer:
            client = surface.client(
                peer.url, api_key="sk-secret", headers={"Authorization": "Bearer t"}
            )
            assert client.api_status.get().ok
        assert peer.requests[0].headers["x-api-key"] == "sk-secret"
        assert other.requests[0].target == "/elsewhere"
        assert not {"x-api-key", "authorization"} & set(other.requests[0].headers)
        assert other.requests[0].headers["host"] == other.url.removeprefix("http://")


def test_a_redirect_on_the_same_server_keeps_method_body_and_key(surface: Surface) -> None:
    moved = answer(b"", 308, Location="/new?x=1")
    with Peer(moved, raw(chunked(b"audio"))) as peer:
        client = surface.client(peer.url, api_key="sk-secret")
        assert client.tts.bytes(**SPEECH).read() == b"audio"
        first, second = peer.requests
    assert (second.method, second.target) == ("POST", "/new?x=1")
    assert second.body == first.body
    assert second.headers["x-api-key"] == "sk-secret"


def test_redirects_without_end_are_an_error(surface: Surface) -> None:
    with Peer(answer(b"", 302, Location="/again")) as peer:
        with pytest.raises(ApiResponseError, match="redirects more than 20 times"):
            surface.client(peer.url).api_status.get()
        assert len(peer.requests) == 20


def test_redirects_can_be_refused(surface: Surface) -> None:
    with Peer(answer(b"", 302, Location="/there")) as peer:
        with pytest.raises(ApiError, match="status_code: 302"):
            surface.client(peer.url, follow_redirects=False).api_status.get()
        assert len(peer.requests) == 1


def test_a_proxy_is_asked_in_place_of_the_server(
    surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Peer(answer(STATUS)) as proxy:
        surface.client("http://speech.invalid/v", proxy=proxy.url).api_status.get()
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        surface.client("http://speech.invalid").api_status.get()
        targets = [(request.target, request.headers["host"]) for request in proxy.requests]
    assert targets == [
        ("http://speech.invalid/v/", "speech.invalid"),
        ("http://speech.invalid/", "speech.invalid"),
    ]


def test_a_proxy_that_is_not_there_is_a_connection_error(surface: Surface) -> None:
    with Peer() as gone:
        url = gone.url
    with pytest.raises(ApiConnectionError, match="Could not connect"):
        surface.client("http://speech.invalid", proxy=url).api_status.get()


def test_what_cannot_be_sent_is_not_sent(surface: Surface) -> None:
    with Peer(answer(STATUS)) as peer:
        client = surface.client(peer.url)
        wrong = [
            ({"additional_headers": {"X-Note": "a\r\nb"}}, "X-Note"),
            ({"timeout_in_seconds": 0}, "timeout_in_seconds: got 0"),
            ({"max_retries": -1}, "max_retries: got -1"),
            ({"chunk_size": 0}, "chunk_size: got 0"),
        ]
        for options, text in wrong:
            with pytest.raises(InvalidArgumentError, match=text):
                client.tts.bytes(**SPEECH, request_options=options)
        with pytest.raises(ValueError, match="file: got a file opened for text"):
            client.stt.transcribe(file=io.StringIO("text"), model="ink-whisper")
        assert peer.requests == []
