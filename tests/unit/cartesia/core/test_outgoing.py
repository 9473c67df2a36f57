from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from cartesia.core.api_error import ApiResponseError, InvalidArgumentError
from cartesia.core.client_config import ClientConfig, Timeouts
from cartesia.core.endpoint import Request
from cartesia.core.outgoing import Outgoing, prepare, redirected
from cartesia.core.request_options import settle
from cartesia.wire.tts import Controls, GenerationConfig, OutputFormat_Raw, TtsRequestIdSpecifier

CONFIG = ClientConfig("http://host/api", api_key="sk-1", headers={"X-Mine": "1"})


def build(request: Request, **options: Any) -> Outgoing:
    given: Any = options
    return prepare(request, CONFIG, settle(CONFIG, given, timeout=Timeouts.of(60)))


def test_settings_of_client_and_call_are_added() -> None:
    outgoing = build(
        Request("GET", "voices/", query={"limit": 5, "gender": None}),
        additional_headers={"x-mine": "2", "X-API-Key": None, "X-Number": 3},
        additional_query_parameters={"limit": 6, "q": "a&b"},
        timeout_in_seconds=2,
    )
    assert outgoing.url == "http://host/api/voices/?limit=6&q=a%26b"
    assert outgoing.headers == {
        "Accept": "*/*",
        "Cartesia-Version": "2024-11-13",
        "x-mine": "2",
        "X-Number": "3",
    }
    assert (outgoing.content, outgoing.timeout) == (b"", Timeouts.of(2))


def test_json_holds_messages_and_dictionaries_under_their_wire_names() -> None:
    controls = Controls(speed="fast", emotion=["anger:low"])
    body = {
        "voice": TtsRequestIdSpecifier(id="v", experimental_controls=controls),
        "others": [{"id": "w", "experimental_controls": {"speed": 0.5}}],
        "output_format": OutputFormat_Raw(encoding="pcm_s16le", sample_rate=8000),
        "language": None,
        "continue_": True,
    }
    outgoing = build(
        Request("POST", "tts/bytes", json=body), additional_body_parameters={"extra": {"a": (1,)}}
    )
    assert outgoing.headers["Content-Type"] == "application/json"
    assert json.loads(outgoing.content) == {
        "voice": {
            "mode": "id",
            "id": "v",
            "__experimental_controls": {"speed": "fast", "emotion": ["anger:low"]},
        },
        "others": [{"id": "w", "__experimental_controls": {"speed": 0.5}}],
        "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": 8000},
        "language": None,
        "continue": True,
        "extra": {"a": [1]},
    }


def test_a_form_holds_fields_lists_and_files() -> None:
    request = Request(
        "POST",
        "stt",
        form={"model": "m", "tags[]": ["a", "b"], "none": None, "yes": True},
        files={"file": b"sound"},
    )
    outgoing = build(request, additional_body_parameters={"voice": {"id": "v"}})
    text = outgoing.content.decode()
    for part in (
        'name="model"\r\n\r\nm\r\n',
        'name="tags[]"\r\n\r\na\r\n',
        'name="tags[]"\r\n\r\nb\r\n',
        'name="none"\r\n\r\n\r\n',
        'name="yes"\r\n\r\ntrue\r\n',
        'name="voice[id]"\r\n\r\nv\r\n',
        'name="file"; filename="upload"\r\nContent-Type: application/octet-stream\r\n\r\nsound\r\n',
    ):
        assert part in text
    assert outgoing.headers["Content-Type"].startswith("multipart/form-data; boundary=")


def test_body_parameters_make_a_body() -> None:
    outgoing = build(Request("DELETE", "voices/v"), additional_body_parameters={"a": 1})
    assert outgoing.content == b'{"a":1}'


