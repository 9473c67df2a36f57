"""What commands that use the models on this machine tell of them."""

from __future__ import annotations

import json
import logging

import pytest

from cartesia_cli.connection import preparation_told
from cartesia_server.log import log_preparation
from cartesia_server.main import _log_to_stderr


@pytest.fixture
def logger(monkeypatch: pytest.MonkeyPatch) -> logging.Logger:
    """The server's logger, as it is at the start of a process."""
    ours = logging.getLogger("cartesia_server")
    monkeypatch.setattr(ours, "handlers", [])
    monkeypatch.setattr(ours, "level", logging.NOTSET)
    return ours


def test_preparing_a_model_is_told_beside_the_output(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    with preparation_told():
        log_preparation("Kokoro")
    log_preparation("another")
    said = "Preparing Kokoro for this machine, once; this takes some seconds ...\n"
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(("level", "logged"), [("warning", 0), ("info", 1)])
def test_the_log_has_it_at_level_info(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str], level: str, logged: int
) -> None:
    _log_to_stderr(level)
    with preparation_told():
        log_preparation("Kokoro")
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert len(lines) == logged
    assert all(json.loads(line)["message"].startswith("preparing Kokoro") for line in lines)
