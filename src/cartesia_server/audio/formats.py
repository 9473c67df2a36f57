"""In what form audio leaves the server."""

from __future__ import annotations

from dataclasses import dataclass

CONTAINERS = ("raw", "wav", "mp3")
ENCODINGS = ("pcm_f32le", "pcm_s16le", "pcm_mulaw", "pcm_alaw")
SAMPLE_RATES = (8000, 16000, 22050, 24000, 44100, 48000)
BIT_RATES = (32000, 64000, 96000, 128000, 192000)

MEDIA_TYPES = {
    "raw": "audio/pcm",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
}
"""By container; those after the third are for clients of OpenAI's API."""


@dataclass(frozen=True)
class AudioFormat:
    """A form of audio that this server can make.

    Attributes:
        container: a key of `MEDIA_TYPES`.
        sample_rate: in Hz, one of `SAMPLE_RATES`.
        encoding: of each sample in raw and wav, one of `ENCODINGS`.
        bit_rate: of mp3, opus and aac, in bits per second; of mp3 one of `BIT_RATES`. At 24 kHz
            and below mp3 ends at 160 kbit/s, at 8 kHz at 64; more is rounded down to that.
    """

    container: str
    sample_rate: int
    encoding: str = "pcm_s16le"
    bit_rate: int = 128000

    @property
    def tells_length(self) -> bool:
        """Whether its beginning says how long it is, where that is known."""
        return self.container in ("wav", "mp3")

    @property
    def media_type(self) -> str:
        """The MIME type of the container."""
        return MEDIA_TYPES[self.container]
