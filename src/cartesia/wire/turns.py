"""The messages of ``/stt/turns/websocket``, on which the server decides whose turn it is."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from typing import Literal, TypeAlias

from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel
from cartesia.wire.stt import TranscriptionWord, TranscriptionWordParams


class TurnConnected(WireModel):
    """The socket is open and its settings are good: the first event.

    Attributes:
        request_id: one value per connection.
        type: always ``connected``.
    """

    request_id: str
    type: Literal["connected"] = "connected"


class TurnConnectedParams(TypedDict):
    """`TurnConnected` as a dictionary."""

    request_id: str
    type: Literal["connected"]


class TurnStart(WireModel):
    """Somebody has begun to speak.

    Attributes:
        request_id: one value per connection.
        type: always ``turn.start``.
    """

    request_id: str
    type: Literal["turn.start"] = "turn.start"


class TurnStartParams(TypedDict):
    """`TurnStart` as a dictionary."""

    request_id: str
    type: Literal["turn.start"]


class TurnUpdate(WireModel):
    """More of the turn is known.

    Attributes:
        transcript: the turn so far; later events of the turn only add to it.
        request_id: one value per connection.
        type: always ``turn.update``.
        words: the words of the transcript with their times (`ink-preview`).
    """

    transcript: str
    request_id: str
    type: Literal["turn.update"] = "turn.update"
    words: list[TranscriptionWord] | None = None


class TurnUpdateParams(TypedDict):
    """`TurnUpdate` as a dictionary."""

    transcript: str
    request_id: str
    type: Literal["turn.update"]
    words: NotRequired[list[TranscriptionWordParams] | None]


class TurnEagerEnd(WireModel):
    """The turn may be over: what is to be said then can be prepared.

    Attributes:
        transcript: all of the turn so far.
        request_id: one value per connection.
        type: always ``turn.eager_end``.
        words: the words of the transcript with their times (`ink-preview`).
    """

    transcript: str
    request_id: str
    type: Literal["turn.eager_end"] = "turn.eager_end"
    words: list[TranscriptionWord] | None = None


class TurnEagerEndParams(TypedDict):
    """`TurnEagerEnd` as a dictionary."""

    transcript: str
    request_id: str
    type: Literal["turn.eager_end"]
    words: NotRequired[list[TranscriptionWordParams] | None]


class TurnResume(WireModel):
    """The turn goes on after all: the ``turn.eager_end`` before it does not count.

    Attributes:
        request_id: one value per connection.
        type: always ``turn.resume``.
    """

    request_id: str
    type: Literal["turn.resume"] = "turn.resume"


class TurnResumeParams(TypedDict):
    """`TurnResume` as a dictionary."""

    request_id: str
    type: Literal["turn.resume"]


class TurnEnd(WireModel):
    """The turn is over.

    Attributes:
        transcript: all of the turn.
        request_id: one value per connection.
        type: always ``turn.end``.
        words: the words of the transcript with their times (`ink-preview`).
    """

    transcript: str
    request_id: str
    type: Literal["turn.end"] = "turn.end"
    words: list[TranscriptionWord] | None = None


class TurnEndParams(TypedDict):
    """`TurnEnd` as a dictionary."""

    transcript: str
    request_id: str
    type: Literal["turn.end"]
    words: NotRequired[list[TranscriptionWordParams] | None]


TurnEvent: TypeAlias = TurnStart | TurnUpdate | TurnEagerEnd | TurnResume | TurnEnd
"""What happens in a conversation, told apart by `type`."""

TurnEventParams: TypeAlias = (
    TurnStartParams | TurnUpdateParams | TurnEagerEndParams | TurnResumeParams | TurnEndParams
)
"""`TurnEvent` as a dictionary."""

TurnMessage: TypeAlias = TurnConnected | TurnEvent
"""All that a server sends but errors, told apart by `type`."""

TurnMessageParams: TypeAlias = TurnConnectedParams | TurnEventParams
"""`TurnMessage` as a dictionary."""


class TurnConfig(WireModel):
    """When turns start and end; what is absent stays as it is.

    Attributes:
        start_threshold: probability of a voice from which on a turn starts or goes on, 0.5 to 0.9.
        eager_end_threshold: below this probability that the speaker goes on, the turn may be over;
            0.3 to 0.8.
        end_threshold: below this one it is over, 0.05 to 0.5.
        end_timeout_ms: milliseconds of silence after which it is over in any case, 640 to 11200.
    """

    start_threshold: float | None = None
    eager_end_threshold: float | None = None
    end_threshold: float | None = None
    end_timeout_ms: float | None = None


class TurnConfigParams(TypedDict):
    """`TurnConfig` as a dictionary."""

    start_threshold: NotRequired[float | None]
    eager_end_threshold: NotRequired[float | None]
    end_threshold: NotRequired[float | None]
    end_timeout_ms: NotRequired[float | None]


class TurnConfigCommand(WireModel):
    """Change when turns start and end, from the audio that follows on.

    Attributes:
        turn: what changes.
        type: always ``config``.
    """

    turn: TurnConfig
    type: Literal["config"] = "config"


class TurnConfigCommandParams(TypedDict):
    """`TurnConfigCommand` as a dictionary."""

    turn: TurnConfigParams
    type: Literal["config"]


class TurnCloseCommand(WireModel):
    """End the turn that is open, if one is, with all audio so far; then close the socket.

    Attributes:
        type: always ``close``.
    """

    type: Literal["close"] = "close"


class TurnCloseCommandParams(TypedDict):
    """`TurnCloseCommand` as a dictionary."""

    type: Literal["close"]


TurnCommand: TypeAlias = TurnConfigCommand | TurnCloseCommand
"""What a client sends besides audio, told apart by `type`."""

TurnCommandParams: TypeAlias = TurnConfigCommandParams | TurnCloseCommandParams
"""`TurnCommand` as a dictionary."""
