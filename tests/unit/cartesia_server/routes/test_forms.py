import io

import pytest
from starlette.datastructures import FormData, UploadFile

from cartesia_server.errors import FieldError
from cartesia_server.routes.forms import file_field, parse_cursor, parse_switch, text_field
from cartesia_server.voices.records import Cursor

FILE = UploadFile(io.BytesIO(b"sound"), filename="clip.wav")
FORM = FormData([("name", "Ada"), ("empty", ""), ("clip", FILE)])


def test_text_is_read_and_empty_is_absent():
    assert text_field(FORM, "name") == "Ada"
    assert text_field(FORM, "empty") is text_field(FORM, "absent") is None
    with pytest.raises(FieldError, match="clip: got 'a file', accepted: text"):
        text_field(FORM, "clip")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", "got 'Ada', accepted: an uploaded file, a part with a filename: wav"),
        ("absent", "got nothing, accepted: an uploaded file: wav"),
    ],
)
def test_a_file_is_a_file(field, said):
    assert file_field(FORM, "clip", "wav") is FILE.file
    with pytest.raises(FieldError, match=f"{field}: {said}"):
        file_field(FORM, field, "wav")


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("false", False), ("", None), (None, None)]
)
def test_switches_are_on_off_or_absent(text, value):
    assert parse_switch("enhance", text) is value


@pytest.mark.parametrize("text", ["1", "True", "yes"])
def test_other_words_are_no_switch(text):
    with pytest.raises(FieldError, match=f"enhance: got '{text}', accepted: true, false"):
        parse_switch("enhance", text)


def test_a_cursor_says_where_a_page_lies():
    assert parse_cursor({}) == parse_cursor({"limit": "", "starting_after": ""}) == Cursor()
    given = {"limit": "7", "starting_after": "a", "ending_before": "b"}
    assert parse_cursor(given) == Cursor(7, "a", "b")


@pytest.mark.parametrize("text", ["0", "101", "-1", "x", "1.0", "\u0663", "9" * 5000])
def test_a_page_has_a_limit(text):
    with pytest.raises(FieldError, match=r"limit: got '.*, accepted: 1 to 100"):
        parse_cursor({"limit": text})
