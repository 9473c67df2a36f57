"""What programs for 2.0.11 ran into and must not any more: calls over HTTP, one test for each.

The number of each is that of the fault in the specification's list. The library talks to our
server, if need be behind a peer that fails first and passes on what comes later; what no sane
server does, a peer does alone.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import httpx
import pytest

from cartesia import AsyncCartesia, Cartesia
from cartesia.core import api_error
from cartesia.core.api_error import ApiError
from tests.contract.conftest import VOICE
from tests.contract.mended.speech import HOW, KEY, SPEECH, SPEECH_BYTES, audio_of
from tests.faults.peer import Connection, Peer, Received, Script, answer, chunked, hang_up, raw
from tests.faults.peer import response as response_bytes
from tests.faults.surfaces import Surface


def pass_on(server: str) -> Script:
    """A script that has the server answer."""

    def script(connection: Connection, request: Received) -> None:
        headers = {k: v for k, v in request.headers.items() if k not in ("host", "content-length")}
        answered = httpx.request(
            request.method,
            server + request.target,
            headers=headers,
            content=request.body,
            timeout=60,
        )
        kind = {"Content-Type": answered.headers["Content-Type"]}
        connection.send(response_bytes(answered.content, answered.status_code, headers=kind))

    return script


def sse(*events: str) -> bytes:
    return chunked(
        *(f"data: {text}\n\n".encode() for text in events), content_type="text/event-stream"
    )


def wav(seconds: float = 1.0, rate: int = 16000) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(b"\x00\x20" * round(rate * seconds))
    return buffer.getvalue()


def run_alone(program: str, **environment: str) -> str:
    """Run a program in a process of its own; gives what it prints, and complaints are failures."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_01_two_retries_by_default(surface: Surface, server: str) -> None:
    with Peer(answer(b"", 503), answer(b"", 429), pass_on(server)) as peer:
        assert surface.client(peer.url).api_status.get().ok
        assert len(peer.requests) == 3
    with Peer(answer(b"", 503)) as peer:
        client = surface.client(peer.url, max_retries=1)
        for options, count in (({}, 2), ({"max_retries": 0}, 1)):
            peer.requests.clear()
            with pytest.raises(ApiError):
                client.api_status.get(request_options=options)
            assert len(peer.requests) == count


@pytest.mark.parametrize("failure", [answer(b"", 408), answer(b"", 500), hang_up])
def test_02_streams_are_retried_until_their_first_byte(
    surface: Surface, server: str, failure: Script
) -> None:
    with Peer(failure, pass_on(server), failure, pass_on(server)) as peer:
        client = surface.client(peer.url, max_retries=1)
        assert len(client.tts.bytes(**SPEECH).read()) == SPEECH_BYTES
        assert len(audio_of(client.tts.sse(**SPEECH))) == SPEECH_BYTES
        assert len(peer.requests) == 4


def test_03_a_repeated_upload_is_complete(surface: Surface, server: str) -> None:
    with Peer(answer(b"", 503), pass_on(server)) as peer:
        heard = surface.client(peer.url).stt.transcribe(
            file=io.BytesIO(wav(2)), model="ink-whisper", language="en",
            timestamp_granularities=["word"],
        )  # fmt: skip
        assert [word.word for word in heard.words] == ["word", "word"]
        first, second = peer.requests
        assert first.body == second.body


