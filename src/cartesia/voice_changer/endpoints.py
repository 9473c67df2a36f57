"""The requests for a recording in another voice, and their answers."""

from __future__ import annotations

from typing import Any

from cartesia.core.endpoint import EventsEndpoint, Request, given
from cartesia.core.file import File
from cartesia.wire.voice_changer import StreamingResponse_Chunk, parse_response

_PARTS = {
    "voice_id": "voice[id]",
    "output_format_container": "output_format[container]",
    "output_format_sample_rate": "output_format[sample_rate]",
    "output_format_encoding": "output_format[encoding]",
    "output_format_bit_rate": "output_format[bit_rate]",
}


def as_bytes(*, clip: File, **fields: Any) -> Request:
    """``POST /voice-changer/bytes``."""
    return _change("voice-changer/bytes", clip, fields)


def as_events(*, clip: File, **fields: Any) -> EventsEndpoint[StreamingResponse_Chunk]:
    """``POST /voice-changer/sse``."""
    request = _change("voice-changer/sse", clip, fields)
    return EventsEndpoint(request, parse_response, frozenset({"chunk"}))


def _change(path: str, clip: File, fields: dict[str, Any]) -> Request:
    form = {_PARTS[name]: value for name, value in given(fields).items()}
    return Request("POST", path, form=form, files={"clip": clip})
