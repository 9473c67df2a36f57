"""A WebSocket connection without its I/O: bytes of the network in, messages and bytes out.

The rules of the protocol are kept by the core of `websockets`, which does no I/O either. Both
surfaces drive it directly: its own connections put a thread or a queue between socket and reader,
which costs more than all the parsing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, TypeAlias

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

from cartesia.version import __version__

from .api_error import (
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
    hint_for_status,
)
from .endpoint import decode_body
from .socket_config import SocketConfig

MAX_MESSAGE_BYTES = 64 << 20

MAX_HEAD_BYTES = 64 << 10

Data: TypeAlias = bytes | bytearray | memoryview
Message: TypeAlias = bytes | bytearray

_HEAD_END = b"\r\n\r\n"
_WHOLE_MESSAGES = frozenset({0x81, 0x82})
"""First bytes of the frames of texts and of binary messages that are not in fragments."""

NORMAL_CLOSURE = 1000
INVALID_DATA = 1007
_NO_STATUS = 1005

_REFUSALS = {
    401: "The API key is missing or not valid.",
    402: "The account is out of credit, or its plan does not include this.",
    403: "The API key does not permit this.",
    404: "There is no such endpoint at this address.",
    429: "There are too many connections or requests at once.",
}

_LONGEST_REASON = 300

# The library logs headers, and so the key, to loggers that print debug messages.
_SILENT = logging.Logger("cartesia.socket", level=logging.CRITICAL + 1)  # noqa: LOG001 -- nobody can switch it on


class SocketProtocol:
    """One connection, from the handshake on.

    Attributes:
        opened: Whether the handshake is done.
        failure: Why nothing more can be sent or received; None before that.
        clean: Whether the server ended the connection in order, of its own accord.
        ended: Whether the server's side is closed, by a frame or by the end of the stream.
        unsent: Whether `outgoing` may have something to give.
        request_id: The server's name for the connection, if it gives one.
    """

    def __init__(self, config: SocketConfig) -> None:
        self.opened = False
        self.failure: WebSocketError | None = None
        self.clean = False
        self.ended = False
        self.unsent = True
        self.request_id: str | None = None
        self._config = config
        self._kept = bytearray()
        self._fragments: list[Message] = []
        # Whether frames are looked at here first; otherwise all bytes go to the core.
        self._quick = True
        self._core = ClientProtocol(
            parse_uri(config.url), max_size=MAX_MESSAGE_BYTES, logger=_SILENT
        )
        request = self._core.connect()
        request.headers["User-Agent"] = f"cartesia-python/{__version__}"
        for name, value in config.headers.items():
            if name in request.headers:
                del request.headers[name]
            request.headers[name] = value
        self._core.send_request(request)

    def feed(self, data: Data) -> list[Message]:
        """Take in bytes of the network, and give the messages that they complete.

        Args:
            data: The bytes, which are copied; none at the end of the stream.
        """
        if self.ended:
            return []
        if not data:
            return self._end()
        if self._kept:
            self._kept += data
            data = self._kept
        messages: list[Message] = []
        with memoryview(data) as view:
            position = self._take_frames(view, messages)
            if data is not self._kept:
                self._kept += view[position:]
                return messages
        del self._kept[:position]
        return messages

    def outgoing(self) -> bytes:
        """Bytes for the network: the handshake, what was sent, and answers to pings."""
        self.unsent = False
        return b"".join(self._core.data_to_send())

    def send(self, message: str | bytes) -> None:
        """Send a message: text as a text frame, bytes as a binary one."""
        self.unsent = True
        if isinstance(message, str):
            self._core.send_text(message.encode())
        else:
            self._core.send_binary(message)

    def ping(self) -> None:
        """Ask for a sign of life."""
        self.unsent = True
        self._core.send_ping(b"")

    def close(self, failure: WebSocketError, *, code: int = NORMAL_CLOSURE) -> None:
        """Say goodbye, unless the connection has failed already.

        Args:
            failure: What is to be the connection's `failure`.
            code: Close code for the server.
        """
        if self.failure is None:
            self.failure = failure
            if self.opened:
                self.unsent = True
                self._core.send_close(code)

    def fail(self, failure: WebSocketError) -> None:
        """Note that the connection is of no use any more."""
        self.failure = self.failure or failure

    def lost(self, reason: BaseException | str = "") -> WebSocketError:
        """The error for a connection that broke without a goodbye."""
        text = f": {reason}" if str(reason) else ""
        return WebSocketClosedError(
            f"The connection to {self._config.display_url} was lost{text}",
            request_id=self.request_id,
        )

    def _take_frames(self, data: memoryview, messages: list[Message]) -> int:
        """Take the complete frames off the beginning of the data; gives where the rest begins."""
        position = 0 if self.opened else self._take_head(data)
        while self._quick and position < len(data) and self.opened and not self.ended:
            start, position = position, self._take_frame(data, position, messages)
            if start == position:
                break
        if not self._quick:
            messages += self._pass_to_core(data[position:])
            position = len(data)
        return position

    def _take_head(self, data: memoryview) -> int:
        """Take the answer to the handshake; gives where the frames begin."""
        end = bytes(data).find(_HEAD_END) + len(_HEAD_END)
        if end < len(_HEAD_END):
            if len(data) < MAX_HEAD_BYTES:
                return 0
            end = len(data)
        self._pass_to_core(data[:end])
        # After a refusal comes its body.
        self._quick = self.opened
        return end

    def _take_frame(self, data: memoryview, start: int, messages: list[Message]) -> int:
        """Take a frame off the data; gives where it ends, or `start` if it is not complete.

        The core takes several times as long for the one kind of frame that counts, a message in
        one piece. It gets all others, one by one, and everything once something is wrong.
        """
        available = len(data) - start
        if available < 2:
            return start
        body, length = start + 2, data[start + 1]
        if length in (126, 127):
            wide = 2 if length == 126 else 8
            if available < 2 + wide:
                return start
            length = int.from_bytes(data[body : body + wide], "big")
            body += wide
        if data[start + 1] > 127 or length > MAX_MESSAGE_BYTES:
            # Masked, as no server may do, or too big: for the core to complain about.
            self._quick = False
            return start
        end = body + length
        if end > len(data):
            return start
        if data[start] in _WHOLE_MESSAGES and not self._fragments:
            messages.append(bytes(data[body:end]))
        else:
            messages += self._pass_to_core(data[start:end])
        return end

    def _pass_to_core(self, data: memoryview) -> list[Message]:
        # Released at once: an error that the core keeps may keep what its callers' names held.
        with data:
            self._core.receive_data(bytes(data))
        return self._take_from_core()

    def _end(self) -> list[Message]:
        self._core.receive_data(bytes(self._kept))
        self._core.receive_eof()
        self.ended = True
        return self._take_from_core()

    def _take_from_core(self) -> list[Message]:
        self.unsent = True
        messages = []
        for event in self._core.events_received():
            if isinstance(event, Frame):
                message = self._assemble(event)
                if message is not None:
                    messages.append(message)
            elif isinstance(event, Response):
                self.request_id = next(iter(event.headers.get_all("X-Request-ID")), None)
        if self._core.parser_exc is not None:
            self._quick = False
        self._change_state()
        return messages

    def _assemble(self, frame: Frame) -> Message | None:
        """The message that a frame completes."""
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return None
        if frame.fin and not self._fragments:
            return frame.data  # type: ignore[return-value]  # only what is sent may be a view
        self._fragments.append(frame.data)  # type: ignore[arg-type]
        if not frame.fin:
            return None
        fragments, self._fragments = self._fragments, []
        return b"".join(fragments)

    def _change_state(self) -> None:
        if self._core.handshake_exc is not None:
            self.fail(self._refused(self._core.handshake_exc))
        elif self._core.state is State.OPEN:
            self.opened = True
        elif self._core.state in (State.CLOSING, State.CLOSED):
            self.ended = self.ended or self._core.close_rcvd is not None
            self.fail(self._closed())

    def _refused(self, reason: Exception) -> WebSocketError:
        if not isinstance(reason, InvalidStatus):
            return self._config.failed(reason)
        response = reason.response
        status = response.status_code
        sentence = _REFUSALS.get(status, "The server refused the connection.")
        body = decode_body(bytes(response.body))
        told = _told(body)
        return WebSocketConnectError(
            f"Failed to connect to WebSocket at {self._config.display_url}. {sentence}\n"
            f"Status: {status}" + (f"\n{told}" if told else ""),
            status_code=status,
            body=body,
            headers=dict(response.headers.raw_items()),
            hint=hint_for_status(status),
        )

    def _closed(self) -> WebSocketError:
        told = self._core.close_rcvd
        if told is not None:
            self.clean = told.code in (NORMAL_CLOSURE, _NO_STATUS)
            reason = f": {told.reason}" if told.reason else ""
            text = f"The server closed the WebSocket (code {told.code}{reason})"
            return WebSocketClosedError(
                text, body={"code": told.code, "reason": told.reason}, request_id=self.request_id
            )
        problem = self._core.parser_exc
        if problem is None or isinstance(problem, EOFError):
            return self.lost()
        return WebSocketClosedError(
            f"The WebSocket was closed because of what the server sent: {problem}"
        )


def _told(body: Any) -> str:
    """What the body of a refusal says, in any version of the API; a page for people says nothing.

    Lists of what is accepted can be long, and what is wrong comes first.
    """
    if isinstance(body, Mapping):
        texts = (body.get(name) for name in ("message", "error", "title"))
        body = next((text for text in texts if isinstance(text, str)), "")
    text = str(body or "").strip()
    if text.startswith("<"):
        return ""
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."
