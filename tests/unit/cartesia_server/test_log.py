import json
import logging
import sys

from cartesia_server.log import JsonFormatter
from cartesia_server.main import _log_to_stderr


def formatted(**options):
    record = logging.LogRecord(
        "cartesia_server.x", logging.INFO, "x.py", 1, "said %s", ("ü",), None
    )
    vars(record).update(options)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_line_is_an_object_with_what_was_passed_along():
    line = formatted(request_id="r", status=200)
    assert line["message"] == "said ü"
    assert (line["level"], line["logger"]) == ("info", "cartesia_server.x")
    assert (line["request_id"], line["status"]) == ("r", 200)
    assert set(line) == {"time", "level", "logger", "message", "request_id", "status"}


def test_exception_is_part_of_the_line():
    try:
        raise ZeroDivisionError("why")
    except ZeroDivisionError:
        line = formatted(exc_info=sys.exc_info())
    assert "ZeroDivisionError: why" in line["exception"]


def test_values_that_json_lacks_are_written_as_text():
    assert formatted(path=frozenset({1}))["path"] == "frozenset({1})"


def test_libraries_log_as_the_server_does(monkeypatch, capsys):
    for name in ("cartesia_server", "uvicorn", "python_multipart"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
    ours = logging.getLogger("cartesia_server")
    level = ours.level
    try:
        _log_to_stderr("warning")
        for name in ("cartesia_server.front", "uvicorn.error", "python_multipart.multipart"):
            logging.getLogger(name).warning("odd")
    finally:
        ours.setLevel(level)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["logger"].split(".")[0] for line in lines] == [
        "cartesia_server",
        "uvicorn",
        "python_multipart",
    ]
