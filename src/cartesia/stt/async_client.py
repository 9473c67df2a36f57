"""Speech to text over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from cartesia.core.async_transport import AsyncTransport
from cartesia.core.endpoint import OMIT
from cartesia.core.file import File
from cartesia.core.request_options import RequestOptions
from cartesia.wire.stt import SttEncoding, TimestampGranularity, TranscriptionResponse

from . import endpoints


class AsyncSttClient:
    """Turns recordings into text: `client.stt`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def transcribe(
        self,
        *,
        file: File,
        model: str,
        encoding: SttEncoding | None = None,
        sample_rate: int | None = None,
        language: str | None = OMIT,
        timestamp_granularities: Sequence[TimestampGranularity] | None = OMIT,
        request_options: RequestOptions | None = None,
    ) -> TranscriptionResponse:
        """Transcribe a recording.

        Args:
            file: The recording: an open file, bytes, a path object, or a tuple of a name and one
                of these. Sent whole, and read from its start.
            model: The model that listens, such as `ink-whisper`.
            encoding: Of headerless samples; needs no value for files such as WAV, FLAC or MP3.
            sample_rate: Of headerless samples, in Hz.
            language: Code of the language spoken; English if left out.
            timestamp_granularities: `["word"]` adds the times of words.
            request_options: Settings of this call.

        Returns:
            The text, its language and duration, and the words if asked for.

        Raises:
            ApiError: The call failed.

        Example::

            with open("hello.wav", "rb") as file:
                answer = await client.stt.transcribe(file=file, model="ink-whisper")
            print(answer.text)
        """
        endpoint = endpoints.transcribe(
            file=file,
            model=model,
            encoding=encoding,
            sample_rate=sample_rate,
            language=language,
            timestamp_granularities=timestamp_granularities,
        )
        return await self._transport.call(endpoint, request_options)
