"""Turns over a WebSocket, without the I/O: how a session opens, what happens in it, how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from typing_extensions import Never

from cartesia.core.api_error import (
    WebSocketCancelledError,
    WebSocketClosedError,
    WebSocketConnectError,
    WebSocketError,
)
from cartesia.core.arguments import check_numbers
from cartesia.wire.base import WireModel, encode
from cartesia.wire.turns import (
    TurnCloseCommand,
    TurnConfig,
    TurnConfigCommand,
    TurnConnected,
    TurnEagerEnd,
    TurnEnd,
    TurnEvent,
    TurnResume,
    TurnStart,
    TurnUpdate,
)

from ._session import Session, as_audio, read_message, reported, unreadable

Message = TypeVar("Message", bound=WireModel)

PATH = "stt/turns/websocket"

CLOSE = encode(TurnCloseCommand()).decode()
"""The command that ends a session."""

_EVENTS: Mapping[str, type[TurnEvent]] = {
    "turn.start": TurnStart,
    "turn.update": TurnUpdate,
    "turn.eager_end": TurnEagerEnd,
    "turn.resume": TurnResume,
    "turn.end": TurnEnd,
}


def check_audio(data: object) -> bytes:
    """Refuse what is no audio.

    Raises:
        TypeError: It is none.
    """
    audio = as_audio(data)
    if audio is None:
        raise TypeError(
            f"data: got {type(data).__name__}; accepted are bytes of audio. "
            "finish() ends a session, configure() changes it"
        )
    return audio


def turn_query(*, keyterm: Sequence[str] | None, **parameters: object) -> dict[str, object]:
    """The query parameters of a socket; those that are None are left out of an address."""
    return {**parameters, "keyterm": keyterm if isinstance(keyterm, str) else list(keyterm or ())}


def config_command(**values: float | None) -> str:
    """The command that changes when turns start and end.

    Raises:
        InvalidArgumentError: A number is not finite.
    """
    check_numbers(values)
    return encode(TurnConfigCommand(turn=TurnConfig(**values))).decode()


class Turns:
    """The one session of a socket; a `Conversation`.

    Attributes:
        opening: Ends when the server has accepted the settings, or with the reason why not.
        session: What happens then.
        request_id: One value per connection; empty before it is open.
        full: Never: events are small, and unread ones must not stall what is sent.
    """

    full = False

    def __init__(self) -> None:
        self.opening: Session[Never] = Session()
        self.opening.patient = False
        self.session: Session[TurnEvent] = Session((CLOSE,))
        self.request_id = ""
        self._closing = False

    @property
    def finished(self) -> bool:
        """Whether the session is over, and with it the connection."""
        return self.session.over

    def sending(self, data: str | bytes) -> str | bytes:
        """Note that audio or a command is about to be sent.

        Raises:
            BaseException: The session is over, for this reason.
        """
        if self.session.over or self._closing:
            raise (self.session.error or _over()).with_traceback(None)
        return self.session.sending(data)

    def ending(self) -> str | bytes | None:
        """What to send to end the session; None if there is no need.

        Raises:
            BaseException: What broke the session.
        """
        unneeded = self._closing or (self.session.over and not self.session.broken)
        self._closing = True
        return None if unneeded else self.session.sending(CLOSE)

    def feed(self, message: bytes | bytearray) -> None:
        """Take in a message of the server.

        Raises:
            WebSocketError: It is no message of this protocol.
        """
        fields = read_message(message)
        kind = fields.get("type")
        if kind == "connected":
            self.request_id = _parse(TurnConnected, fields).request_id
            self.opening.finish()
        elif kind == "error" and not self.opening.over:
            self._end(reported(fields, WebSocketConnectError), broken=True)
        elif kind == "error":
            self.session.put(reported(fields), len(message))
        elif isinstance(kind, str) and kind in _EVENTS:
            self.opening.finish()
            self.session.put(_parse(_EVENTS[kind], fields), len(message))

    def to_send(self) -> list[str]:
        """Nothing."""
        return []

    def lost(self, error: WebSocketError, *, clean: bool) -> None:
        """End the session; the server may do so in order, once it has begun."""
        in_order = clean and self.opening.over
        self._end(None if in_order else error, broken=not in_order)

    def close(self) -> None:
        """End the session, because the program closes the socket."""
        self._end(WebSocketCancelledError("The program closed this session"), broken=False)

    def _end(self, error: WebSocketError | None, *, broken: bool) -> None:
        self.opening.finish(error)
        self.session.finish(error, broken=broken)


def _parse(model: type[Message], fields: Mapping[str, Any]) -> Message:
    """Read a message; text that a server leaves out is empty."""
    absent = {name: "" for name in ("request_id", "transcript") if name in model.model_fields}
    given = {name: value for name, value in fields.items() if value is not None}
    try:
        return model.model_validate(absent | given)
    except ValidationError as problem:
        raise unreadable(f"is not a {fields['type']} event") from problem


def _over() -> WebSocketError:
    return WebSocketClosedError("This session is over, and its socket with it")
