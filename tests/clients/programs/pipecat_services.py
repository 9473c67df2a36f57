"""pipecat-ai: its services for this API, each in a pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import aiohttp
from checks import BASE_URL, KEY, RATE, TEXT, WARM, needs, pcm, run, said, seconds, websocket_url
from pipecat.frames.frames import (
    EndFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStoppedFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.cartesia.stt import CartesiaSTTService
from pipecat.services.cartesia.tts import CartesiaHttpTTSService, CartesiaTTSService

PARAMS = PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=24000)


class Collector(FrameProcessor):
    """Keeps what a service pushes, until a frame comes that a check waits for."""

    def __init__(self, is_last: Callable[[list[Frame]], bool]) -> None:
        super().__init__()
        self.frames: list[Frame] = []
        self.done = asyncio.Event()
        self._is_last = is_last

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        self.frames.append(frame)
        if isinstance(frame, ErrorFrame) or self._is_last(self.frames):
            self.done.set()
        await self.push_frame(frame, direction)


async def _run(
    service: FrameProcessor, frames: Sequence[Frame], is_last: Callable[[list[Frame]], bool]
) -> list[Frame]:
    collector = Collector(is_last)
    task = PipelineTask(Pipeline([service, collector]), params=PARAMS)
    errors: list[Frame] = []

    async def note_error(_task: object, frame: Frame) -> None:
        errors.append(frame)
        collector.done.set()

    task.event_handler("on_pipeline_error")(note_error)
    running = asyncio.create_task(PipelineRunner(handle_sigint=False).run(task))
    await task.queue_frames(list(frames))
    await asyncio.wait_for(collector.done.wait(), 90)
    await task.queue_frame(EndFrame())
    await asyncio.wait_for(running, 60)
    assert not errors, errors
    return collector.frames


def _stopped(count: int) -> Callable[[list[Frame]], bool]:
    return lambda frames: sum(isinstance(f, TTSStoppedFrame) for f in frames) >= count


def _audio(frames: Sequence[Frame]) -> bytes:
    return b"".join(frame.audio for frame in frames if isinstance(frame, TTSAudioRawFrame))


async def check_speech_over_http() -> None:
    async with aiohttp.ClientSession() as session:
        service = CartesiaHttpTTSService(
            api_key=KEY,
            base_url=BASE_URL,
            aiohttp_session=session,
            settings=CartesiaHttpTTSService.Settings(voice=WARM),
            stop_frame_timeout_s=60,
        )
        frames = await _run(service, [TTSSpeakFrame(TEXT)], _stopped(1))
        assert 1 < seconds(_audio(frames), 24000, 2) < 8


async def check_speech_over_a_socket() -> None:
    service = CartesiaTTSService(
        api_key=KEY,
        url=f"{websocket_url()}/tts/websocket",
        settings=CartesiaTTSService.Settings(voice=WARM),
        stop_frame_timeout_s=60,
    )
    frames = await _run(service, [TTSSpeakFrame(TEXT), TTSSpeakFrame("And so on.")], _stopped(2))
    assert 1.5 < seconds(_audio(frames), 24000, 2) < 12


def _heard(frames: Sequence[Frame]) -> str:
    return " ".join(frame.text for frame in frames if isinstance(frame, TranscriptionFrame))


def _speaking() -> list[Frame]:
    audio = pcm()
    parts = [audio[start : start + 3200] for start in range(0, len(audio), 3200)]
    return [
        VADUserStartedSpeakingFrame(),
        *(InputAudioRawFrame(audio=p, sample_rate=RATE, num_channels=1) for p in parts),
        VADUserStoppedSpeakingFrame(),
    ]


async def check_hearing() -> None:
    service = CartesiaSTTService(api_key=KEY, base_url=websocket_url(), sample_rate=RATE)
    frames = await _run(service, _speaking(), lambda frames: said(_heard(frames)))
    assert said(_heard(frames)), _heard(frames)


async def check_turns() -> None:
    needs("/stt/turns/websocket")
    from pipecat.services.cartesia.turns.stt import CartesiaTurnsSTTService

    service = CartesiaTurnsSTTService(
        api_key=KEY, url=f"{websocket_url()}/stt/turns/websocket", sample_rate=RATE
    )
    frames = await _run(service, _speaking(), lambda frames: said(_heard(frames)))
    assert said(_heard(frames)), _heard(frames)


run(globals())
