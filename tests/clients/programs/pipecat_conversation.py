"""pipecat-ai: a whole agent, from a microphone to a loudspeaker, whose caller interrupts it."""

from __future__ import annotations

import asyncio

from call import OUT_RATE, Call, all_is_over
from checks import KEY, RATE, WARM, needs, run, websocket_url
from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    OutputAudioRawFrame,
    StartFrame,
    TranscriptionFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.cartesia.tts import CartesiaTTSService
from pipecat.services.cartesia.turns.stt import CartesiaTurnsSTTService
from pipecat.services.llm_service import LLMService
from pipecat.services.tts_service import TextAggregationMode
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams

PARAMS = TransportParams(audio_in_enabled=True, audio_out_enabled=True, audio_out_10ms_chunks=2)


class Microphone(BaseInputTransport):
    def __init__(self, call: Call) -> None:
        super().__init__(PARAMS)
        self._call = call

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            audio = await self._call.microphone()
            await self.push_audio_frame(
                InputAudioRawFrame(audio=audio, sample_rate=RATE, num_channels=1)
            )


class Loudspeaker(BaseOutputTransport):
    def __init__(self, call: Call) -> None:
        super().__init__(PARAMS)
        self._call = call

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        await self._call.loudspeaker(frame.audio)
        return True


class Script(LLMService):
    """Writes what the call says instead of asking a language model."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        async for token in self._call.answer():
            await self.push_frame(LLMTextFrame(token))
        await self.push_frame(LLMFullResponseEndFrame())


class Notes(FrameProcessor):
    """Tells the call what was understood."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self._call.understood(frame.text)
        await self.push_frame(frame, direction)


async def _converse(mode: TextAggregationMode) -> None:
    needs("/stt/turns/websocket")
    call = Call()
    ear = CartesiaTurnsSTTService(api_key=KEY, url=f"{websocket_url()}/stt/turns/websocket")
    voice = CartesiaTTSService(
        api_key=KEY,
        url=f"{websocket_url()}/tts/websocket",
        settings=CartesiaTTSService.Settings(voice=WARM),
        text_aggregation_mode=mode,
    )
    microphone, memory = Microphone(call), LLMContextAggregatorPair(LLMContext())
    pipeline = Pipeline(
        [
            microphone,
            ear,
            Notes(call),
            memory.user(),
            Script(call),
            voice,
            Loudspeaker(call),
            memory.assistant(),
        ]
    )
    params = PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=OUT_RATE)
    task = PipelineTask(pipeline, params=params)
    errors: list[Frame] = []

    async def note_error(_task: object, frame: Frame) -> None:
        errors.append(frame)

    task.event_handler("on_pipeline_error")(note_error)
    running = asyncio.create_task(PipelineRunner(handle_sigint=False).run(task))
    await call.hold()
    microphone.listening.cancel()
    await task.queue_frame(EndFrame())
    await asyncio.wait_for(running, 60)
    assert not errors, errors
    await all_is_over()
    call.conclude()


async def check_answers_in_sentences() -> None:
    await _converse(TextAggregationMode.SENTENCE)


async def check_answers_in_tokens() -> None:
    await _converse(TextAggregationMode.TOKEN)


run(globals())
