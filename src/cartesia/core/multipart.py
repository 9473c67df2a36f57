"""Multipart forms (RFC 7578), as bytes that can be sent any number of times."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from .file import Upload

# As the HTML standard asks: what would end the name or the line is percent-encoded.
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def encode_multipart(
    fields: Iterable[tuple[str, str]],
    files: Mapping[str, Upload],
    *,
    boundary: str | None = None,
) -> tuple[str, bytes]:
    """Encode a form.

    Args:
        fields: Names and values of the text parts, in order; a name may occur again.
        files: File parts by name; they come last.
        boundary: Between the parts; random by default.

    Returns:
        The content type, and the body.
    """
    boundary = boundary or os.urandom(16).hex()
    parts: list[bytes] = []
    for name, value in fields:
        head = f'Content-Disposition: form-data; name="{name.translate(_ESCAPES)}"'
        parts.append(_part(boundary, [head], value.encode()))
    for name, upload in files.items():
        head = (
            f'Content-Disposition: form-data; name="{name.translate(_ESCAPES)}"; '
            f'filename="{upload.name.translate(_ESCAPES)}"'
        )
        further = [f"{key}: {value}" for key, value in upload.headers.items()]
        lines = [head, f"Content-Type: {upload.content_type}", *further]
        parts.append(_part(boundary, lines, upload.content))
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return f"multipart/form-data; boundary={boundary}", body


def _part(boundary: str, head: list[str], content: bytes) -> bytes:
    lines = "\r\n".join([f"--{boundary}", *head, "", ""])
    # The name of a file may hold bytes that are no UTF-8; nobody needs them to read the file.
    return b"".join([lines.encode(errors="replace"), content, b"\r\n"])
