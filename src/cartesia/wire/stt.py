"""Speech to text: ``POST /stt`` and the messages of ``/stt/websocket``."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from typing import Literal, TypeAlias

from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel

SttEncoding: TypeAlias = (
    Literal["pcm_s16le", "pcm_s32le", "pcm_f16le", "pcm_f32le", "pcm_mulaw", "pcm_alaw"] | str
)
"""How headerless samples are encoded; values unknown here pass."""

TimestampGranularity: TypeAlias = Literal["word"] | str
"""What gets times in a transcription; values unknown here pass."""


class TranscriptionWord(WireModel):
    """A word and when it is heard.

    Attributes:
        word: the word as written, punctuation attached.
        start: seconds from the start of the audio.
        end: seconds from the start of the audio.
    """

    word: str
    start: float
    end: float


class TranscriptionWordParams(TypedDict):
    """`TranscriptionWord` as a dictionary."""

    word: str
    start: float
    end: float


class TranscriptionResponse(WireModel):
    """Answer of ``POST /stt``.

    Attributes:
        text: the whole transcript.
        language: code of the language heard.
        duration: length of the audio, in seconds.
        words: words with times, where they were asked for.
        type: ``transcript`` (later API versions).
        request_id: names this request in the server's log; where the message does not say, as the
            answer's head says.
    """

    text: str
    language: str | None = None
    duration: float | None = None
    words: list[TranscriptionWord] | None = None
    type: str | None = None
    request_id: str | None = None


class TranscriptionResponseParams(TypedDict):
    """`TranscriptionResponse` as a dictionary."""

    text: str
    language: NotRequired[str | None]
    duration: NotRequired[float | None]
    words: NotRequired[list[TranscriptionWordParams] | None]
    type: NotRequired[str | None]
    request_id: NotRequired[str | None]


class TranscriptMessage(WireModel):
    """A stretch of transcript.

    Attributes:
        request_id: one value per connection.
        text: what was heard; may be empty.
        is_final: whether the text is settled; an interim text may change.
        duration: seconds of audio that the text covers.
        language: code of the language heard.
        words: words with times in seconds from the start of the connection's audio.
    """

    request_id: str
    text: str
    is_final: bool
    duration: float | None = None
    language: str | None = None
    words: list[TranscriptionWord] | None = None


class TranscriptMessageParams(TypedDict):
    """`TranscriptMessage` as a dictionary."""

    request_id: str
    text: str
    is_final: bool
    duration: NotRequired[float | None]
    language: NotRequired[str | None]
    words: NotRequired[list[TranscriptionWordParams] | None]


class FlushDoneMessage(WireModel):
    """Everything before a ``finalize`` command is transcribed.

    Attributes:
        request_id: one value per connection.
    """

    request_id: str


class FlushDoneMessageParams(TypedDict):
    """`FlushDoneMessage` as a dictionary."""

    request_id: str


class DoneMessage(WireModel):
    """The last message, in answer to ``done`` or ``close``.

    Attributes:
        request_id: one value per connection.
    """

    request_id: str


class DoneMessageParams(TypedDict):
    """`DoneMessage` as a dictionary."""

    request_id: str


class ErrorMessage(WireModel):
    """Something went wrong.

    Attributes:
        message: what, and what to do about it.
        request_id: one value per connection.
        error: the same as `message`, under its oldest name.
        title: a few words for the kind of error (later API versions).
        status_code: an HTTP status (later API versions).
        code: the same as `status_code`, under the name that LiveKit reads.
        error_code: stable identifier of the kind of error (later API versions).
        doc_url: where the error is explained (later API versions).
    """

    message: str
    request_id: str | None = None
    error: str | None = None
    title: str | None = None
    status_code: int | None = None
    code: int | None = None
    error_code: str | None = None
    doc_url: str | None = None


class ErrorMessageParams(TypedDict):
    """`ErrorMessage` as a dictionary."""

    message: str
    request_id: NotRequired[str | None]
    error: NotRequired[str | None]
    title: NotRequired[str | None]
    status_code: NotRequired[int | None]
    code: NotRequired[int | None]
    error_code: NotRequired[str | None]
    doc_url: NotRequired[str | None]


class StreamingTranscriptionResponse_Transcript(TranscriptMessage):
    """`TranscriptMessage` as it travels.

    Attributes:
        type: always ``transcript``.
    """

    type: Literal["transcript"] = "transcript"


class StreamingTranscriptionResponse_TranscriptParams(TranscriptMessageParams):
    """`StreamingTranscriptionResponse_Transcript` as a dictionary."""

    type: Literal["transcript"]


class StreamingTranscriptionResponse_FlushDone(FlushDoneMessage):
    """`FlushDoneMessage` as it travels.

    Attributes:
        type: always ``flush_done``.
    """

    type: Literal["flush_done"] = "flush_done"


class StreamingTranscriptionResponse_FlushDoneParams(FlushDoneMessageParams):
    """`StreamingTranscriptionResponse_FlushDone` as a dictionary."""

    type: Literal["flush_done"]


class StreamingTranscriptionResponse_Done(DoneMessage):
    """`DoneMessage` as it travels.

    Attributes:
        type: always ``done``.
    """

    type: Literal["done"] = "done"


class StreamingTranscriptionResponse_DoneParams(DoneMessageParams):
    """`StreamingTranscriptionResponse_Done` as a dictionary."""

    type: Literal["done"]


class StreamingTranscriptionResponse_Error(ErrorMessage):
    """`ErrorMessage` as it travels.

    Attributes:
        type: always ``error``.
    """

    type: Literal["error"] = "error"


class StreamingTranscriptionResponse_ErrorParams(ErrorMessageParams):
    """`StreamingTranscriptionResponse_Error` as a dictionary."""

    type: Literal["error"]


StreamingTranscriptionResponse: TypeAlias = (
    StreamingTranscriptionResponse_Transcript
    | StreamingTranscriptionResponse_FlushDone
    | StreamingTranscriptionResponse_Done
    | StreamingTranscriptionResponse_Error
)
"""Any message of ``/stt/websocket``, told apart by `type`."""

StreamingTranscriptionResponseParams: TypeAlias = (
    StreamingTranscriptionResponse_TranscriptParams
    | StreamingTranscriptionResponse_FlushDoneParams
    | StreamingTranscriptionResponse_DoneParams
    | StreamingTranscriptionResponse_ErrorParams
)
"""`StreamingTranscriptionResponse` as a dictionary."""
