"""The requests for speech, and their answers."""

from __future__ import annotations

from typing import Any, TypeAlias

from cartesia.core.endpoint import OMIT, EventsEndpoint, Request, given
from cartesia.wire.tts import (
    OutputFormat,
    OutputFormatParams,
    TtsRequestVoiceSpecifier,
    TtsRequestVoiceSpecifierParams,
    WebSocketResponse_Chunk,
    WebSocketResponse_PhonemeTimestamps,
    WebSocketResponse_Timestamps,
    parse_response,
)

VoiceInput: TypeAlias = TtsRequestVoiceSpecifier | TtsRequestVoiceSpecifierParams
"""A voice, as a message or as a dictionary."""

OutputFormatInput: TypeAlias = OutputFormat | OutputFormatParams
"""A format of audio, as a message or as a dictionary."""

SpeechEvent: TypeAlias = (
    WebSocketResponse_Chunk | WebSocketResponse_Timestamps | WebSocketResponse_PhonemeTimestamps
)
"""What speech with timestamps consists of."""

_AUDIO = frozenset({"chunk"})
_AUDIO_AND_TIMES = frozenset({"chunk", "timestamps", "phoneme_timestamps"})


def as_bytes(**fields: Any) -> Request:
    """``POST /tts/bytes``."""
    return Request("POST", "tts/bytes", json=given(fields))


def as_events(
    *, add_timestamps: Any = OMIT, add_phoneme_timestamps: Any = OMIT, **fields: Any
) -> EventsEndpoint[SpeechEvent]:
    """``POST /tts/sse``. Timestamps are given out only if they are asked for."""
    flags = given(
        {"add_timestamps": add_timestamps, "add_phoneme_timestamps": add_phoneme_timestamps}
    )
    request = Request("POST", "tts/sse", json={**given(fields), **flags})
    wanted = _AUDIO_AND_TIMES if any(flags.values()) else _AUDIO
    return EventsEndpoint(request, parse_response, wanted)
