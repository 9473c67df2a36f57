"""Events of a stream: what all kinds share, and how they are read.

Reading takes one native pass for an event that is well formed, and patience for the rest.
"""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar, get_args

import pydantic_core
from pydantic import ConfigDict, Discriminator, TypeAdapter, ValidationError, model_validator
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel

Event = TypeVar("Event")


class StreamEvent(WireModel):
    """What every event carries.

    Attributes:
        status_code: an HTTP status: 206 while more follows, 200 at the end.
        done: whether this is the last event of its stream.
        context_id: context of the request; absent over server-sent events when none was given.
    """

    status_code: int
    done: bool
    context_id: str | None = None


class StreamEventParams(TypedDict):
    """`StreamEvent` as a dictionary."""

    status_code: int
    done: bool
    context_id: NotRequired[str | None]


# Decoding audio is most of what receiving it costs; as a JSON string, in native code, it takes a
# fifth of the time that `base64` does.
_BASE64: TypeAdapter[bytes] = TypeAdapter(
    bytes, config=ConfigDict(val_json_bytes="base64", hide_input_in_errors=True, defer_build=True)
)


class AudioEvent(StreamEvent):
    """A piece of audio.

    Further fields are those of its base.

    Attributes:
        data: the audio in base64.
        step_time: milliseconds that making it took.
    """

    data: str
    step_time: float

    @cached_property
    def audio(self) -> bytes:
        """`data` decoded, in the format that was asked for; decoded on first use.

        Raises:
            ValueError: if `data` is not base64.
        """
        return _BASE64.validate_json(f'"{self.data}"')


class AudioEventParams(StreamEventParams):
    """`AudioEvent` as a dictionary."""

    data: str
    step_time: float


class ErrorEvent(StreamEvent):
    """Something went wrong, and the stream ends.

    Further fields are those of its base.

    Attributes:
        error: what, and what to do about it; taken from `message` or `title` where the server
            sends only those.
        title: a few words for the kind of error (later API versions).
        message: the same as `error` (later API versions).
        error_code: stable identifier of the kind of error (later API versions).
        request_id: names the request in logs (later API versions).
        doc_url: where the error is explained (later API versions).
    """

    error: str
    title: str | None = None
    message: str | None = None
    error_code: str | None = None
    request_id: str | None = None
    doc_url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_error(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("error") is None:
            text = value.get("message") or value.get("title")
            return {**value, "error": text} if text else value
        return value


class ErrorEventParams(StreamEventParams):
    """`ErrorEvent` as a dictionary."""

    error: str
    title: NotRequired[str | None]
    message: NotRequired[str | None]
    error_code: NotRequired[str | None]
    request_id: NotRequired[str | None]
    doc_url: NotRequired[str | None]


class EventParser(Generic[Event]):
    """Reads events of a stream that are told apart by `type`.

    Args:
        union: the models, each with a `type` of its own.
        infer: tells the type of an event that lacks one, or None if it is none of them.
    """

    def __init__(self, union: Any, infer: Callable[[Mapping[str, Any]], str | None]) -> None:
        self._adapter: TypeAdapter[Event] = TypeAdapter(
            Annotated[union, Discriminator("type")], config=ConfigDict(defer_build=True)
        )
        self._members: Mapping[str, type[WireModel]] = {
            member.model_fields["type"].default: member for member in get_args(union)
        }
        self._infer = infer

    def __call__(self, data: bytes | bytearray | str) -> Event | None:
        """Read one event.

        Args:
            data: JSON text of the event. Unknown fields are kept; `status_code`, `done` and
                `step_time` may be missing, and so may `type` if the fields tell it.

        Returns:
            The event, or None if it is of a type that is not known.

        Raises:
            ValueError: if `data` is no JSON object, or lacks what the event is for (a chunk
                without data). This includes pydantic's ValidationError.
        """
        try:
            event: Event = self._adapter.validator.validate_json(data)
        except ValidationError:
            return self._read_patiently(data)
        return event

    def _read_patiently(self, data: bytes | bytearray | str) -> Event | None:
        event = pydantic_core.from_json(data)
        if not isinstance(event, dict):
            raise ValueError(f"an event is a JSON object, not {type(event).__name__}")
        kind = event.get("type") or self._infer(event)
        member = self._members.get(kind) if isinstance(kind, str) else None
        if member is None:
            return None
        complete = pydantic_core.to_json(_complete(member, {**event, "type": kind}))
        return self._adapter.validate_json(complete)


def _complete(member: type[WireModel], event: dict[str, Any]) -> dict[str, Any]:
    """Add required fields that a sender may have thought superfluous."""
    last = event["type"] in ("done", "error")
    status_code = 206 if not last else 200 if event["type"] == "done" else 500
    usual = {"status_code": status_code, "done": last, "step_time": 0.0, "flush_done": True}
    missing = {
        name: value
        for name, value in usual.items()
        if event.get(name) is None
        and name in member.model_fields
        and member.model_fields[name].is_required()
    }
    return event | missing
