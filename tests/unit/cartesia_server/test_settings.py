import os
import sys
from pathlib import Path

import pytest

from cartesia_server.settings import Settings, SettingsError, unknown_variables


def test_constructor_wins_over_environment_and_environment_over_default(monkeypatch):
    monkeypatch.setenv("CARTESIA_PORT", "9001")
    monkeypatch.setenv("CARTESIA_HOST", "0.0.0.0")

    settings = Settings(port=9002)

    assert settings.port == 9002
    assert settings.host == "0.0.0.0"
    assert settings.speech_engine == "kokoro"


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("CARTESIA_API_KEYS", "one, two,", "api_keys", ("one", "two")),
        ("CARTESIA_MODEL_DIR", "/", "model_dir", Path("/")),
        ("CARTESIA_FALLBACK_LANGUAGE", "Yes", "fallback_language", True),
        ("CARTESIA_FALLBACK_LANGUAGE", "0", "fallback_language", False),
        ("CARTESIA_CONTEXT_EXPIRY", "2.5", "context_expiry", 2.5),
        ("CARTESIA_CLONE_REFINEMENT", "60", "clone_refinement", 60.0),
        ("CARTESIA_SHUTDOWN_DELAY", "15", "shutdown_delay", 15.0),
        ("CARTESIA_LOG_LEVEL", "DEBUG", "log_level", "debug"),
        ("CARTESIA_PORT", " ", "port", 8000),
    ],
)
def test_environment_is_parsed(monkeypatch, variable, text, field, value):
    monkeypatch.setenv(variable, text)
    assert getattr(Settings(), field) == value


@pytest.mark.parametrize(
    ("variable", "accepted"),
    [
        ("CARTESIA_PORT", "a whole number"),
        ("CARTESIA_IDLE_TIMEOUT", "a number"),
        ("CARTESIA_FALLBACK_LANGUAGE", "true or false"),
    ],
)
def test_unreadable_environment_names_the_variable(monkeypatch, variable, accepted):
    monkeypatch.setenv(variable, "maybe")
    with pytest.raises(SettingsError, match=f"{variable}: got 'maybe', accepted: {accepted}"):
        Settings()


def test_commas_alone_open_no_server_to_everybody(monkeypatch):
    monkeypatch.setenv("CARTESIA_API_KEYS", " , ,")
    with pytest.raises(SettingsError, match="CARTESIA_API_KEYS: got a value, accepted: one or"):
        Settings()


@pytest.mark.parametrize(
    "values",
    [
        {"port": 70000},
        {"threads": 0},
        {"context_expiry": 0.0},
        {"clone_refinement": -1.0},
        {"clone_refinement": 601.0},
        {"shutdown_delay": -1.0},
        {"shutdown_delay": float("nan")},
        {"log_level": "loud"},
    ],
)
def test_impossible_values_are_refused_by_name(values):
    (name,) = values
    with pytest.raises(SettingsError, match=f"{name}: got .*, accepted: "):
        Settings(**values)


def test_a_key_needs_its_certificate():
    with pytest.raises(SettingsError, match="ssl_certfile: got None, accepted: the certificate"):
        Settings(ssl_keyfile=Path("key.pem"))


def test_a_folder_of_models_that_is_not_there_is_no_folder_without_models(tmp_path):
    assert Settings(model_dir=tmp_path).model_dir == tmp_path
    with pytest.raises(SettingsError, match="model_dir: got nowhere, accepted: a folder that"):
        Settings(model_dir=Path("nowhere"))


def test_keys_stay_out_of_the_repr():
    assert "hush" not in repr(Settings(api_keys=("hush",)))


def test_a_database_url_stays_out_of_the_repr():
    assert "hush" not in repr(Settings(database_url="postgresql://user:hush@host/voices"))


def test_secrets_may_be_kept_in_files(monkeypatch, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("one,two\n")
    monkeypatch.setenv("CARTESIA_API_KEYS_FILE", str(keys))
    assert Settings().api_keys == ("one", "two")
    assert "two" not in repr(Settings())
    monkeypatch.setenv("CARTESIA_API_KEYS", "three")
    with pytest.raises(SettingsError, match="CARTESIA_API_KEYS_FILE: got both") as refusal:
        Settings()
    assert "three" not in str(refusal.value)


def test_a_file_without_a_secret_opens_no_server_to_everybody(monkeypatch, tmp_path):
    monkeypatch.setenv("CARTESIA_API_KEYS_FILE", str(tmp_path / "keys"))
    with pytest.raises(SettingsError, match=r"CARTESIA_API_KEYS_FILE: .*keys cannot be read"):
        Settings()
    (tmp_path / "keys").write_text("\n")
    with pytest.raises(SettingsError, match=r"CARTESIA_API_KEYS_FILE: .*keys is empty"):
        Settings()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows the folders without a home")
def test_a_user_without_a_home_is_told_which_folders_to_name(monkeypatch, tmp_path):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("CARTESIA_CACHE_DIR", "CARTESIA_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(SettingsError, match=r"cache_dir: .* set CARTESIA_CACHE_DIR to a folder"):
        Settings()
    monkeypatch.setenv("CARTESIA_CACHE_DIR", str(tmp_path))
    with pytest.raises(SettingsError, match=r"data_dir: .* set CARTESIA_DATA_DIR to a folder"):
        Settings()
    monkeypatch.setenv("CARTESIA_DATA_DIR", str(tmp_path))
    assert Settings().data_dir == tmp_path


def test_variables_that_are_no_settings_are_found():
    names = ["CARTESIA_APIKEYS", "CARTESIA_API_KEYS", "CARTESIA_API_KEY", "CARTESIA_API_KEYS_FILE"]
    assert unknown_variables([*names, "CARTESIA_PORT_FILE", "PORT"]) == [
        "CARTESIA_APIKEYS",
        "CARTESIA_PORT_FILE",
    ]
