"""livekit-plugins-cartesia: the voice and the ear of an agent, without a room."""

from __future__ import annotations

import asyncio

import aiohttp
from checks import BASE_URL, BRITISH, KEY, RATE, TEXT, WARM, needs, pcm, run, said
from livekit import rtc
from livekit.agents import APIConnectOptions, stt, tts
from livekit.plugins import cartesia

OPTIONS = APIConnectOptions(max_retry=0, timeout=60)


def voice(session: aiohttp.ClientSession, **options) -> cartesia.TTS:
    options = {"api_key": KEY, "base_url": BASE_URL, **options}
    return cartesia.TTS(http_session=session, **options)


def ear(session: aiohttp.ClientSession, **options) -> cartesia.STT:
    options = {"api_key": KEY, "base_url": BASE_URL, **options}
    return cartesia.STT(http_session=session, **options)


async def _spoken(stream) -> tuple[float, str]:
    length, words = 0.0, ""
    async for event in stream:
        length += event.frame.duration
        for word in getattr(event.frame, "userdata", {}).get("lk.timed_transcripts", []):
            words += str(word)
    return length, words


async def check_stream() -> None:
    async with aiohttp.ClientSession() as session:
        speaker = voice(session, speed=1.1, emotion="Happy", volume=0.9)
        stream = speaker.stream(conn_options=OPTIONS)
        for part in (TEXT[:20], TEXT[20:], " It sleeps now, and it will wake up again. "):
            stream.push_text(part)
        stream.end_input()
        length, words = await _spoken(stream)
        assert 2 < length < 12, length
        assert not words or "fox" in words, words
        await stream.aclose()
        again = speaker.stream(conn_options=OPTIONS)
        again.push_text(TEXT)
        again.end_input()
        assert (await _spoken(again))[0] > 1
        await again.aclose()
        await speaker.aclose()


async def check_synthesize() -> None:
    async with aiohttp.ClientSession() as session:
        speaker = voice(session)
        length, _ = await _spoken(speaker.synthesize(TEXT, conn_options=OPTIONS))
        assert 1 < length < 6, length
        await speaker.aclose()


async def check_embedding_of_2024() -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(
            f"{BASE_URL}/voices/{BRITISH}", headers={"X-API-Key": KEY}
        ) as answer:
            numbers = (await answer.json())["embedding"]
        speaker = voice(
            session,
            model="sonic-2",
            voice=numbers,
            api_version="2024-11-13",
            speed="fast",
            emotion=["positivity:high"],
        )
        stream = speaker.stream(conn_options=OPTIONS)
        stream.push_text(TEXT)
        stream.end_input()
        assert (await _spoken(stream))[0] > 1
        assert (await _spoken(speaker.synthesize(TEXT, conn_options=OPTIONS)))[0] > 1
        await stream.aclose()
        await speaker.aclose()


async def check_voice_of_a_wrong_key() -> None:
    async with aiohttp.ClientSession() as session:
        speaker = voice(session, api_key="wrong", voice=WARM)
        try:
            await _spoken(speaker.synthesize(TEXT, conn_options=OPTIONS))
        except Exception as error:
            assert "401" in repr(error), repr(error)
        else:
            raise AssertionError("no error")
        await speaker.aclose()


async def _heard(listener: stt.STT, silence: float) -> list[stt.SpeechEvent]:
    audio = pcm() + bytes(int(silence * RATE) * 2)
    stream = listener.stream(conn_options=OPTIONS)

    async def speak() -> None:
        # As a microphone does: a stream whose input has ended before it began hears nothing.
        for start in range(0, len(audio), 3200):
            part = audio[start : start + 3200]
            stream.push_frame(rtc.AudioFrame(part, RATE, 1, len(part) // 2))
            await asyncio.sleep(0.1)
        stream.end_input()

    speaking = asyncio.create_task(speak())
    events = [event async for event in stream]
    await speaking
    await stream.aclose()
    return events


def _finals(events: list[stt.SpeechEvent]) -> str:
    return " ".join(
        event.alternatives[0].text
        for event in events
        if event.type == stt.SpeechEventType.FINAL_TRANSCRIPT
    )


async def check_whisper() -> None:
    async with aiohttp.ClientSession() as session:
        listener = ear(session, model="ink-whisper", language="en")
        heard = _finals(await asyncio.wait_for(_heard(listener, 1.0), 100))
        assert said(heard), heard
        assert heard.count("fox") == 1, heard
        await listener.aclose()


async def check_turns() -> None:
    needs("/stt/turns/websocket")
    async with aiohttp.ClientSession() as session:
        listener = ear(session, model="ink-2")
        events = await asyncio.wait_for(_heard(listener, 3.0), 100)
        assert said(_finals(events)), events
        kinds = [event.type for event in events]
        assert stt.SpeechEventType.START_OF_SPEECH in kinds
        assert stt.SpeechEventType.PREFLIGHT_TRANSCRIPT in kinds
        assert stt.SpeechEventType.END_OF_SPEECH in kinds
        await listener.aclose()


assert issubclass(cartesia.TTS, tts.TTS)
run(globals())
