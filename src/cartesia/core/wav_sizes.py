"""WAV files that were begun before anybody knew how long they would get.

A server that streams one writes the largest size there is into its header. Once all is there, the
true one can be put in, without which `wave`, editors and players believe in hours of audio.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_HEAD_BYTES = 256
"""More than any header that leaves the size open is long."""

_LARGEST = 0xFFFFFFFF


def with_true_sizes(audio: bytes) -> bytes:
    """The bytes of a whole file, which if it is a WAV file has its true sizes in it."""
    head = audio[:_HEAD_BYTES]
    mended = _mended(head, len(audio))
    return audio if mended == head else mended + audio[_HEAD_BYTES:]


class SizesOfFile:
    """Watches a file being written, and mends it in the end."""

    def __init__(self) -> None:
        self._head = b""
        self._length = 0

    def passed(self, piece: bytes) -> None:
        """Note what was written."""
        self._head += piece[: _HEAD_BYTES - len(self._head)]
        self._length += len(piece)

    def mend(self, file: BinaryIO) -> None:
        """Put the true sizes in, where the file is a WAV file and not a pipe."""
        mended = _mended(self._head, self._length)
        if mended != self._head and file.seekable():
            file.seek(0)
            file.write(mended)


def _mended(head: bytes, length: int) -> bytes:
    """The beginning of a file of `length` bytes, with sizes that are true."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return head
    mended = bytearray(head)
    place, frame, fact = 12, 0, 0
    while place + 8 <= len(head):
        name, size = struct.unpack_from("<4sI", head, place)
        content = place + 8
        if name == b"data":
            if content + size <= length or length > _LARGEST:
                return head
            struct.pack_into("<I", mended, 4, length - 8)
            struct.pack_into("<I", mended, place + 4, length - content)
            if fact and frame:
                struct.pack_into("<I", mended, fact, (length - content) // frame)
            return bytes(mended)
        if name == b"fmt " and content + 14 <= len(head):
            (frame,) = struct.unpack_from("<H", head, content + 12)
        if name == b"fact" and content + 4 <= len(head):
            fact = content
        place = content + size + size % 2
    return head
