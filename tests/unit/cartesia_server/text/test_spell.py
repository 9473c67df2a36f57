import pytest

from cartesia_server.text.spell import spelled


@pytest.mark.parametrize(
    ("word", "language", "names"),
    [
        ("ABC", "en-US", ["A", "B", "C"]),
        ("a1.", "en-US", ["A", "1"]),
        ("AB-12_x@y.z", "en-GB", [*"AB", "dash", *"12", "underscore", "X", "at", "Y", "dot", "Z"]),
        ("(555)-123", "en-US", ["5", "5", "5", "", "1", "2", "3"]),
        ("+1", "en-US", ["plus", "1"]),
        ("é-n", "fr", ["é", "-", "N"]),
        ("हिन्दी", "hi", ["हि", "न्", "दी"]),
        ("...", "en-US", ["dot", "dot", "dot"]),
    ],
)
def test_each_character_has_a_name(word, language, names):
    assert spelled(word, language) == names
