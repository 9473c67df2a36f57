import pytest

from cartesia_server.app import create_app
from cartesia_server.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hush", "database_url: got an unknown kind, accepted: a URL such as sqlite:///"),
        ("nosuch://user:hush@host/voices", "database_url: got an unknown kind, accepted: "),
        ("mssql+pymssql://user:hush@host/voices", "database_url: .* missing: pymssql"),
    ],
)
def test_a_database_that_cannot_work_is_refused_at_once_without_its_password(url, said):
    with pytest.raises(SettingsError, match=said) as refusal:
        create_app(Settings(database_url=url))
    assert "hush" not in str(refusal.value)


def test_making_an_application_touches_no_disk(tmp_path):
    create_app(Settings(data_dir=tmp_path / "data"))
    create_app(Settings(database_url=f"sqlite:///{tmp_path}/voices.db"))
    assert list(tmp_path.iterdir()) == []
