"""In what form audio is wanted."""

# No `from __future__ import annotations`: see cartesia.wire.auth.
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator
from typing_extensions import NotRequired, TypedDict

from cartesia.wire.base import WireModel, choose_by
from cartesia.wire.tts.values import RawEncoding


class RawOutputFormat(WireModel):
    """Headerless samples.

    Attributes:
        encoding: encoding of each sample.
        sample_rate: samples a second: 8000, 16000, 22050, 24000, 44100 or 48000.
        bit_rate: accepted and ignored.
    """

    encoding: RawEncoding
    sample_rate: int
    bit_rate: int | None = None


class RawOutputFormatParams(TypedDict):
    """`RawOutputFormat` as a dictionary."""

    encoding: RawEncoding
    sample_rate: int
    bit_rate: NotRequired[int | None]


class WavOutputFormat(RawOutputFormat):
    """Samples behind a WAV header.

    Its fields are those of `RawOutputFormat`.
    """


class WavOutputFormatParams(RawOutputFormatParams):
    """`WavOutputFormat` as a dictionary."""


class Mp3OutputFormat(WireModel):
    """MP3.

    Attributes:
        sample_rate: samples a second: 8000, 16000, 22050, 24000, 44100 or 48000.
        bit_rate: bits a second: 32000, 64000, 96000, 128000 or 192000.
    """

    sample_rate: int
    bit_rate: int


class Mp3OutputFormatParams(TypedDict):
    """`Mp3OutputFormat` as a dictionary."""

    sample_rate: int
    bit_rate: int


class OutputFormat_Raw(RawOutputFormat):
    """`RawOutputFormat` as it travels.

    Attributes:
        container: always ``raw``.
    """

    container: Literal["raw"] = "raw"


class OutputFormat_RawParams(RawOutputFormatParams):
    """`OutputFormat_Raw` as a dictionary."""

    container: Literal["raw"]


class OutputFormat_Wav(WavOutputFormat):
    """`WavOutputFormat` as it travels.

    Attributes:
        container: always ``wav``.
    """

    container: Literal["wav"] = "wav"


class OutputFormat_WavParams(WavOutputFormatParams):
    """`OutputFormat_Wav` as a dictionary."""

    container: Literal["wav"]


class OutputFormat_Mp3(Mp3OutputFormat):
    """`Mp3OutputFormat` as it travels.

    Attributes:
        container: always ``mp3``.
    """

    container: Literal["mp3"] = "mp3"


class OutputFormat_Mp3Params(Mp3OutputFormatParams):
    """`OutputFormat_Mp3` as a dictionary."""

    container: Literal["mp3"]


OutputFormat: TypeAlias = OutputFormat_Raw | OutputFormat_Wav | OutputFormat_Mp3
"""The forms of ``/tts/bytes``, told apart by `container`."""

OutputFormatParams: TypeAlias = (
    OutputFormat_RawParams | OutputFormat_WavParams | OutputFormat_Mp3Params
)
"""`OutputFormat` as a dictionary."""

OutputFormatField: TypeAlias = Annotated[
    OutputFormat,
    BeforeValidator(
        choose_by(
            "container", {"raw": OutputFormat_Raw, "wav": OutputFormat_Wav, "mp3": OutputFormat_Mp3}
        )
    ),
]
"""`OutputFormat` as a field of a request."""


class SseOutputFormat(WireModel):
    """The form of ``/tts/sse``: headerless samples.

    Attributes:
        container: always ``raw``.
        encoding: encoding of each sample.
        sample_rate: samples a second: 8000, 16000, 22050, 24000, 44100 or 48000.
    """

    container: Literal["raw"] = "raw"
    encoding: RawEncoding
    sample_rate: int


class SseOutputFormatParams(TypedDict):
    """`SseOutputFormat` as a dictionary."""

    container: Literal["raw"]
    encoding: RawEncoding
    sample_rate: int


class WebSocketRawOutputFormat(WireModel):
    """The form of ``/tts/websocket``: headerless samples.

    Attributes:
        container: always ``raw``.
        encoding: encoding of each sample.
        sample_rate: samples a second: 8000, 16000, 22050, 24000, 44100 or 48000.
    """

    container: Literal["raw"] = "raw"
    encoding: RawEncoding
    sample_rate: int


class WebSocketRawOutputFormatParams(TypedDict):
    """`WebSocketRawOutputFormat` as a dictionary."""

    container: Literal["raw"]
    encoding: RawEncoding
    sample_rate: int
