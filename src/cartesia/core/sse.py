"""Server-sent events, parsed as they arrive: no I/O, split at any byte, any line ending."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, cast

from .api_error import ApiConnectionError, ApiError, ApiResponseError, error_from_status
from .endpoint import decode_body

T = TypeVar("T")

MAX_EVENT_BYTES = 16 * 1024 * 1024
"""A peer that never ends a line or an event must not fill the memory."""


class ServerSentEvent(NamedTuple):
    """One event: its name, `message` if it has none, and its data."""

    name: str
    data: bytes


class SseParser:
    """Splits a stream of bytes into events, as the HTML standard describes."""

    def __init__(self) -> None:
        self._partial: list[bytes] = []
        self._size = 0
        self._skip_line_feed = False
        self._at_start = True
        self._name = b""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> Iterator[ServerSentEvent]:
        """Give in the next bytes and get the events that they complete.

        Raises:
            ApiResponseError: A single event is larger than `MAX_EVENT_BYTES`.
        """
        for line in self._lines(piece):
            event = self._take(line)
            if event is not None:
                yield event

    def finish(self) -> ServerSentEvent | None:
        """End the stream; gives the event that it ended in, which may be cut short."""
        line = b"".join(self._partial)
        self._partial.clear()
        if line:
            self._take(line)
        cut = bool(line) and not line.startswith(b":")
        return self._take_event() if cut or self._name or self._data else None

    def _lines(self, piece: bytes) -> list[bytes]:
        if self._skip_line_feed and piece:
            # The line before ended in a carriage return, and this may be its other half.
            piece = piece.removeprefix(b"\n")
            self._skip_line_feed = False
        self._size += len(piece)
        if self._size > MAX_EVENT_BYTES:
            raise ApiResponseError(f"The server sent an event of more than {MAX_EVENT_BYTES} bytes")
        if b"\n" not in piece and b"\r" not in piece:
            if piece:
                self._partial.append(piece)
            return []
        self._skip_line_feed = piece.endswith(b"\r")
        lines = b"".join([*self._partial, piece]).splitlines()
        self._partial.clear()
        if not piece.endswith((b"\n", b"\r")):
            self._partial.append(lines.pop())
        return lines

    def _take(self, line: bytes) -> ServerSentEvent | None:
        if self._at_start:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._at_start = False
        if not line:
            event = self._take_event()
            return event if event.data else None
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._name = value
        return None

    def _take_event(self) -> ServerSentEvent:
        name = self._name.decode("utf-8", "replace") or "message"
        event = ServerSentEvent(name, b"\n".join(self._data))
        self._name, self._data, self._size = b"", [], 0
        return event


class EventDecoder(Generic[T]):
    """Turns the bytes of an event stream into the messages that a caller wants.

    Args:
        parse: Reads the JSON of one event; gives None for a type that it does not know.
        wanted: Which events the caller gets, by their `type`.
        headers: Of the answer, for errors.

    Attributes:
        done: Whether the server said that it sent everything.
    """

    def __init__(
        self,
        parse: Callable[[bytes], Any],
        wanted: Collection[str],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.done = False
        self._parser = SseParser()
        self._parse = parse
        self._wanted = frozenset(wanted)
        self._headers = headers

    def feed(self, piece: bytes) -> Iterator[T]:
        """Give in the next bytes and get the messages that they complete.

        Raises:
            ApiError: The server reports an error.
            ApiResponseError: An event is malformed.
        """
        for event in self._parser.feed(piece):
            message = self._decode(event)
            if message is not None:
                yield message

    def finish(self) -> Iterator[T]:
        """End the stream.

        Raises:
            ApiConnectionError: It ended in the middle of an event.
        """
        event = self._parser.finish()
        try:
            message = self._decode(event) if event else None
        except ApiResponseError as error:
            raise ApiConnectionError(
                "The connection was closed in the middle of an event", headers=self._headers
            ) from error
        if message is not None:
            yield message

    def _decode(self, event: ServerSentEvent) -> T | None:
        if self.done:
            return None
        try:
            message = self._parse(event.data)
        except ValueError as error:
            raise self._error_of(event) from error
        kind = None if message is None else message.type
        if kind == "error" or (kind is None and event.name == "error"):
            raise self._error_of(event, message)
        if kind == "done":
            self.done = True
        return cast("T", message) if kind in self._wanted else None

    def _error_of(self, event: ServerSentEvent, message: Any = None) -> ApiError:
        body = decode_body(event.data)
        fields = body if isinstance(body, dict) else {}
        if event.name == "error" or fields.get("type") == "error":
            status_code = message.status_code if message else fields.get("status_code")
            return error_from_status(status_code, body, headers=self._headers)
        return ApiResponseError(
            f"The server sent an event {event.name!r} that is malformed",
            body=body,
            headers=self._headers,
        )