def test_04_servers_are_asked_again_when_they_say(
    surface: Surface, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cartesia.core.retry.FIRST_WAIT", 1000.0)
    monkeypatch.setattr("cartesia.core.retry.LONGEST_BACKOFF", 1000.0)
    soon = answer(b"", 429, retry_after_ms="1"), answer(b"", 503, retry_after="0")
    with Peer(*soon, pass_on(server)) as peer:
        assert surface.client(peer.url).api_status.get().ok


def test_05_a_minute_by_default_and_what_a_handed_in_client_says(surface: Surface) -> None:
    seen: list[float] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"]["read"])
        return httpx.Response(200, json={"ok": True, "version": "1"})

    kind: Any = httpx.Client if surface.runner is None else httpx.AsyncClient
    client = surface.client(
        "http://nowhere", httpx_client=kind(transport=httpx.MockTransport(note), timeout=7)
    )
    client.api_status.get()
    client.api_status.get(request_options={"timeout_in_seconds": 3})
    assert seen == [7, 3]
    assert surface.client("http://nowhere")._transport.config.timeout.read == 60


def test_06_leaving_a_client_frees_its_sockets(surface: Surface, server: str) -> None:
    with Peer(pass_on(server)) as peer:
        client = surface.client(peer.url)
        client.api_status.get()
        assert not peer.closed_by_client.acquire(blocking=False)
        client.close()
        assert peer.closed_by_client.acquire(timeout=10)
        client.close()


@pytest.mark.parametrize("ending", ["", "del client", "client = None; import gc; gc.collect()"])
def test_06_a_dropped_client_makes_no_noise(server: str, ending: str) -> None:
    program = f"""
import asyncio
from cartesia import AsyncCartesia, Cartesia

how = {HOW}
client = Cartesia()
next(client.tts.bytes(transcript="one two", **how))
next(client.tts.websocket().send(transcript="one two", **how))
{ending}

async def main():
    client = AsyncCartesia()
    await anext(client.tts.bytes(transcript="one two", **how))
    socket = await client.tts.websocket()
    await anext(await socket.send(transcript="one two", **how))
    {ending}

asyncio.run(main())
print("end")
"""
    assert run_alone(program, CARTESIA_BASE_URL=server) == "end\n"


def test_07_a_call_calls_and_a_bad_one_raises(surface: Surface, server: str) -> None:
    with Peer(pass_on(server)) as peer:
        surface.client(peer.url).tts.bytes(**SPEECH)
        assert len(peer.requests) == 1
    with pytest.raises(api_error.BadRequestError, match="model_id"):
        surface.client(server).tts.bytes(**{**SPEECH, "model_id": "none"})


@pytest.mark.anyio
async def test_07_the_asynchronous_call_can_be_awaited_and_iterated(server: str) -> None:
    async with AsyncCartesia(base_url=server) as client:
        awaited = await client.tts.bytes(**SPEECH)
        assert len(await awaited.read()) == SPEECH_BYTES
        assert len(b"".join([part async for part in client.tts.bytes(**SPEECH)])) == SPEECH_BYTES
        for call in (client.tts.bytes, client.tts.sse):
            with pytest.raises(api_error.BadRequestError):
                async for _ in call(**{**SPEECH, "model_id": "none"}):
                    pass


@pytest.mark.parametrize(
    "bad", ['{"type":"error","message":"no","done":true}', '{"type":"chunk"}', "{", "[]"]
)
def test_08_bad_events_are_raised(surface: Surface, bad: str) -> None:
    with Peer(raw(sse('{"type":"chunk","data":"AAA=","done":false}', bad))) as peer:
        events = surface.client(peer.url).tts.sse(**SPEECH)
        assert next(events).audio == b"\0\0"
        with pytest.raises(ApiError):
            next(events)


def test_08_events_may_be_left_early(surface: Surface, server: str) -> None:
    events = surface.client(server).tts.sse(**SPEECH)
    assert next(events).audio
    events.close()
    assert list(events) == []


@pytest.mark.parametrize("version", ["2024-11-13", "2025-04-16"])
def test_09_events_are_audio_unless_times_are_asked_for(
    surface: Surface, server: str, version: str
) -> None:
    client = surface.client(server, api_version=version)
    assert all(len(item.data) for item in client.tts.sse(**SPEECH))
    timed = client.tts.sse(**SPEECH, add_timestamps=True)
    assert {item.type for item in timed} == {"chunk", "timestamps"}


def test_10_a_changed_voice_comes_as_events(surface: Surface) -> None:
    body = sse('{"type":"chunk","data":"AAA=","step_time":1}', '{"type":"done","done":true}')
    with Peer(raw(body)) as peer:
        events = surface.client(peer.url).voice_changer.sse(
            clip=b"x", voice_id="v", output_format_container="raw", output_format_sample_rate=8000
        )
        assert [item.audio for item in events] == [b"\0\0"]


def test_13_keys_come_from_the_environment_or_their_lack_is_told(
    surface: Surface, locked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: Any = Cartesia if surface.runner is None else AsyncCartesia
    for arguments in ({}, {"api_key": None}):
        with pytest.raises(ValueError, match="CARTESIA_API_KEY"):
            kind(**arguments)
    with pytest.raises(api_error.UnauthorizedError):
        surface.client(locked).voices.get(VOICE)
    monkeypatch.setenv("CARTESIA_API_KEY", KEY)
    assert surface.client(locked, api_key=None).voices.get(VOICE).id == VOICE


def test_24_each_failure_has_a_class_of_its_own(surface: Surface, server: str) -> None:
    for status, kind in {
        400: api_error.BadRequestError,
        401: api_error.UnauthorizedError,
        402: api_error.PaymentRequiredError,
        403: api_error.ForbiddenError,
        404: api_error.NotFoundError,
        409: api_error.ConflictError,
        413: api_error.PayloadTooLargeError,
        422: api_error.UnprocessableEntityError,
        429: api_error.TooManyRequestsError,
        500: api_error.InternalServerError,
    }.items():
        with Peer(answer(b"", status)) as peer, pytest.raises(ApiError) as caught:
            surface.client(peer.url, max_retries=0).api_status.get()
        assert type(caught.value) is kind
    with Peer(hang_up) as peer, pytest.raises(api_error.ApiConnectionError):
        surface.client(peer.url).api_status.get()
    with Peer(answer({"ok": "perhaps"})) as peer, pytest.raises(api_error.ApiResponseError):
        surface.client(peer.url).api_status.get()
    with pytest.raises(api_error.NotFoundError):
        surface.client(server).voices.get("nobody")


def test_25_after_the_last_page_comes_none(surface: Surface, server: str) -> None:
    page = surface.client(server).voices.list(limit=100)
    while page.has_next:
        page = page.next_page()
    assert page.next_page() is None


def test_26_pages_are_found_without_next_page(surface: Surface, server: str) -> None:
    def leave_it_out(connection: Connection, request: Received) -> None:
        page = httpx.get(server + request.target).json()
        page.pop("next_page", None)
        connection.send(response_bytes(page))

    everything = [voice.id for voice in surface.client(server).voices.list(limit=100)]
    with Peer(leave_it_out) as peer:
        found = [voice.id for voice in surface.client(peer.url).voices.list(limit=20)]
        assert len(peer.requests) == -(-len(everything) // 20)
    assert found == everything


@pytest.mark.parametrize("rate", [16000, 8000])
def test_27_wav_files_are_joined_without_ffmpeg(
    surface: Surface, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: int
) -> None:
    monkeypatch.setenv("PATH", "")
    assert shutil.which("ffmpeg") is None
    left = tmp_path / "left.wav"
    left.write_bytes(wav(rate=rate))
    form = {"container": "wav", "encoding": "pcm_s16le", "sample_rate": 16000}
    with Peer(answer(wav())) as peer:
        infill, joined = surface.client(peer.url).tts.infill(
            **{**SPEECH, "output_format": form, "voice": {"id": VOICE}},  # 17: no mode
            language="en",
            left_audio_path=str(left),
        )
    assert infill == wav()
    with wave.open(io.BytesIO(joined)) as reader:
        assert (reader.getframerate(), reader.getnframes()) == (16000, 32000)
    run_alone("import cartesia.tts.utils.tts", PATH="")


def test_28_a_custom_client_may_lead_through_a_proxy(surface: Surface) -> None:
    kind: Any = httpx.Client if surface.runner is None else httpx.AsyncClient
    with Peer(answer({"ok": True, "version": "through"})) as proxy:
        own = kind(proxy=proxy.url)
        client = surface.client("http://nowhere.example", httpx_client=own)
        assert client.api_status.get().version == "through"
        assert proxy.requests[0].target == "http://nowhere.example/"
        asyncio.run(own.aclose()) if surface.runner else own.close()


def test_30_errors_can_be_made_and_read(surface: Surface) -> None:
    made = ApiError(400, {"field": "x"})
    assert (made.status_code, made.body, made.args) == (400, {"field": "x"}, (400, {"field": "x"}))
    assert str(made) == "status_code: 400, body: {'field': 'x'}"
    for body, read in ((b'{"a": 1}', {"a": 1}), (b"plain", "plain"), (b"\xff", "\ufffd")):
        with Peer(answer(body, 400)) as peer, pytest.raises(ApiError) as caught:
            surface.client(peer.url).api_status.get()
        assert caught.value.body == read
        assert caught.value.args
