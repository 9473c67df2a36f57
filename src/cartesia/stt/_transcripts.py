"""Transcription over a WebSocket, without the I/O: what comes back, and when a session is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pydantic_core

from cartesia.core.api_error import (
    WebSocketCancelledError,
    WebSocketError,
    WebSocketOverflowError,
    hint_for_status,
)
from cartesia.core.socket_inbox import Inbox, Signal

PATH = "stt/websocket"

MAX_BUFFERED_BYTES = 64 << 20
"""Bound on results that nobody reads: days of transcript."""

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
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    raise TypeError(
        f"data: got {type(data).__name__}; accepted are bytes of audio, or a command as text: "
        f"{', '.join(_COMMANDS[:2])}"
    )


class Session:
    """The results of one session, for its readers.

    Attributes:
        inbox: Where they wait, each with its size in bytes, errors that the server reported among
            them.
        over: Whether nothing more is sent or comes.
        broken: Whether it ended before its time.
        patient: Whether nothing need come: while audio is sent, there may be nothing to hear.
    """

    def __init__(self) -> None:
        self.inbox: Inbox[tuple[SttResult | WebSocketError, int]] = Inbox()
        self.over = False
        self.broken = False
        self.patient = True
        self._error: BaseException | None = None
        self._buffered = 0

    def sending(self, data: str | bytes) -> str | bytes:
        """Note that something is about to be sent.

        Raises:
            BaseException: What broke the session.
        """
        if self.broken and self._error is not None:
            raise self._error.with_traceback(None)
        if self.patient and data in _COMMANDS:
            self.patient = False
            self.inbox.nudge()
        return data

    def put(self, result: SttResult | WebSocketError, size: int) -> None:
        """Add a result."""
        if not self.over:
            self._buffered += size
            self.inbox.put((result, size))
            if self._buffered > MAX_BUFFERED_BYTES:
                self.finish(
                    WebSocketOverflowError(
                        f"The session has ended, as over {MAX_BUFFERED_BYTES} bytes of its "
                        "results waited to be read",
                        hint="Read the results while they come.",
                    ),
                    broken=True,
                )

    def take(self) -> SttResult | Signal:
        """The next result, or `WAIT`, or `END`.

        Raises:
            BaseException: What the server reported, or what ended the session.
        """
        item = self.inbox.take()
        if isinstance(item, Signal):
            return item
        result, size = item
        self._buffered -= size
        if isinstance(result, WebSocketError):
            raise result
        return result

    def finish(self, error: BaseException | None = None, *, broken: bool = False) -> None:
        """End it: readers get `error`, if any, after what waits. The first call counts.

        Args:
            error: Why.
            broken: Whether whoever sends something for it is to be told, too.
        """
        if not self.over:
            self.over = True
            self.broken = broken
            self._error = error
            self.inbox.close(error)


class Transcripts:
    """The sessions of one socket, one after the other; a `Conversation`.

    Attributes:
        session: The current one.
        full: Never: results are small, and unread ones must not stall what is sent.
    """

    full = False

    def __init__(self) -> None:
        self.session = Session()

    @property
    def finished(self) -> bool:
        """Whether the session is over, and with it the connection."""
        return self.session.over

    def begin(self) -> Session:
        """Begin a session, unless one goes on."""
        if self.session.over:
            self.session = Session()
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
        try:
            fields = pydantic_core.from_json(message)
        except ValueError as problem:
            raise _unreadable() from problem
        if not isinstance(fields, dict):
            raise _unreadable()
        kind = fields.get("type")
        if kind == "transcript":
            self.session.put(_transcript(fields), len(message))
        elif kind in ("flush_done", "done"):
            self.session.patient = True
            self.session.put({"type": kind, "request_id": _request_id(fields)}, len(message))
            if kind == "done":
                self.session.finish()
        elif kind == "error":
            self.session.put(_reported(fields), len(message))

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


# The texts below begin as those of 2.x do, which programs look for.


def _reported(fields: Mapping[str, Any]) -> WebSocketError:
    text = fields.get("message") or fields.get("error") or fields.get("title") or "Unknown error"
    status = fields.get("status_code") or fields.get("code")
    status_code = status if isinstance(status, int) else None
    return WebSocketError(
        f"Error transcribing audio: {text}",
        status_code=status_code,
        body=dict(fields),
        hint=hint_for_status(status_code),
    )


def _unreadable() -> WebSocketError:
    return WebSocketError(
        "Error transcribing audio: a message of the server is not a JSON object",
        hint="Check that base_url leads to a Cartesia API, and not to another service.",
    )
