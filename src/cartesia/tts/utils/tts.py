"""Functions of 2.x around text to speech."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartesia.tts.utils.types import OutputFormatMapping
from cartesia.tts.utils.wav import join_wavs, read_wav

if TYPE_CHECKING:
    from cartesia.wire.tts import OutputFormat_RawParams


def get_output_format(output_format_name: str) -> OutputFormat_RawParams:
    """A headerless output format by its name, as ``raw_pcm_s16le_24000``.

    Raises:
        ValueError: if there is none; the text lists those there are.
    """
    return OutputFormatMapping.get_format(output_format_name)


def concat_audio_segments(
    left: bytes | None, infill: bytes, right: bytes | None, format: str = "wav"
) -> bytes:
    """Put audio files one after the other.

    WAV files that differ in sample rate, channels or bits are brought to the highest of each.

    Args:
        left: what comes first; None or empty to leave it out.
        infill: what comes in the middle.
        right: what comes last; None or empty to leave it out.
        format: ``wav``, ``mp3`` or ``raw``.

    Raises:
        ValueError: if `format` is another one, or the files are not of that format, or WAV files
            that differ are written in other ways than PCM and 32-bit floating point.
    """
    parts = {"left": left, "infill": infill, "right": right}
    given = {name: audio for name, audio in parts.items() if audio}
    if format == "wav":
        return join_wavs([read_wav(name, audio) for name, audio in given.items()])
    if format == "mp3":
        return b"".join(_mp3_frames(name, audio) for name, audio in given.items())
    if format == "raw":
        return b"".join(given.values())
    raise ValueError(f"format: got {format!r}; accepted are 'wav', 'mp3' and 'raw'")


# --- mp3 ------------------------------------------------------------------------------------------

_MPEG1_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2_KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = (44100, 48000, 32000)


def _mp3_frames(name: str, audio: bytes) -> bytes:
    """The sound of an MP3 file: no tags at either end, no frame that tells the file's length."""
    if audio[:3] == b"ID3" and len(audio) >= 10:
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(audio[6:10], (21, 14, 7, 0), strict=True)
        )
        audio = audio[10 + size :]
    if audio[-128:-125] == b"TAG":
        audio = audio[:-128]
    length = _mp3_frame_length(audio)
    if not length:
        raise ValueError(f"{name}: expected an MP3 file, got {len(audio)} other bytes")
    first = audio[:length]
    return audio[length:] if b"Xing" in first or b"Info" in first else audio


def _mp3_frame_length(audio: bytes) -> int:
    """Bytes of the frame that `audio` begins with, or 0 if it begins with none."""
    if len(audio) < 4 or audio[0] != 0xFF or audio[1] & 0xE6 != 0xE2:  # sync word, layer III
        return 0
    version, bit_rate, sample_rate = audio[1] >> 3 & 3, audio[2] >> 4, audio[2] >> 2 & 3
    if version == 1 or bit_rate in (0, 15) or sample_rate == 3:
        return 0
    halvings = {3: 0, 2: 1, 0: 2}[version]  # MPEG 1, 2 and 2.5
    kbits = (_MPEG2_KBITS if halvings else _MPEG1_KBITS)[bit_rate]
    rate = _SAMPLE_RATES[sample_rate] >> halvings
    return (72 if halvings else 144) * kbits * 1000 // rate + (audio[2] >> 1 & 1)
