import pytest

from cartesia_server.paths import path_in


@pytest.mark.parametrize(
    ("path", "prefix", "within"),
    [
        ("/voices", "", "/voices"),
        ("/speech/voices", "/speech", "/voices"),
        ("/speech/voices", "/speech/", "/voices"),
        ("/speech", "/speech", "/"),
        ("/speech/", "/speech", "/"),
        ("/speeches", "/speech", "/speeches"),
    ],
)
def test_a_path_is_known_wherever_the_application_is_mounted(path, prefix, within):
    assert path_in({"path": path, "root_path": prefix}) == within
