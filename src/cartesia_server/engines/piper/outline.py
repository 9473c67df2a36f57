"""Whether a file is a whole ONNX file, by its outline: without reading the network in it.

ONNX files are Protocol Buffers: fields one after the other, each a key and a number, or a key, a
length and so many bytes. The network is one field of a few.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

_NUMBER, _BYTES = 0, 2  # types of fields; a model has no others
_GRAPH = 7  # number of the field that has the network
_LONGEST = 10  # bytes of a number


def is_whole(path: Path) -> bool:
    """Whether a file is an ONNX file and all of it is there; reads some dozen bytes.

    Raises:
        OSError: it cannot be read.
    """
    fields = set()
    with path.open("rb") as file:
        left = size = file.seek(0, io.SEEK_END)
        file.seek(0)
        while left > 0:
            key, value = _number(file), _number(file)
            if key is None or value is None or key % 8 not in (_NUMBER, _BYTES):
                return False
            left = size - file.tell()
            if key % 8 == _BYTES:
                left -= value
                file.seek(min(value, size), io.SEEK_CUR)
            fields.add(key // 8)
    return left == 0 and _GRAPH in fields


def _number(file: BinaryIO) -> int | None:
    """The number that is next in a file, seven bits to a byte, the lowest first, if one is."""
    number = 0
    for place in range(_LONGEST):
        byte = file.read(1)
        if not byte:
            return None
        number |= (byte[0] & 0x7F) << 7 * place
        if byte[0] < 0x80:
            return number
    return None
