"""The request for the transcript of a recording, and its answer."""

from __future__ import annotations

from typing import Any

from cartesia.core.endpoint import OMIT, Answer, Endpoint, Request, given, parse_model
from cartesia.core.file import File
from cartesia.wire.stt import TranscriptionResponse

_parse_transcript = parse_model(TranscriptionResponse)


def transcribe(
    *, file: File, encoding: Any, sample_rate: Any, timestamp_granularities: Any, **fields: Any
) -> Endpoint[TranscriptionResponse]:
    """``POST /stt``."""
    if timestamp_granularities is not OMIT:
        fields["timestamp_granularities[]"] = timestamp_granularities
    request = Request(
        "POST",
        "stt",
        query={"encoding": encoding, "sample_rate": sample_rate},
        form=given(fields),
        files={"file": file},
    )
    return Endpoint(request, _parse)


def _parse(answer: Answer) -> TranscriptionResponse:
    heard = _parse_transcript(answer)
    if heard.request_id is not None:
        return heard
    return heard.model_copy(update={"request_id": answer.request_id})
