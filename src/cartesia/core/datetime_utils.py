"""Times as the API writes them."""

from __future__ import annotations

import datetime as dt


def serialize_datetime(v: dt.datetime) -> str:
    """A time in ISO 8601 with its offset; ``Z`` for UTC. A time without a zone is local time."""
    aware = v if v.tzinfo is not None else v.astimezone()
    text = aware.isoformat()
    return f"{text.removesuffix('+00:00')}Z" if aware.utcoffset() == dt.timedelta(0) else text
