from __future__ import annotations

from email import message_from_bytes
from typing import Any

from cartesia.core.file import Upload
from cartesia.core.multipart import encode_multipart


def parts(content_type: str, body: bytes) -> list[Any]:
    """What a parser that is not ours reads."""
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    return list(message.get_payload())


def test_another_parser_reads_every_part() -> None:
    sound = bytes(range(256)) + b"\r\n--x\r\n"
    content_type, body = encode_multipart(
        [("name", "Zoë"), ("tags[]", "a"), ("tags[]", "b"), ("empty", "")],
        {"clip": Upload("a.wav", sound, "audio/wav", {"X-Note": "1"})},
    )
    *texts, file = parts(content_type, body)
    assert [
        (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        for part in texts
    ] == [
        ("name", "Zoë".encode()),
        ("tags[]", b"a"),
        ("tags[]", b"b"),
        ("empty", b""),
    ]
    assert file.get_filename() == "a.wav"
    assert file.get_content_type() == "audio/wav"
    assert file["X-Note"] == "1"
    assert sound in body


def test_the_bytes_are_those_of_the_standard() -> None:
    upload = Upload('a"\r\nb', b"x", "audio/wav", {})
    content_type, body = encode_multipart([("n", "v")], {"f": upload}, boundary="B")
    assert content_type == "multipart/form-data; boundary=B"
    assert body == (
        b'--B\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\r\n'
        b'--B\r\nContent-Disposition: form-data; name="f"; filename="a%22%0D%0Ab"\r\n'
        b"Content-Type: audio/wav\r\n\r\nx\r\n--B--\r\n"
    )


def test_boundaries_differ() -> None:
    assert encode_multipart([], {})[0] != encode_multipart([], {})[0]


def test_bytes_in_a_file_name_that_are_no_text_become_question_marks() -> None:
    upload = Upload("caf\udce9.wav", b"x", "audio/wav", {})
    _, body = encode_multipart([], {"clip": upload}, boundary="B")
    assert b'filename="caf?.wav"' in body
