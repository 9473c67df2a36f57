"""What a server says of its surroundings before it serves."""

from __future__ import annotations

import errno
import logging
import socket

import pytest

from cartesia_server.main import Server, check_database, listen, prepare_process
from cartesia_server.settings import Settings, SettingsError
from tests.contract.scripted import scripted_engines


@pytest.fixture
def said(caplog, monkeypatch):
    """What is logged; the process that serves is this one, so its log is left as it was."""
    for name in ("cartesia_server", "uvicorn", "python_multipart"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
    monkeypatch.setattr("sys.setswitchinterval", lambda _seconds: None)
    yield caplog
    logging.getLogger("cartesia_server").setLevel(logging.NOTSET)


def test_a_variable_that_is_misspelt_is_told(said, monkeypatch):
    monkeypatch.setenv("CARTESIA_APIKEYS", "hush")
    prepare_process(Settings(log_level="warning"))
    (message,) = said.messages
    assert message.startswith("CARTESIA_APIKEYS is no setting of this server, and without effect;")
    assert message.endswith("is CARTESIA_API_KEYS meant?")


def test_a_folder_that_cannot_keep_voices_is_told_before_somebody_makes_one(said, tmp_path):
    (tmp_path / "file").write_text("")
    check_database(Settings(data_dir=tmp_path / "file"))
    (message,) = said.messages
    assert message.startswith(
        f"voices and dictionaries of users cannot be kept: {tmp_path}/file/voices.db: "
    )
    assert "CARTESIA_DATA_DIR" in message


def test_a_folder_that_can_is_made_in_silence(said, tmp_path):
    check_database(Settings(data_dir=tmp_path / "data"))
    assert (tmp_path / "data" / "voices.db").exists()
    assert said.messages == []


def test_a_proxy_lets_go_of_unused_connections_before_the_server_does():
    settings = Settings(port=0)
    with listen(settings) as listening:
        server = Server(settings, scripted_engines(), listening)
    assert server.config.timeout_keep_alive > 60


def test_an_address_of_another_machine_is_refused_with_what_to_give():
    with pytest.raises(
        SettingsError, match=r"cannot listen on 192\.0\.2\.1:8000: .*; give an addr"
    ):
        listen(Settings(host="192.0.2.1"))


def test_a_port_that_needs_privileges_is_refused_with_what_to_give(monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", forbidden)
    with pytest.raises(SettingsError, match="Permission denied; give a port from 1024 on"):
        listen(Settings(port=80))
