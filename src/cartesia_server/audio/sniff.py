"""Which bytes begin a container, told without decoding them.

A decoder's own probing also guesses on headerless samples, and happily finds an MP3 in noise; this
says yes only on a signature, so that headerless audio of a named encoding stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass

_SIGNATURES: tuple[tuple[int, bytes], ...] = (
    (0, b"fLaC"),
    (0, b"OggS"),
    (0, b"ID3"),
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska and WebM
    (4, b"ftyp"),  # MP4, M4A, 3GP, QuickTime
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (0, b".snd"),
    (0, b"caff"),
    (0, b"#!AMR"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),  # ASF: WMA, WMV
    (0, b"FLV\x01"),
    (0, b"\x00\x00\x01\xba"),  # MPEG program stream
    (0, b"wvpk"),
    (0, b"MAC "),
    (0, b"TTA1"),
    (0, b"riff\x2e\x91\xcf\x11"),  # Sony Wave64
)
_FORMS: tuple[tuple[bytes, tuple[bytes, ...]], ...] = (
    (b"RIFF", (b"WAVE", b"AVI ")),
    (b"RF64", (b"WAVE",)),
    (b"RIFX", (b"WAVE",)),
    (b"FORM", (b"AIFF", b"AIFC")),
)
_MPEG_TS_PACKET = 188


def is_container(head: bytes) -> bool:
    """Whether a file that begins with `head` (give at least 4 KiB) is a container of media."""
    if any(head.startswith(signature, at) for at, signature in _SIGNATURES):
        return True
    if any(head.startswith(outer) and head[8:12] in inner for outer, inner in _FORMS):
        return True
    if head[::_MPEG_TS_PACKET][:4] == b"GGGG":
        return True
    return _is_frame_chain(head)


def _is_frame_chain(head: bytes) -> bool:
    """Whether bare MPEG audio or AAC begins here: three headers, each where the last one says."""
    first = at = 0
    for position in range(3):
        frame = _frame(head[at : at + 7])
        if frame is None:
            return False
        if position == 0:
            first = frame.kind
        if frame.kind != first:
            return False
        at += frame.length
    return True


@dataclass(frozen=True, slots=True)
class _Frame:
    kind: int  # version, layer and sample rate: constant within a stream
    length: int


_MPEG1_KBITS = {
    1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_MPEG2_KBITS = {
    1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    3: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MPEG1_RATES = (44_100, 48_000, 32_000)


def _frame(header: bytes) -> _Frame | None:
    """Parse the header of an MPEG audio frame (ISO 11172-3) or an ADTS frame (ISO 13818-7)."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer_bits = header[1] >> 3 & 3, header[1] >> 1 & 3
    if layer_bits == 0:
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        is_adts = header[1] & 0xF0 == 0xF0 and length >= 7
        return _Frame(kind=header[1] << 8 | header[2] & 0xFC, length=length) if is_adts else None
    bitrate_index, rate_index = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate_index == 3 or bitrate_index in (0, 15):
        return None
    layer = 4 - layer_bits
    kbits = (_MPEG1_KBITS if version == 3 else _MPEG2_KBITS)[layer][bitrate_index - 1]
    rate = _MPEG1_RATES[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    padding = header[2] >> 1 & 1
    if layer == 1:
        length = (12_000 * kbits // rate + padding) * 4
    else:
        samples = 576 if layer == 3 and version != 3 else 1152
        length = samples // 8 * kbits * 1000 // rate + padding
    return _Frame(kind=header[1] << 8 | rate_index, length=length)