def test_an_array_is_sent_as_a_list() -> None:
    vector = np.array([0.5, -1.0], dtype=np.float32)
    sent = build(Request("POST", "voices/", json={"embedding": vector, "speed": vector[0]}))
    assert json.loads(sent.content) == {"embedding": [0.5, -1.0], "speed": 0.5}


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"^voice\.id: got <object .*accepted are text"):
        build(Request("POST", "tts/bytes", json={"transcript": "a", "voice": {"id": object()}}))


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (Request("GET", "voices", query={"q": "\udce9"}), r"q: got '\\udce9', which"),
        (
            Request("POST", "stt", form={"model": "\udce9"}, files={"file": b"sound"}),
            "model: got .*, which",
        ),
        (Request("POST", "tts/bytes", json={"transcript": "\udce9"}), "transcript: got .*, which"),
        (Request("POST", "stt", files={"file": "\udce9"}), "an argument"),
    ],
)
def test_what_is_no_text_is_refused(request_: Request, field: str) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^{field} cannot be written in UTF-8"):
        build(request_)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("place", "field"),
    [
        (lambda number: {"json": {"duration": number}}, "duration"),
        (lambda number: {"json": {"embedding": [0.0, 1.0, number]}}, r"embedding\.2"),
        (lambda number: {"json": {"embedding": np.array([number])}}, r"embedding\.0"),
        (lambda number: {"json": {"g": GenerationConfig(speed=number)}}, r"g\.speed"),
        (lambda number: {"form": {"speed": number}}, "speed"),
        (lambda number: {"query": {"limit": number}}, "limit"),
    ],
)
def test_numbers_that_json_has_no_word_for_are_refused(
    place: Any, field: str, number: float
) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^{field}: got .*accepted is a finite number"):
        build(Request("POST", "tts/bytes", **place(number)))


def test_words_that_look_like_such_numbers_are_sent() -> None:
    sent = build(Request("POST", "tts/bytes", json={"transcript": "NaN, Infinity"}))
    assert json.loads(sent.content) == {"transcript": "NaN, Infinity"}


@pytest.mark.parametrize("headers", [{"X-Note": "a\nb"}, {"X-Note": "é"}, {"X\r\nA": "b"}])
def test_what_a_header_cannot_hold_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidArgumentError, match=r"header .* got characters"):
        build(Request("GET", ""), additional_headers=headers)


def test_what_creates_is_repeatable_only_with_an_idempotency_key() -> None:
    creating = Request("POST", "voices/", json={}, creates=True)
    assert build(Request("POST", "voices/", json={})).repeatable
    assert not build(creating).repeatable
    assert build(creating, additional_headers={"idempotency-key": "k"}).repeatable


def outgoing(url: str, method: str = "POST") -> Outgoing:
    headers = {"X-API-Key": "sk", "authorization": "b", "Content-Type": "t", "A": "1"}
    return Outgoing(method, url, headers, b"body", Timeouts.of(60), repeatable=True)


@pytest.mark.parametrize(
    ("start", "location", "url", "keeps_key"),
    [
        ("http://h/a", "/b?c=1", "http://h/b?c=1", True),
        ("http://h/a/b", "c", "http://h/a/c", True),
        ("http://h/a", "http://h:80/b", "http://h:80/b", False),
        ("http://h/a", "https://h/b", "https://h/b", True),
        ("https://h/a", "http://h/b", "http://h/b", False),
        ("http://h:8000/a", "https://h/b", "https://h/b", False),
        ("http://h/a", "//evil/b", "http://evil/b", False),
        ("http://h:1/a", "http://h:2/a", "http://h:2/a", False),
    ],
)
def test_the_key_stays_with_its_server(
    start: str, location: str, url: str, keeps_key: bool
) -> None:
    there = redirected(outgoing(start), 307, location)
    assert there.url == url
    assert ("X-API-Key" in there.headers) == ("authorization" in there.headers) == keeps_key
    assert there.headers["A"] == "1"


@pytest.mark.parametrize(
    ("status", "method", "becomes"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "PATCH", "GET"),
        (301, "PATCH", "PATCH"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
    ],
)
def test_methods_change_as_in_browsers(status: int, method: str, becomes: str) -> None:
    there = redirected(outgoing("http://h/a", method), status, "/b")
    assert there.method == becomes
    assert there.content == (b"" if becomes == "GET" else b"body")
    assert ("Content-Type" in there.headers) == (becomes != "GET")


@pytest.mark.parametrize(
    "location", ["ftp://h/a", "https://", "mailto:me", "http://[::1", "/\xe9", "//h:0/"]
)
def test_a_redirect_to_nowhere_is_an_error(location: str) -> None:
    with pytest.raises(ApiResponseError, match="is no address") as caught:
        redirected(outgoing("http://h/a"), 302, location)
    assert caught.value.status_code == 302
