"""Why a database cannot be used, and what its operator can do about that."""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

_RESTORE = (
    "it is damaged: stop the server, then put a backup in its place, or move it away to begin with "
    "an empty one"
)
_PERMIT = (
    "let the server's user write this file and its folder, or name another folder in "
    "CARTESIA_DATA_DIR"
)
_REMEDIES = (
    (("malformed", "not a database"), _RESTORE),
    (("full", "no space"), "make room on its disk"),
    (("locked",), "another program holds it: end that one"),
    (
        ("readonly", "read-only", "unable to open", "denied", "not a directory", "file exists"),
        _PERMIT,
    ),
)
"""What to do, by what SQLite or the system says of a file."""


def reason(url: URL, error: Exception) -> str:
    """Which database it is, what it said, and what to do: for logs, not for callers.

    Args:
        url: of the database; its password is left out.
        error: what using it raised.
    """
    said = _said(error)
    if url.get_backend_name() != "sqlite":
        place = url.set(query={}).render_as_string(hide_password=True)
        return f"{place}: {said}; see that it runs and that CARTESIA_DATABASE_URL names it"
    remedies = (do for words, do in _REMEDIES if any(word in said.lower() for word in words))
    return f"{url.database}: {said}; {next(remedies, 'see whether its disk is full, or fails')}"


def _said(error: Exception) -> str:
    """The words of the system or of the database's driver, on one line, without statements."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(cause).split()) or type(cause).__name__
