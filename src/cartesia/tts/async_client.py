"""Text to speech over HTTP."""

from __future__ import annotations

import builtins
from functools import partial
from typing import Any, Literal, overload

from cartesia.core.async_streams import AsyncByteStream, AsyncEventStream
from cartesia.core.async_transport import AsyncTransport
from cartesia.core.endpoint import OMIT
from cartesia.core.request_options import RequestOptions
from cartesia.wire.tts import (
    ContextId,
    GenerationConfig,
    GenerationConfigParams,
    ModelSpeed,
    OutputFormat_RawParams,
    SseOutputFormat,
    SseOutputFormatParams,
    SupportedLanguage,
    WebSocketResponse_Chunk,
)

from . import endpoints
from .endpoints import OutputFormatInput, SpeechEvent, VoiceInput
from .infill import plan_infill
from .utils.tts import get_output_format


class AsyncTtsClient:
    """Turns text into speech: `client.tts`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def bytes(
        self,
        *,
        model_id: str,
        transcript: str,
        voice: VoiceInput,
        output_format: OutputFormatInput,
        language: SupportedLanguage | None = OMIT,
        duration: float | None = OMIT,
        speed: ModelSpeed | None = OMIT,
        generation_config: GenerationConfig | GenerationConfigParams | None = OMIT,
        pronunciation_dict_id: str | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> AsyncByteStream:
        """Speak a text.

        Args:
            model_id: The model that speaks, such as `sonic-2`.
            transcript: What is said.
            voice: Who says it: an id, or a point in the voice space.
            output_format: `raw`, `wav` or `mp3`, with sample rate in Hz and encoding or bit rate.
            language: Of the transcript.
            duration: The longest that the audio may last, in seconds.
            speed: `slow`, `normal` or `fast`.
            generation_config: Volume, speed and emotion, for `sonic-3` and newer.
            pronunciation_dict_id: A dictionary of pronunciations.
            request_options: Settings of this call.

        Returns:
            The audio as it comes: bytes to iterate over, `read()`, or `write_to_file(path)`.

        Raises:
            ApiError: The call failed.

        Example::

            audio = await client.tts.bytes(
                model_id="sonic-2",
                transcript="Hello, world!",
                voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                output_format={
                    "container": "wav",
                    "encoding": "pcm_s16le",
                    "sample_rate": 24000,
                },
            )
            await audio.write_to_file("hello.wav")
        """
        request = endpoints.as_bytes(
            model_id=model_id,
            transcript=transcript,
            voice=voice,
            output_format=output_format,
            language=language,
            duration=duration,
            speed=speed,
            generation_config=generation_config,
            pronunciation_dict_id=pronunciation_dict_id,
        )
        return self._transport.stream_bytes(request, request_options)

    @overload
    def sse(
        self,
        *,
        model_id: str,
        transcript: str,
        voice: VoiceInput,
        output_format: SseOutputFormat | SseOutputFormatParams,
        language: SupportedLanguage | None = ...,
        duration: float | None = ...,
        speed: ModelSpeed | None = ...,
        generation_config: GenerationConfig | GenerationConfigParams | None = ...,
        pronunciation_dict_id: str | None = ...,
        add_timestamps: Literal[False] | None = ...,
        add_phoneme_timestamps: Literal[False] | None = ...,
        use_normalized_timestamps: bool | None = ...,
        context_id: ContextId | None = ...,
        request_options: RequestOptions | None = None,
    ) -> AsyncEventStream[WebSocketResponse_Chunk]: ...

    @overload
    def sse(
        self,
        *,
        model_id: str,
        transcript: str,
        voice: VoiceInput,
        output_format: SseOutputFormat | SseOutputFormatParams,
        language: SupportedLanguage | None = ...,
        duration: float | None = ...,
        speed: ModelSpeed | None = ...,
        generation_config: GenerationConfig | GenerationConfigParams | None = ...,
        pronunciation_dict_id: str | None = ...,
        add_timestamps: bool | None = ...,
        add_phoneme_timestamps: bool | None = ...,
        use_normalized_timestamps: bool | None = ...,
        context_id: ContextId | None = ...,
        request_options: RequestOptions | None = None,
    ) -> AsyncEventStream[SpeechEvent]: ...

    def sse(
        self,
        *,
        model_id: str,
        transcript: str,
        voice: VoiceInput,
        output_format: SseOutputFormat | SseOutputFormatParams,
        language: SupportedLanguage | None = OMIT,
        duration: float | None = OMIT,
        speed: ModelSpeed | None = OMIT,
        generation_config: GenerationConfig | GenerationConfigParams | None = OMIT,
        pronunciation_dict_id: str | None = OMIT,
        add_timestamps: bool | None = OMIT,
        add_phoneme_timestamps: bool | None = OMIT,
        use_normalized_timestamps: bool | None = OMIT,
        context_id: ContextId | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> AsyncEventStream[Any]:
        """Speak a text, as events.

        Args:
            model_id: The model that speaks, such as `sonic-2`.
            transcript: What is said.
            voice: Who says it: an id, or a point in the voice space.
            output_format: `raw`, with encoding and sample rate in Hz.
            language: Of the transcript.
            duration: The longest that the audio may last, in seconds.
            speed: `slow`, `normal` or `fast`.
            generation_config: Volume, speed and emotion, for `sonic-3` and newer.
            pronunciation_dict_id: A dictionary of pronunciations.
            add_timestamps: Add the times of words.
            add_phoneme_timestamps: Add the times of phonemes.
            use_normalized_timestamps: Give times to the words as they are read out (`two`)
                instead of those of the transcript (`2`).
            context_id: Comes back in every event.
            request_options: Settings of this call.

        Returns:
            The events as they come. Pieces of audio (`.audio` holds the bytes, `.data` the same in
            base64), and between them times if they are asked for; never the event that says that
            it is done.

        Raises:
            ApiError: The call failed, or the server reports an error in between.

        Example::

            async for chunk in client.tts.sse(
                model_id="sonic-2",
                transcript="Hello, world!",
                voice={"id": "694f9389-aac1-45b6-b726-9d9369183238"},
                output_format={
                    "container": "raw",
                    "encoding": "pcm_s16le",
                    "sample_rate": 24000,
                },
            ):
                print(len(chunk.audio))
        """
        endpoint = endpoints.as_events(
            model_id=model_id,
            transcript=transcript,
            voice=voice,
            output_format=output_format,
            language=language,
            duration=duration,
            speed=speed,
            generation_config=generation_config,
            pronunciation_dict_id=pronunciation_dict_id,
            add_timestamps=add_timestamps,
            add_phoneme_timestamps=add_phoneme_timestamps,
            use_normalized_timestamps=use_normalized_timestamps,
            context_id=context_id,
        )
        return self._transport.stream_events(endpoint, request_options)

    async def infill(
        self,
        *,
        model_id: str,
        language: str,
        transcript: str,
        voice: VoiceInput,
        output_format: OutputFormatInput,
        left_audio_path: str | None = None,
        right_audio_path: str | None = None,
        request_options: RequestOptions | None = None,
    ) -> tuple[builtins.bytes, builtins.bytes]:
        """Make the speech that goes between two recordings, and join the three.

        Args:
            model_id: The model that speaks, such as `sonic-2`.
            language: Of the transcript.
            transcript: What is said in between.
            voice: The voice of the recordings, by its id.
            output_format: `wav` or `mp3`, as the recordings are.
            left_audio_path: The file of what comes before; None for nothing.
            right_audio_path: The file of what comes after; None for nothing. One of the two is
                needed.
            request_options: Settings of this call.

        Returns:
            The speech in between, and all joined. Where WAV files differ from the output format,
            the whole has the highest sample rate, and the most channels and bits, of all.

        Raises:
            InvalidArgumentError: An argument cannot be right, or the recordings cannot be joined.
            OSError: A recording cannot be read.
            ApiError: The call failed.
        """
        plan = await self._transport.compute(
            partial(
                plan_infill,
                model_id=model_id,
                language=language,
                transcript=transcript,
                voice=voice,
                output_format=output_format,
                left_audio_path=left_audio_path,
                right_audio_path=right_audio_path,
            )
        )
        audio = await self._transport.stream_bytes(plan.request, request_options).read()
        return audio, await self._transport.compute(plan.join, audio)

    def get_output_format(self, output_format_name: str) -> OutputFormat_RawParams:
        """Give the output format of a name such as `raw_pcm_f32le_44100`.

        Args:
            output_format_name: `raw_` with encoding and sample rate: `pcm_f32le` and `pcm_s16le`
                at 44100, 24000, 22050, 16000 and 8000 Hz, `pcm_mulaw` and `pcm_alaw` at 8000.

        Raises:
            InvalidArgumentError: There is no such format.
        """
        return get_output_format(output_format_name)
