"""The frame in front of an MP3 that tells how much of its beginning and end is padding.

Layout as in the LAME project's "Mp3 Info Tag revision 1" and its forerunner, the Xing header.
"""

from __future__ import annotations

import struct

_BIT_RATES = {  # kbit/s by bit rate index, for layer III
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG-1
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG-2
    0: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG-2.5
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}

_HAS_FRAMES, _HAS_BYTES = 1, 2

_UNKNOWN_SIZE = 0xFFFFFFFF
"""Stands in for the stream's size: without a count of frames or bytes decoders take the Info frame
for audio."""


def info_frame(like: bytes, *, delay: int, padding: int, frames: int | None) -> bytes:
    """Make an Info frame for a mono stream of constant bit rate.

    Args:
        like: any frame of the stream.
        delay: samples that the encoder put in front of the audio.
        padding: samples that it put behind it; 0 if that is not known.
        frames: frames that follow this one; None if that is not known.
    """
    header = bytearray(like[:4])
    header[2] &= ~0x02  # without a padding byte, so that the length follows from the rates
    version = header[1] >> 3 & 3
    side_info = 17 if version == 3 else 9
    count = (_HAS_BYTES, _UNKNOWN_SIZE) if frames is None else (_HAS_FRAMES, frames)
    tag = struct.pack(">4sII", b"Info", *count) + _lame_tag(delay, padding)
    frame = (bytes(header) + bytes(side_info) + tag).ljust(_frame_length(header), b"\0")
    checksum_at = 4 + side_info + len(tag) - 2
    checksum = struct.pack(">H", _crc16(frame[:checksum_at]))
    return frame[:checksum_at] + checksum + frame[checksum_at + 2 :]


def _lame_tag(delay: int, padding: int) -> bytes:
    """36 bytes: the encoder's name, 12 bytes on tuning, delay and padding, 12 bytes on the rest."""
    return b"LAME3.100" + bytes(12) + (delay << 12 | padding).to_bytes(3, "big") + bytes(12)


def _frame_length(header: bytearray) -> int:
    version = header[1] >> 3 & 3
    bit_rate = 1000 * _BIT_RATES[version][header[2] >> 4]
    sample_rate = _SAMPLE_RATES[version][header[2] >> 2 & 3]
    return (144 if version == 3 else 72) * bit_rate // sample_rate


def _crc16(data: bytes) -> int:
    """CRC-16 with the polynomial 0x8005, bits reflected, as the tag has it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
