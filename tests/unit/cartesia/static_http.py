"""What type checkers must make of the HTTP methods. Checked with the tests, never run."""

from __future__ import annotations

from typing_extensions import assert_type

from cartesia import AsyncCartesia, Cartesia
from cartesia.core.async_streams import AsyncByteStream, AsyncEventStream
from cartesia.core.pagination import AsyncPager, SyncPager
from cartesia.core.streams import ByteStream, EventStream
from cartesia.tts import (
    OutputFormat_Raw,
    SseOutputFormat,
    TtsRequestIdSpecifier,
    WebSocketResponse_Chunk,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
)
from cartesia.voice_changer import StreamingResponse_Chunk
from cartesia.voices import Voice

Event = WebSocketResponse_Chunk | WebSocketResponse_Timestamps | WebSocketResponse_PhonemeTimestamps


def check_sync(client: Cartesia, flag: bool) -> None:
    voice = TtsRequestIdSpecifier(id="v")
    form = OutputFormat_Raw(encoding="pcm_s16le", sample_rate=8000)
    sse = SseOutputFormat(encoding="pcm_s16le", sample_rate=8000)
    audio = client.tts.bytes(model_id="m", transcript="t", voice=voice, output_format=form)
    assert_type(audio, ByteStream)
    assert_type(next(audio), bytes)
    assert_type(audio.read(), bytes)
    events = client.tts.sse(model_id="m", transcript="t", voice={"id": "v"}, output_format=sse)
    assert_type(events, EventStream[WebSocketResponse_Chunk])
    for chunk in events:
        assert_type(chunk.audio, bytes)
    for event in client.tts.sse(
        model_id="m", transcript="t", voice=voice, output_format=sse, add_timestamps=flag
    ):
        assert_type(event, Event)
    changed = client.voice_changer.sse(
        clip=b"x", voice_id="v", output_format_container="raw", output_format_sample_rate=8000
    )
    assert_type(next(changed), StreamingResponse_Chunk)
    assert_type(client.voices.list(), SyncPager[Voice])
    for item in client.voices.list(gender="feminine"):
        assert_type(item, Voice)


async def check_async(client: AsyncCartesia) -> None:
    audio = client.tts.bytes(
        model_id="m",
        transcript="t",
        voice={"mode": "id", "id": "v"},
        output_format={"container": "mp3", "sample_rate": 44100, "bit_rate": 128000},
    )
    assert_type(audio, AsyncByteStream)
    assert_type(await audio, AsyncByteStream)
    async for piece in audio:
        assert_type(piece, bytes)
    events = client.tts.sse(
        model_id="m",
        transcript="t",
        voice={"id": "v"},
        output_format={"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
        add_timestamps=False,
    )
    assert_type(events, AsyncEventStream[WebSocketResponse_Chunk])
    assert_type(await client.voices.list(), AsyncPager[Voice])
    async for item in client.voices.list():
        assert_type(item, Voice)
    assert_type(await client.voices.get("v"), Voice)


def check_wrong_calls(client: Cartesia) -> None:
    voice = TtsRequestIdSpecifier(id="v")
    form = OutputFormat_Raw(encoding="pcm_s16le", sample_rate=8000)
    client.tts.bytes(transcript="t", voice=voice, output_format=form)  # type: ignore[call-arg]
    client.tts.bytes(model_id="m", transcript=1, voice=voice, output_format=form)  # type: ignore[arg-type]
    client.tts.bytes(
        model_id="m",
        transcript="t",
        voice={"name": "v"},  # type: ignore[arg-type]
        output_format=form,
    )
    client.voices.get()  # type: ignore[call-arg]
    client.voices.get("v", request_options={"retries": 1})  # type: ignore[arg-type]
    client.stt.transcribe(model="m")  # type: ignore[call-arg]
    client.no_such_resource  # type: ignore[attr-defined] # noqa: B018
