"""Transcription over a WebSocket, without the I/O: what comes back, and when a session is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from cartesia.core.api_error import WebSocketCancelledError, WebSocketError

from ._session import Session, as_audio, read_message, reported

PATH = "stt/websocket"

SttResult: TypeAlias = dict[str, Any]
"""A result: `type` and `request_id`, and for a transcript `text`, `is_final` and, where the server
gives them, `duration`, `language` and `words`."""

_COMMANDS = ("finalize", "done", "close")


@dataclass(frozen=True)
class SttOptions:
    """What a session is about: the query parameters of the socket."""

    model: str = "ink-whisper"
    language: str | None = "en"
    encoding: str = "pcm_s16le"
    sample_rate: int = 16000
    min_volume: float | None = None
    max_silence_duration_secs: float | None = None

    def or_else(self, others: SttOptions) -> SttOptions:
        """These options, but those of `others` where these are the defaults."""
        default = SttOptions()
        kept = {
            name: getattr(others, name)
            for name, value in vars(self).items()
            if value == getattr(default, name)
        }
        return replace(self, **kept)

    def query(self) -> dict[str, object]:
        """The query parameters; those that are None are left out of an address."""
        return dict(vars(self))


def check_data(data: object) -> str | bytes:
    """Refuse what is neither audio nor a command.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(data, str):
        return data
    audio = as_audio(data)
    if audio is not None:
        return audio
    raise TypeError(
        f"data: got {type(data).__name__}; accepted are bytes of audio, or a command as text: "
        f"{', '.join(_COMMANDS[:2])}"
    )


class Transcripts:
    """The sessions of one socket, one after the other; a `Conversation`.

    Attributes:
        session: The current one.
        full: Never: results are small, and unread ones must not stall what is sent.
    """

    full = False

    def __init__(self) -> None:
        self.session: Session[SttResult] = Session(_COMMANDS)

    @property
    def finished(self) -> bool:
        """Whether the session is over, and with it the connection."""
        return self.session.over

    def begin(self) -> Session[SttResult]:
        """Begin a session, unless one goes on."""
        if self.session.over:
            self.session = Session(_COMMANDS)
        return self.session

    def sending(self, data: str | bytes) -> str | bytes:
        """Note that something is about to be sent.

        After a session that has ended in order, that begins another one.

        Raises:
            BaseException: What broke the session.
        """
        return (self.session if self.session.broken else self.begin()).sending(data)

    def feed(self, message: bytes | bytearray) -> None:
        """Take in a message of the server.

        Raises:
            WebSocketError: It is no message of this protocol.
        """
        fields = read_message(message)
        kind = fields.get("type")
        if kind == "transcript":
            self.session.put(_transcript(fields), len(message))
        elif kind in ("flush_done", "done"):
            self.session.patient = True
            self.session.put({"type": kind, "request_id": _request_id(fields)}, len(message))
            if kind == "done":
                self.session.finish()
        elif kind == "error":
            self.session.put(reported(fields), len(message))

    def to_send(self) -> list[str]:
        """Nothing."""
        return []

    def lost(self, error: WebSocketError, *, clean: bool) -> None:
        """End the session; the server may do so in order."""
        self.session.finish(None if clean else error, broken=not clean)

    def close(self) -> None:
        """End the session, because the program closes the socket."""
        self.session.finish(WebSocketCancelledError("The program closed this session"))


def _request_id(fields: Mapping[str, Any]) -> Any:
    return fields.get("request_id") or ""


def _transcript(fields: Mapping[str, Any]) -> SttResult:
    optional = ("duration", "language", "words")
    return {
        "type": "transcript",
        "request_id": _request_id(fields),
        "text": fields.get("text") or "",
        "is_final": bool(fields.get("is_final")),
        **{name: fields[name] for name in optional if fields.get(name) is not None},
    }
