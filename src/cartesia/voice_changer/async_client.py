"""Recordings in another voice."""

from __future__ import annotations

from cartesia.core.async_streams import AsyncByteStream, AsyncEventStream
from cartesia.core.async_transport import AsyncTransport
from cartesia.core.endpoint import OMIT
from cartesia.core.file import File
from cartesia.core.request_options import RequestOptions
from cartesia.wire.tts import RawEncoding
from cartesia.wire.voice_changer import OutputFormatContainer, StreamingResponse_Chunk

from . import endpoints


class AsyncVoiceChangerClient:
    """Lets another voice say what a recording says, as it says it: `client.voice_changer`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def bytes(
        self,
        *,
        clip: File,
        voice_id: str,
        output_format_container: OutputFormatContainer,
        output_format_sample_rate: int,
        output_format_encoding: RawEncoding | None = OMIT,
        output_format_bit_rate: int | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> AsyncByteStream:
        """Change the voice of a recording.

        Args:
            clip: The recording.
            voice_id: The voice that shall be heard.
            output_format_container: `raw`, `wav` or `mp3`.
            output_format_sample_rate: In Hz.
            output_format_encoding: Of the samples; needed for `raw` and `wav`.
            output_format_bit_rate: In bits per second; needed for `mp3`.
            request_options: Settings of this call.

        Returns:
            The audio as it comes.

        Raises:
            ApiError: The call failed.
        """
        request = endpoints.as_bytes(
            clip=clip,
            voice_id=voice_id,
            output_format_container=output_format_container,
            output_format_sample_rate=output_format_sample_rate,
            output_format_encoding=output_format_encoding,
            output_format_bit_rate=output_format_bit_rate,
        )
        return self._transport.stream_bytes(request, request_options)

    def sse(
        self,
        *,
        clip: File,
        voice_id: str,
        output_format_container: OutputFormatContainer,
        output_format_sample_rate: int,
        output_format_encoding: RawEncoding | None = OMIT,
        output_format_bit_rate: int | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> AsyncEventStream[StreamingResponse_Chunk]:
        """Change the voice of a recording, as events.

        Args:
            clip: The recording.
            voice_id: The voice that shall be heard.
            output_format_container: `raw`, or `wav` or `mp3` for a file in pieces.
            output_format_sample_rate: In Hz.
            output_format_encoding: Of the samples; needed for `raw` and `wav`.
            output_format_bit_rate: In bits per second; needed for `mp3`.
            request_options: Settings of this call.

        Returns:
            The pieces of audio as they come: `.audio` holds the bytes, `.data` the same in base64.

        Raises:
            ApiError: The call failed, or the server reports an error in between.
        """
        endpoint = endpoints.as_events(
            clip=clip,
            voice_id=voice_id,
            output_format_container=output_format_container,
            output_format_sample_rate=output_format_sample_rate,
            output_format_encoding=output_format_encoding,
            output_format_bit_rate=output_format_bit_rate,
        )
        return self._transport.stream_events(endpoint, request_options)
