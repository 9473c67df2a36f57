"""Files to upload, in every form that 2.x takes, read into memory once.

What is sent again after a failure must be what was sent before, so contents are read before the
first attempt, from the start of the file.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from .api_error import InvalidArgumentError

FileContent: TypeAlias = IO[bytes] | bytes | str | os.PathLike[str]
"""An open binary file, its bytes, text, or a path object (a `str` is content, not a path)."""

File: TypeAlias = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""Content alone, or with a file name, a content type and further headers of its part."""

_ACCEPTED = (
    "a file opened with 'rb', bytes, a pathlib.Path, "
    "or a tuple (name, content[, content type[, headers]])"
)

_PATH = re.compile(r"[^\n]{0,1000}[^\n./\\]\.\w{2,4}")
"""What looks like the name of a file, and like no audio."""


class Upload(NamedTuple):
    """A file as it is sent."""

    name: str
    content: bytes
    content_type: str
    headers: Mapping[str, str]


def read_upload(field_name: str, file: File) -> Upload:
    """Read a file completely.

    Args:
        field_name: Names the argument in errors.
        file: In any of the accepted forms. A file object is read from its start where it can
            seek, and is left open.

    Raises:
        InvalidArgumentError: It is none of the accepted forms.
        OSError: It cannot be read.
    """
    name, content, content_type, headers = _parts(field_name, file)
    name = name or _name_of(content) or "upload"
    return Upload(
        name=name,
        content=_bytes_of(field_name, content),
        content_type=content_type or _guess_type(name),
        headers=headers,
    )


def with_content_type(*, file: File, default_content_type: str) -> File:
    """Add a content type to a file that has none of its own."""
    if not isinstance(file, tuple):
        return (None, file, default_content_type)
    name, content, content_type, headers = _parts("file", file)
    return (name, content, content_type or default_content_type, headers)


def convert_file_dict_to_httpx_tuples(
    d: Mapping[str, File | list[File]],
) -> list[tuple[str, File]]:
    """Flatten a mapping of files, or lists of files, into pairs as httpx takes them."""
    pairs: list[tuple[str, File]] = []
    for key, files in d.items():
        pairs.extend((key, file) for file in (files if isinstance(files, list) else [files]))
    return pairs


def _parts(
    field_name: str, file: File
) -> tuple[str | None, FileContent, str | None, Mapping[str, str]]:
    if not isinstance(file, tuple):
        return None, file, None, {}
    if not 2 <= len(file) <= 4:
        raise InvalidArgumentError(
            f"{field_name}: got a tuple of {len(file)}; accepted is {_ACCEPTED}"
        )
    name, content, content_type, headers = (*file, None, None)[:4]
    return name, content, content_type, headers or {}


def _name_of(content: FileContent) -> str | None:
    if isinstance(content, (bytes, str)):
        return None
    # A file made from a descriptor has the number for a name.
    name: Any = getattr(content, "name", None)
    return Path(name).name if isinstance(name, str) else None


def _bytes_of(field_name: str, content: FileContent) -> bytes:
    if isinstance(content, str):
        return _check_content(field_name, content).encode()
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    if isinstance(content, os.PathLike):
        return Path(content).read_bytes()
    read = getattr(content, "read", None)
    if read is None:
        raise InvalidArgumentError(
            f"{field_name}: got {type(content).__name__}; accepted is {_ACCEPTED}"
        )
    # A pipe cannot be rewound, and need not be.
    with contextlib.suppress(AttributeError, OSError):
        content.seek(0)
    data = read()
    if not isinstance(data, bytes):
        raise InvalidArgumentError(
            f"{field_name}: got a file opened for text; accepted is {_ACCEPTED}"
        )
    return data


def _check_content(field_name: str, text: str) -> str:
    """Refuse the name of a file where its content is wanted: 2.x sends text as it is."""
    if _PATH.fullmatch(text):
        raise InvalidArgumentError(
            f"{field_name}: got the text {text!r}, which would be sent as the file's content; "
            f"to send the file of that name, give pathlib.Path({text!r})"
        )
    return text


def _guess_type(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"
