from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from cartesia.core.api_error import InvalidArgumentError
from cartesia.core.file import (
    convert_file_dict_to_httpx_tuples,
    read_upload,
    with_content_type,
)


def test_bytes_and_text_have_no_name() -> None:
    for content in (b"sound", "sound", bytearray(b"sound"), memoryview(b"sound")):
        upload = read_upload("clip", content)  # type: ignore[arg-type]
        assert upload == ("upload", b"sound", "application/octet-stream", {})


def test_a_file_is_read_from_its_start_and_left_open(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(b"sound")
    with path.open("rb") as file:
        file.read(3)
        upload = read_upload("clip", file)
        assert not file.closed
    assert (upload.name, upload.content) == ("clip.wav", b"sound")
    assert upload.content_type in ("audio/x-wav", "audio/wav")
    assert read_upload("clip", path) == upload


def test_what_cannot_seek_is_read_from_where_it_is() -> None:
    class Pipe:
        def read(self) -> bytes:
            return b"sound"

    assert read_upload("clip", Pipe()).content == b"sound"  # type: ignore[arg-type]


def test_a_name_that_is_a_number_is_no_name(tmp_path: Path) -> None:
    with (
        (tmp_path / "x").open("wb+") as file,
        open(file.fileno(), "rb", closefd=False) as by_number,
    ):
        assert read_upload("clip", by_number).name == "upload"


def test_tuples_say_name_type_and_headers() -> None:
    assert read_upload("clip", ("a.mp3", b"x")) == ("a.mp3", b"x", "audio/mpeg", {})
    assert read_upload("clip", (None, b"x", "audio/wav"))[:3] == ("upload", b"x", "audio/wav")
    whole = ("a", io.BytesIO(b"x"), None, {"X-A": "1"})
    assert read_upload("clip", whole) == ("a", b"x", "application/octet-stream", {"X-A": "1"})


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (7, "clip: got int"),
        (None, "clip: got NoneType"),
        ((b"x",), "clip: got a tuple of 1"),
        (("a", b"x", "t", {}, 5), "clip: got a tuple of 5"),
        (io.StringIO("text"), "clip: got a file opened for text"),
    ],
)
def test_anything_else_is_refused_by_name(file: Any, text: str) -> None:
    with pytest.raises(InvalidArgumentError, match=text):
        read_upload("clip", file)


@pytest.mark.parametrize("name", ["hello.wav", "../a b/talk.mp4", "C:\\clips\\talk.flac"])
def test_the_name_of_a_file_is_not_sent_as_its_content(name: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"clip: got the text .* give pathlib\.Path"):
        read_upload("clip", name)
    assert read_upload("clip", f"RIFF\n{name}").content == f"RIFF\n{name}".encode()


def test_a_path_that_is_not_there_is_the_usual_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_upload("clip", tmp_path / "missing.wav")


def test_a_content_type_can_be_added() -> None:
    assert with_content_type(file=b"x", default_content_type="a/b") == (None, b"x", "a/b")
    assert with_content_type(file=("n", b"x"), default_content_type="a/b") == ("n", b"x", "a/b", {})
    given = with_content_type(file=("n", b"x", "c/d"), default_content_type="a/b")
    assert given == ("n", b"x", "c/d", {})


def test_files_by_name_become_pairs() -> None:
    assert convert_file_dict_to_httpx_tuples({"a": b"1", "b": [b"2", b"3"]}) == [
        ("a", b"1"),
        ("b", b"2"),
        ("b", b"3"),
    ]
