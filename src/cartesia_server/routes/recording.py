"""An uploaded recording and its transcript."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from starlette.datastructures import FormData
from starlette.requests import Request

from cartesia.wire.stt import TranscriptionResponse, TranscriptionWord
from cartesia_server.audio.activity import first_speech
from cartesia_server.audio.decode import CONTAINERS_OR_RAW, decoding
from cartesia_server.audio.raw import SAMPLE_RATE, check_format
from cartesia_server.engines.base import (
    CancelToken,
    TranscriptionCapabilities,
    TranscriptSegment,
)
from cartesia_server.errors import FieldError
from cartesia_server.routes.forms import file_field, text_field
from cartesia_server.routes.live import cancel_on_disconnect
from cartesia_server.services import Caller, Services
from cartesia_server.sessions.recognition import space_of
from cartesia_server.sessions.stt_options import check_model, parse_sample_rate, resolve_language

_MINUTE = 60 * SAMPLE_RATE


@dataclass(frozen=True)
class Recording:
    """What a form and its query ask to transcribe.

    Attributes:
        file: the upload, open.
        encoding: of headerless audio, or None.
        sample_rate: of headerless audio, or None.
        language: code of the language that is spoken; None if that is to be found out.
        words: whether word times are wanted.
        segments: whether the transcript is wanted in parts, with times, too.
        prompt: text said before, or empty.
    """

    file: BinaryIO
    encoding: str | None
    sample_rate: int | None
    language: str | None
    words: bool
    segments: bool = False
    prompt: str = ""

    @classmethod
    def read(
        cls,
        request: Request,
        form: FormData,
        capabilities: TranscriptionCapabilities,
        *,
        other_models: Sequence[str] = (),
        granularities: Sequence[str] = ("word",),
    ) -> Recording:
        """Check a form against what the engine can do.

        Args:
            request: whose query may describe headerless audio; the form may as well.
            form: the multipart form.
            capabilities: of the engine.
            other_models: model names accepted beside our own.
            granularities: of times that may be asked for.

        Raises:
            FieldError: a field is missing or cannot be used.
            AudioError: encoding or sample rate cannot be used.
        """
        file = file_field(form, "file", CONTAINERS_OR_RAW)
        check_model(text_field(form, "model"), others=other_models)
        encoding = request.query_params.get("encoding") or text_field(form, "encoding")
        rate = request.query_params.get("sample_rate") or text_field(form, "sample_rate")
        sample_rate = parse_sample_rate(rate)
        check_format(encoding, sample_rate)
        return cls(
            file=file,
            encoding=encoding,
            sample_rate=sample_rate,
            language=resolve_language(text_field(form, "language"), capabilities),
            words="word" in _granularities(form, granularities),
            prompt=text_field(form, "prompt") or "",
        )


@dataclass(frozen=True)
class _Beginning:
    seconds: float
    language: str


async def transcribe(request: Request, recording: Recording) -> TranscriptionResponse:
    """Decode and recognise an upload on the pool's threads; the work ends if the caller leaves.

    Raises:
        AudioError: the file cannot be used.
        Busy: too much work is waiting.
    """
    services, caller = Services.of(request), Caller.of(request)
    segments: list[TranscriptSegment] = []
    beginning: _Beginning | None = None
    work = services.pool.stream(
        lambda cancel: _pieces(services, recording, cancel), kind="transcription"
    )
    async with work as pieces:
        watcher = asyncio.create_task(cancel_on_disconnect(request.receive, pieces))
        try:
            async for piece in pieces:
                if isinstance(piece, _Beginning):
                    beginning = piece
                elif piece is not None:
                    segments.append(piece)
        finally:
            watcher.cancel()
    if beginning is None:
        raise RuntimeError("the work ended without a result")
    services.metrics.heard.labels(caller.route).inc(beginning.seconds)
    caller.notes["audio_seconds"] = round(beginning.seconds, 3)
    return TranscriptionResponse(
        text=space_of(beginning.language).join(segment.text.strip() for segment in segments),
        language=beginning.language,
        duration=round(beginning.seconds, 3),
        words=_words(segments) if recording.words else None,
        type="transcript",
        request_id=caller.request_id,
        **({"segments": _parts(segments)} if recording.segments else {}),
    )


def _pieces(
    services: Services, recording: Recording, cancel: CancelToken
) -> Iterator[_Beginning | TranscriptSegment | None]:
    """The work, in pieces between which other work gets its turn."""
    samples = yield from decoding(
        recording.file,
        encoding=recording.encoding,
        sample_rate=recording.sample_rate,
        max_seconds=services.settings.max_audio_seconds,
        cancel=cancel,
        accepted=CONTAINERS_OR_RAW,
    )
    engine = services.transcription
    language = recording.language
    if language is None:
        heard = yield from first_speech(engine.voice_detector(), samples, cancel)
        language = engine.detect_language(samples[:_MINUTE] if heard is None else heard).code
    yield _Beginning(len(samples) / SAMPLE_RATE, language)
    yield from engine.transcribe(samples, language, cancel, context=recording.prompt)


def _words(segments: Sequence[TranscriptSegment]) -> list[TranscriptionWord]:
    return [
        TranscriptionWord(word=word.text, start=round(word.start, 2), end=round(word.end, 2))
        for segment in segments
        for word in segment.words
    ]


def _parts(segments: Sequence[TranscriptSegment]) -> list[dict[str, object]]:
    """The segments as clients of OpenAI's API read them."""
    return [
        {
            "id": index,
            "start": round(segment.start, 2),
            "end": round(segment.end, 2),
            "text": segment.text,
        }
        for index, segment in enumerate(segments)
    ]


def _granularities(form: FormData, accepted: Sequence[str]) -> list[str]:
    asked = [*form.getlist("timestamp_granularities[]"), *form.getlist("timestamp_granularities")]
    for granularity in asked:
        if granularity not in accepted:
            raise FieldError("timestamp_granularities", granularity, accepted)
    return [str(granularity) for granularity in asked]
