"""Fields of multipart forms and of queries, read one at a time."""

from __future__ import annotations

from typing import BinaryIO

from starlette.datastructures import FormData, UploadFile

from cartesia_server.errors import FieldError


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
    if not isinstance(value, UploadFile):
        raise FieldError(field, value, f"an uploaded file: {accepted}")
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
