import pytest

from cartesia_server.errors import ErrorStyle, FieldError
from cartesia_server.versions import ApiVersion, error_style


@pytest.mark.parametrize("text", [None, ""])
def test_default_is_the_version_of_the_sdk(text):
    assert ApiVersion.parse(text).date == "2024-11-13"


@pytest.mark.parametrize(
    ("version", "json_errors", "first_flush_id", "done"),
    [
        ("2024-06-10", False, 0, False),
        ("2024-11-13", False, 0, False),
        ("2025-04-16", False, 1, True),
        ("2025-11-04", False, 1, True),
        ("2026-03-01", True, 1, True),
        ("2026-08-14", True, 1, True),
        ("2030-01-01", True, 1, True),
    ],
)
def test_what_differs(version, json_errors, first_flush_id, done):
    parsed = ApiVersion.parse(version)
    assert (parsed.error_style is ErrorStyle.STRUCTURED) is json_errors
    assert parsed.first_flush_id == first_flush_id
    assert parsed.sse_ends_with_done is done


@pytest.mark.parametrize("text", ["latest", "2024-13-01", "20241113T00"])
def test_no_date_is_refused_by_name(text):
    with pytest.raises(FieldError, match="Cartesia-Version: got"):
        ApiVersion.parse(text)


@pytest.mark.parametrize("path", ["/v1/audio/speech", "/audio/transcriptions", "/models"])
@pytest.mark.parametrize("version", ["2024-11-13", "2026-08-14"])
def test_paths_of_openai_speak_its_dialect(path, version):
    assert error_style(path, ApiVersion.parse(version)) is ErrorStyle.OPENAI
    assert error_style("/tts/bytes", ApiVersion.parse(version)) is not ErrorStyle.OPENAI
