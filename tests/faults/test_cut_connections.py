"""A connection that is cut at any byte: an error, never a short answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from cartesia.core.api_error import ApiConnectionError, ApiResponseError, UnauthorizedError

from .peer import Peer, chunked, raw, response
from .surfaces import Surface

SPEECH: dict[str, Any] = {
    "model_id": "sonic-2",
    "transcript": "Hello",
    "voice": {"id": "voice"},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}
STATUS = response({"ok": True, "version": "1"})
AUDIO = chunked(b"first", b"second", b"third")
EVENTS = [
    b'event: chunk\ndata: {"type":"chunk","data":"%s"}\n\n' % data for data in (b"AAAA", b"AQEB")
]


def read_all(stream: Any) -> tuple[list[Any], Exception | None]:
    """What comes, and how it ends."""
    items: list[Any] = []
    try:
        items.extend(item for item in stream)
    except ApiConnectionError as error:
        return items, error
    return items, None


@pytest.mark.parametrize("length", range(len(STATUS)))
def test_a_cut_answer_is_an_error(surface: Surface, length: int) -> None:
    with Peer(raw(STATUS[:length], then_close=True)) as peer:
        client = surface.client(peer.url, max_retries=0)
        with pytest.raises(ApiConnectionError) as caught:
            client.api_status.get()
    assert caught.value.may_have_arrived
    assert caught.value.status_code is None


@pytest.mark.parametrize("length", range(0, len(STATUS), 3))
def test_a_cut_answer_is_asked_for_again(surface: Surface, length: int) -> None:
    with Peer(raw(STATUS[:length], then_close=True), raw(STATUS)) as peer:
        assert surface.client(peer.url).api_status.get().ok is True
        assert len(peer.requests) == 2


def test_audio_that_is_cut_anywhere_is_never_taken_for_complete(surface: Surface) -> None:
    for length in range(len(AUDIO)):
        with Peer(raw(AUDIO[:length], then_close=True)) as peer:
            client = surface.client(peer.url, max_retries=0)
            try:
                stream = client.tts.bytes(**SPEECH)
            except ApiConnectionError:
                continue
            pieces, error = read_all(stream)
        assert error is not None, f"cut after {length} bytes"
        assert b"firstsecondthird".startswith(b"".join(pieces))


def test_audio_is_asked_for_again_until_its_first_byte_and_comes_once(surface: Surface) -> None:
    for length in range(0, len(AUDIO), 2):
        with Peer(raw(AUDIO[:length], then_close=True), raw(AUDIO)) as peer:
            pieces, error = read_all(surface.client(peer.url).tts.bytes(**SPEECH))
            audio = b"".join(pieces)
            if len(peer.requests) == 2:
                assert (audio, error) == (b"firstsecondthird", None)
            else:
                assert error is not None
                assert audio
                assert b"firstsecondthird".startswith(audio)


def test_audio_of_known_length_that_is_cut_is_an_error(surface: Surface) -> None:
    whole = response(b"0123456789")
    with Peer(raw(whole[:-4], then_close=True)) as peer:
        pieces, error = read_all(surface.client(peer.url).tts.bytes(**SPEECH))
    assert b"".join(pieces) == b"012345"
    assert error is not None
    assert error.__cause__ is not None


def test_events_that_are_cut_anywhere_end_in_an_error(surface: Surface) -> None:
    # Without a length, only the events themselves show that something is missing.
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    body = b"".join(EVENTS)
    borders = {0, *(len(b"".join(EVENTS[:n])) for n in (1, 2))}
    # An event is also complete when only its final line breaks are missing.
    complete = borders | {border - n for border in borders - {0} for n in (1, 2)}
    for length in range(len(body) + 1):
        with Peer(raw(head + body[:length], then_close=True)) as peer:
            items, error = read_all(surface.client(peer.url).tts.sse(**SPEECH))
        assert [item.audio for item in items] == [
            bytes([n] * 3) for n in range(sum(length >= border - 2 for border in borders - {0}))
        ]
        assert (error is None) == (length in complete), f"cut after {length} bytes"


def test_events_split_at_every_byte_are_whole(surface: Surface) -> None:
    pieces = [bytes([byte]) for byte in b"".join(EVENTS)]
    with Peer(raw(chunked(*pieces, content_type="text/event-stream"))) as peer:
        items, error = read_all(surface.client(peer.url).tts.sse(**SPEECH))
    assert error is None
    assert [item.audio for item in items] == [b"\0\0\0", b"\1\1\1"]


@pytest.mark.parametrize("handed_in", [False, True])
def test_an_upload_is_whole_when_it_is_sent_again(surface: Surface, handed_in: bool) -> None:
    own: Any = None
    if handed_in:
        own = httpx.Client() if surface.runner is None else httpx.AsyncClient()
    with Peer(raw(b"", then_close=True), raw(response({"text": "hello"}))) as peer:
        answer = surface.client(peer.url, httpx_client=own).stt.transcribe(
            file=("a.wav", b"RIFF" * 500_000), model="ink-whisper", language="en"
        )
        if own and surface.runner:
            surface.runner.run(own.aclose())
        elif own:
            own.close()
        assert answer.text == "hello"
        first, second = peer.requests
    assert first.body == second.body
    assert first.headers == second.headers
    for part in (b'name="file"; filename="a.wav"', b'name="model"', b'name="language"'):
        assert part in second.body
    assert b"RIFF" * 500_000 in second.body


def test_an_error_whose_body_is_cut_still_has_its_status(surface: Surface) -> None:
    cut = response(b'{"message": "no"}', status=401)[:-5]
    with Peer(raw(cut, then_close=True)) as peer:
        with pytest.raises(UnauthorizedError, match="status_code: 401"):
            surface.client(peer.url).api_status.get()
        assert len(peer.requests) == 1


def test_a_json_answer_of_another_service_is_a_typed_error(surface: Surface) -> None:
    with Peer(raw(response({"hello": "world"}))) as peer:
        client = surface.client(peer.url)
        with pytest.raises(ApiResponseError, match="not a valid ApiInfo") as caught:
            client.api_status.get()
    assert caught.value.body == {"hello": "world"}
