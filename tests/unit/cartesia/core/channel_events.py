"""Messages of a server, for the tests of the channel."""

from __future__ import annotations

import base64
import json
from typing import Any

from cartesia.core.channel import Channel
from cartesia.core.channel_context import Context, Reading
from cartesia.core.channel_events import output_of
from cartesia.core.socket_inbox import Signal
from cartesia.wire.tts import GenerationRequest, WebSocketTtsOutput

SETTINGS: dict[str, Any] = {
    "model_id": "sonic-2",
    "voice": {"mode": "id", "id": "voice"},
    "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
}


def event(kind: str, context: Context | str | None, **fields: Any) -> bytes:
    """A message of the server."""
    done = kind in ("done", "error")
    message = {"type": kind, "status_code": 206, "done": done, **fields}
    if context is not None:
        message["context_id"] = context if isinstance(context, str) else context.id
    return json.dumps(message).encode()


def chunk(context: Context | str | None, audio: bytes, **fields: Any) -> bytes:
    """A piece of audio."""
    data = base64.b64encode(audio).decode()
    return event("chunk", context, data=data, step_time=1.0, **fields)


def flush_done(context: Context, flush_id: int | None = None) -> bytes:
    """The answer to a flush."""
    ids = {} if flush_id is None else {"flush_id": flush_id}
    return event("flush_done", context, flush_done=True, **ids)


def speak(context: Context, transcript: str = "Hello", **fields: Any) -> dict[str, Any]:
    """Ask for speech; gives the message that goes out."""
    request = GenerationRequest(
        transcript=transcript, context_id=context.id, **{**SETTINGS, **fields}
    )
    sent: dict[str, Any] = json.loads(context.request(request))
    return sent


def opened(channel: Channel, context_id: str | None = None) -> Context:
    """A context for which something was sent."""
    context = channel.open(context_id)
    speak(context, continue_=True)
    return context


def outputs(reading: Reading) -> tuple[list[WebSocketTtsOutput], Signal]:
    """What can be taken without waiting, and why there is no more."""
    taken = []
    while not isinstance(item := reading.take(), Signal):
        taken.append(output_of(item, reading.context.id))
    return taken, item


def audio(reading: Reading) -> tuple[list[bytes | None], Signal]:
    """The same, of audio alone."""
    taken, signal = outputs(reading)
    return [output.audio for output in taken], signal
