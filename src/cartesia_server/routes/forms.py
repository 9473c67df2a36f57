"""Fields of multipart forms and of queries, read one at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

from starlette.datastructures import FormData, UploadFile

from cartesia_server.errors import FieldError
from cartesia_server.voices.records import Cursor

_MOST = 100


def text_field(form: FormData, field: str) -> str | None:
    """A text field; None where it is absent or empty.

    Raises:
        FieldError: it is a file.
    """
    value = form.get(field)
    if isinstance(value, UploadFile):
        raise FieldError(field, "a file", "text")
    return value or None


def file_field(form: FormData, field: str, accepted: str) -> BinaryIO:
    """An uploaded file, open.

    Args:
        form: the form.
        field: name of its field.
        accepted: kinds of file, for the error text.

    Raises:
        FieldError: it is absent, or text.
    """
    value = form.get(field)
    if isinstance(value, str):
        raise FieldError(field, value, f"an uploaded file, a part with a filename: {accepted}")
    if value is None:
        raise FieldError(field, None, f"an uploaded file: {accepted}")
    return value.file


def parse_switch(field: str, text: str | None) -> bool | None:
    """Read ``true`` or ``false``; None and empty text mean that nothing was said.

    Raises:
        FieldError: it is neither.
    """
    if not text:
        return None
    if text not in ("true", "false"):
        raise FieldError(field, text, ("true", "false"))
    return text == "true"


def parse_cursor(given: Mapping[str, str]) -> Cursor:
    """Read ``limit``, ``starting_after`` and ``ending_before``, which say where a page lies.

    Raises:
        FieldError: the limit is no number from 1 to 100.
    """
    return Cursor(
        limit=_limit(given.get("limit")),
        starting_after=given.get("starting_after", "").lower() or None,
        ending_before=given.get("ending_before", "").lower() or None,
    )


def _limit(text: str | None) -> int:
    if not text:
        return _MOST
    # Python reads digits of every script, and refuses to read thousands of them.
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= _MOST:
        raise FieldError("limit", text, f"1 to {_MOST}")
    return int(text)
