"""The log: one JSON object a line, for people with ``jq`` and for collectors."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone

PREPARATION = logging.getLogger("cartesia_server.preparation")
"""Tells of models before they are prepared for this machine, which is long work, done once."""

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def log_preparation(model: str) -> None:
    """Log, at level info, that a model is about to be prepared."""
    PREPARATION.info("preparing %s for this machine, once; this takes some seconds", model)


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON: time, level, logger, message, then what was passed as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Format `record` as one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)
