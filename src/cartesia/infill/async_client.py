"""Speech between two pieces of audio."""

from __future__ import annotations

from collections.abc import Sequence

from cartesia.core.async_streams import AsyncByteStream
from cartesia.core.async_transport import AsyncTransport
from cartesia.core.endpoint import OMIT
from cartesia.core.file import File
from cartesia.core.request_options import RequestOptions
from cartesia.wire.tts import EmotionDeprecated, RawEncoding, Speed
from cartesia.wire.voice_changer import OutputFormatContainer

from . import endpoints


class AsyncInfillClient:
    """Makes speech that fits between two pieces of audio: `client.infill`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def bytes(
        self,
        *,
        left_audio: File | None,
        right_audio: File | None,
        model_id: str,
        language: str,
        transcript: str,
        voice_id: str,
        output_format_container: OutputFormatContainer,
        output_format_sample_rate: int,
        output_format_encoding: RawEncoding | None = OMIT,
        output_format_bit_rate: int | None = OMIT,
        voice_experimental_controls_speed: Speed | None = OMIT,
        voice_experimental_controls_emotion: Sequence[EmotionDeprecated] | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> AsyncByteStream:
        """Make the speech that goes between two pieces of audio, and continues their voice.

        `tts.infill` does the same with files, and joins the three.

        Args:
            left_audio: What comes before; None for nothing.
            right_audio: What comes after; None for nothing. One of the two is needed.
            model_id: The model that speaks.
            language: Of the transcript.
            transcript: What is said in between.
            voice_id: The voice of the audio.
            output_format_container: `raw`, `wav` or `mp3`.
            output_format_sample_rate: In Hz.
            output_format_encoding: Of the samples; needed for `raw` and `wav`.
            output_format_bit_rate: In bits per second; needed for `mp3`.
            voice_experimental_controls_speed: From -1 to 1, or `slowest` to `fastest`.
            voice_experimental_controls_emotion: Emotions with levels, as `positivity:high`.
            request_options: Settings of this call.

        Returns:
            The audio as it comes: only what goes in between.

        Raises:
            ApiError: The call failed.
        """
        request = endpoints.as_bytes(
            left_audio=left_audio,
            right_audio=right_audio,
            model_id=model_id,
            language=language,
            transcript=transcript,
            voice_id=voice_id,
            output_format_container=output_format_container,
            output_format_sample_rate=output_format_sample_rate,
            output_format_encoding=output_format_encoding,
            output_format_bit_rate=output_format_bit_rate,
            voice_experimental_controls_speed=voice_experimental_controls_speed,
            voice_experimental_controls_emotion=voice_experimental_controls_emotion,
        )
        return self._transport.stream_bytes(request, request_options)
