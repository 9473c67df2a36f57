"""Output formats by the names that 2.x gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartesia.core.api_error import InvalidArgumentError

if TYPE_CHECKING:
    from cartesia.wire.tts import OutputFormat_RawParams

_FORMATS = {
    **{f"raw_pcm_f32le_{rate}": ("pcm_f32le", rate) for rate in (44100, 24000, 22050, 16000, 8000)},
    **{f"raw_pcm_s16le_{rate}": ("pcm_s16le", rate) for rate in (44100, 24000, 22050, 16000, 8000)},
    "raw_pcm_mulaw_8000": ("pcm_mulaw", 8000),
    "raw_pcm_alaw_8000": ("pcm_alaw", 8000),
}


class OutputFormatMapping:
    """Headerless output formats by name, as ``raw_pcm_s16le_24000``."""

    @classmethod
    def get_format(cls, format_name: str) -> OutputFormat_RawParams:
        """The format of that name, ready to be sent.

        Raises:
            InvalidArgumentError: there is none; the text lists those there are.
        """
        if format_name not in _FORMATS:
            accepted = ", ".join(_FORMATS)
            raise InvalidArgumentError(
                f"Unsupported format: {format_name}; accepted are {accepted}"
            )
        encoding, sample_rate = _FORMATS[format_name]
        return {"container": "raw", "encoding": encoding, "sample_rate": sample_rate}
