"""livekit-agents: a whole agent without a room, whose caller interrupts it."""

from __future__ import annotations

import asyncio
import time

import aiohttp
from call import FRAME, OUT_RATE, Call, all_is_over
from checks import BASE_URL, KEY, RATE, WARM, needs, run
from livekit import rtc
from livekit.agents import Agent, AgentSession, APIConnectOptions, llm
from livekit.agents.voice import io
from livekit.plugins import cartesia

SIZE = 2 * int(FRAME * OUT_RATE)  # bytes of what is played at a time


class Microphone(io.AudioInput):
    def __init__(self, call: Call) -> None:
        super().__init__(label="microphone")
        self._call = call

    async def __anext__(self) -> rtc.AudioFrame:
        return rtc.AudioFrame(await self._call.microphone(), RATE, 1, int(FRAME * RATE))


class Loudspeaker(io.AudioOutput):
    def __init__(self, call: Call) -> None:
        super().__init__(
            label="loudspeaker",
            capabilities=io.AudioOutputCapabilities(pause=False),
            sample_rate=OUT_RATE,
        )
        self._call = call
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._playing: asyncio.Task[None] | None = None
        self._position = 0.0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        samples = bytes(frame.data)
        for at in range(0, len(samples), SIZE):
            self._queue.put_nowait(samples[at : at + SIZE])
        if self._playing is None:
            self._playing = asyncio.create_task(self._play())

    async def _play(self) -> None:
        self._position = 0.0
        while (samples := await self._queue.get()) is not None:
            await self._call.loudspeaker(samples)
            if not self._position:
                self.on_playback_started(created_at=time.time())
            self._position += len(samples) / 2 / OUT_RATE
        self._end(interrupted=False)

    def _end(self, *, interrupted: bool) -> None:
        self._playing = None
        self.on_playback_finished(playback_position=self._position, interrupted=interrupted)

    def flush(self) -> None:
        super().flush()
        if self._playing is not None:
            self._queue.put_nowait(None)

    def clear_buffer(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            self._queue = asyncio.Queue()
            self._end(interrupted=True)


class Script(llm.LLM):
    """Writes what the call says instead of asking a language model."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call

    def chat(self, *, chat_ctx: llm.ChatContext, tools=None, **_options) -> llm.LLMStream:
        return Answer(
            self,
            self._call,
            chat_ctx=chat_ctx,
            tools=tools or [],
            conn_options=APIConnectOptions(max_retry=0),
        )


class Answer(llm.LLMStream):
    def __init__(self, model: Script, call: Call, **options) -> None:
        self._call = call
        super().__init__(model, **options)

    async def _run(self) -> None:
        async for token in self._call.answer():
            delta = llm.ChoiceDelta(role="assistant", content=token)
            self._event_ch.send_nowait(llm.ChatChunk(id="answer", delta=delta))


async def check_a_conversation() -> None:
    needs("/stt/turns/websocket")
    call, errors = Call(), []
    async with aiohttp.ClientSession() as http:
        options = {"api_key": KEY, "base_url": BASE_URL, "http_session": http}
        session = AgentSession(
            stt=cartesia.STT(model="ink-2", **options),
            llm=Script(call),
            tts=cartesia.TTS(voice=WARM, **options),
            turn_handling={"turn_detection": "stt", "endpointing": {"min_delay": 0.0}},
        )
        session.input.audio, session.output.audio = Microphone(call), Loudspeaker(call)

        def note(event) -> None:
            if event.is_final:
                call.understood(event.transcript)

        session.on("user_input_transcribed", note)
        session.on("error", errors.append)
        await session.start(Agent(instructions=""))
        await call.hold()
        await session.aclose()
    assert not errors, errors
    await all_is_over()
    call.conclude()


run(globals())
