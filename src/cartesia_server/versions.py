"""What differs between versions of the API, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cartesia_server.errors import ErrorStyle, FieldError

DEFAULT = "2024-11-13"
"""Assumed where a request names no version: OpenAI's clients never do."""

OPENAI_PATHS = ("/v1/", "/audio/", "/models")
"""How the paths begin that clients of OpenAI's API call; they name no version."""


def error_style(path: str, version: ApiVersion) -> ErrorStyle:
    """The form in which the caller of a path reads what is wrong."""
    return ErrorStyle.OPENAI if path.startswith(OPENAI_PATHS) else version.error_style


@dataclass(frozen=True)
class ApiVersion:
    """The version that a request asked for; versions between two known ones act as the older.

    Attributes:
        date: the version's name, ``YYYY-MM-DD``.
    """

    date: str = DEFAULT

    @classmethod
    def parse(cls, text: str | None) -> ApiVersion:
        """Read a ``Cartesia-Version``; None and empty mean the default.

        Raises:
            FieldError: it is no date.
        """
        if not text:
            return cls()
        try:
            return cls(date.fromisoformat(text).isoformat())
        except ValueError:
            raise FieldError("Cartesia-Version", text, f"a date such as {DEFAULT}") from None

    @property
    def error_style(self) -> ErrorStyle:
        """The form of an HTTP error's body: text, and JSON in the newer versions."""
        return ErrorStyle.STRUCTURED if self.date >= "2026-03-01" else ErrorStyle.TEXT

    @property
    def first_flush_id(self) -> int:
        """What segments of a context are counted from.

        Clients of 2024-11-13 keep a list of segments and use the id as its index.
        """
        return 1 if self.date >= "2025-04-16" else 0

    @property
    def sse_ends_with_done(self) -> bool:
        """Whether an event stream ends with a ``done`` event.

        Programs written for 2024-11-13 take every event for audio.
        """
        return self.date >= "2025-04-16"

    @property
    def transcripts_carry_spaces(self) -> bool:
        """Whether final transcripts are joined as they are: all but the first begin with a space.

        Programs written for older versions put a space between them and want none around them.
        """
        return self.date >= "2026"
