"""What is wrong with a request is said by name, and nobody else notices it."""

from typing import Any

import httpx
import pytest

from cartesia_server.settings import Settings
from tests.contract.conftest import RAW, speech_request

BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"transcript": ""}, "transcript empty or contains only punctuation"),
    ({"transcript": " ... !?"}, "transcript empty or contains only punctuation"),
    ({"transcript": "😀"}, "transcript empty or contains only punctuation"),
    ({"transcript": '<speed ratio="1.2"/>'}, "transcript empty or contains only punctuation"),
    ({"transcript": None}, "transcript: got nothing"),
    ({"transcript": 7}, "transcript: got 7"),
    ({"transcript": "word " * 1000}, "transcript: got 5000 characters, accepted: at most 2000"),
    ({"model_id": "sonnet"}, "model_id: got 'sonnet', accepted: sonic-turbo, sonic-2"),
    ({"model_id": ""}, "model_id: got ''"),
    ({"model_id": None}, "model_id: got nothing"),
    ({"voice": {"id": "nobody"}}, "voice.id: got 'nobody', accepted: an id that GET /voices"),
    ({"voice": {"id": ""}}, "voice.id: got ''"),
    ({"voice": {}}, "voice.id: got nothing"),
    ({"voice": None}, "voice: got nothing"),
    ({"voice": {"mode": "embedding", "embedding": [1.0]}}, "voice.embedding: got 1 numbers"),
    ({"language": "xx"}, "language: got 'xx', accepted: en-US, en-GB, es"),
    ({"locale": "es", "language": "es"}, "locale: got 'es', accepted: either"),
    ({"output_format": None}, "output_format: got nothing"),
    ({"output_format": {**RAW, "encoding": "pcm_s24le"}}, "output_format.encoding: got 'pcm_s24"),
    (
        {"output_format": {**RAW, "sample_rate": 40}},
        "output_format.sample_rate: got 40, accepted: ",
    ),
    ({"output_format": {**RAW, "sample_rate": "x"}}, "output_format.sample_rate: got 'x'"),
    ({"output_format": {**RAW, "container": "ogg"}}, "output_format.container: got 'ogg'"),
    ({"speed": "warp"}, "speed: got 'warp', accepted: slow, normal, fast"),
    ({"speed": 9.0}, "speed: got 9.0, accepted: 0.6 to 1.5"),
    ({"generation_config": {"speed": 2}}, "generation_config.speed: got 2.0, accepted: 0.6 to 1.5"),
    ({"generation_config": {"volume": 0}}, "generation_config.volume: got 0.0"),
    ({"duration": -1}, "duration: got -1.0"),
    ({"duration": "long"}, "duration: got 'long', accepted: a number"),
    ({"language": 7}, "language: got 7, accepted: 'en', 'fr'"),
    ({"generation_config": "fast"}, "generation_config: got 'fast', accepted: an object"),
    (
        {"voice": {"id": "grace", "__experimental_controls": {"speed": "warp"}}},
        "voice.__experimental_controls.speed: got 'warp', accepted: slowest",
    ),
    ({"max_buffer_delay_ms": 100}, "max_buffer_delay_ms: got 100"),
]


@pytest.fixture(scope="module")
def settings():
    return Settings(threads=1, max_text_chars=2000, max_body_bytes=20_000)


@pytest.mark.parametrize("path", ["/tts/bytes", "/tts/sse"])
def test_is_refused_by_name_and_harms_nobody(http, path):
    """All on one server, which must answer correctly to the end."""
    for changes, message in BAD_FIELDS:
        answer = http.post(path, json=speech_request(**changes))
        assert answer.status_code in (400, 413), changes
        assert message in answer.text, changes
        title, _, said = answer.text.partition(": ")
        assert title in ("Invalid request", "Request too large")
        assert said.startswith(message), changes
    assert http.post(path, json=speech_request()).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"a":' * 3000])
def test_malformed_json(http, body):
    answer = http.post("/tts/bytes", content=body)
    assert answer.status_code == 400
    assert answer.text.startswith("Invalid request: body: ")
    assert http.get("/").status_code == 200


def test_body_over_the_limit_is_refused_without_reading_it(http):
    def endless():
        for _ in range(10_000):
            yield b" " * 1000

    try:
        answer = http.post("/tts/bytes", content=endless())
        assert answer.status_code == 413
    except httpx.WriteError:
        pass  # the server hung up while this client still wrote, as it should
    assert http.post("/tts/bytes", json=speech_request()).status_code == 200


def test_declared_length_over_the_limit_is_refused(http):
    answer = http.post("/tts/bytes", json=speech_request(novelty="x" * 30_000))
    assert answer.status_code == 413
    assert "at most 20000 bytes" in answer.text


def test_socket_refuses_each_by_name_and_stays_open(dial):
    only_http = (
        "transcript: got nothing",  # the same as an empty one here
        "output_format.container: got 'ogg'",
        "max_buffer_delay_ms: got 100",
    )
    with dial() as socket:
        for number, (changes, message) in enumerate(BAD_FIELDS):
            if message in only_http:
                continue
            context_id = f"bad-{number}"
            socket.send(context_id=context_id, **speech_request(**changes))
            (error,) = socket.receive_context(context_id)
            assert error["type"] == "error", changes
            assert error["status_code"] in (400, 413)
            assert message in error["error"], changes
            assert error["message"] == error["error"]
            assert error["request_id"]
        socket.send(context_id="good", **speech_request())
        assert socket.receive_context("good")[-1]["type"] == "done"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ('{"context_id": "a", "x": [' + "[]," * 6000 + "[]]}", "message: got some 12004 values"),
        ('{"context_id": "a", "x": "' + "x" * 20_000 + '"}', "bytes, accepted: at most 20000"),
    ],
)
def test_a_message_that_would_hold_others_up_is_not_read(dial, frame, message):
    with dial() as socket:
        socket.raw.send(frame)
        error = socket.receive()
        assert (error["type"], error["status_code"], error["context_id"]) == ("error", 413, "a")
        assert message in error["error"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (b"\x00\x01", "message: got 'a binary frame', accepted: a text frame"),
        ("hello", "message: got "),
        ("[1]", "message: got [1], accepted: a JSON object"),
        ('{"context_id": 7}', "context_id: got 7, accepted: text"),
        (f'{{"context_id": "{"x" * 1001}"}}', "accepted: at most 1000 characters"),
        ('{"a":' * 3000, "message: got "),
    ],
)
def test_frame_that_is_no_request_is_refused_and_the_socket_survives(dial, frame, message):
    with dial() as socket:
        socket.raw.send(frame)
        error = socket.receive()
        assert (error["type"], error["status_code"], error["done"]) == ("error", 400, True)
        assert message in error["error"]
        socket.send(context_id="good", **speech_request())
        assert socket.receive_context("good")[-1]["type"] == "done"


@pytest.mark.parametrize(
    ("frame", "context_id"),
    [
        ('{"context_id": "a", "transcript": "one', "a"),
        ('{"transcript": "one",\n "context_id" : "b \\"c\\"",}', 'b "c"'),
        ('{"transcript": "say \\"context_id\\": \\"no\\"", }', None),
        ('{"context_id": "a"}', "a"),
        ('{"context_id": "a", "transcript": "Hi."}', "a"),
        ('{"context_id": "a", "transcript": 7}', "a"),
    ],
)
def test_an_error_names_the_context_of_its_message_wherever_that_can_be_read(
    dial, frame, context_id
):
    with dial() as socket:
        socket.raw.send(frame)
        error = socket.receive()
        assert (error["type"], error["status_code"]) == ("error", 400)
        assert error.get("context_id") == context_id


def test_a_message_that_is_no_json_ends_the_context_it_names(dial):
    with dial() as socket:
        socket.send(**{**speech_request(transcript="wait"), "context_id": "a", "continue": True})
        socket.raw.send('{"context_id": "a", "transcript": "and')
        assert socket.receive_context("a")[-1]["type"] == "error"
        socket.send(context_id="good", **speech_request())
        assert socket.receive_context("good")[-1]["type"] == "done"


def test_id_of_another_kind_concerns_no_context(dial, engine):
    with dial() as socket:
        socket.send(context_id="", **speech_request(transcript="one wait three"))
        assert socket.receive()["type"] == "chunk"
        socket.send(context_id=7)
        assert socket.receive()["error"] == "context_id: got 7, accepted: text"
        engine.going.set()
        assert socket.receive_context("")[-1]["type"] == "done"


@pytest.mark.parametrize("delay", [-1, 5001, "soon", 1.5, True])
def test_buffer_delay_out_of_range_is_refused(dial, delay):
    with dial() as socket:
        socket.send(context_id="c", max_buffer_delay_ms=delay, **speech_request())
        (error,) = socket.receive_context("c")
        assert "max_buffer_delay_ms: got" in error["error"]
        assert "0 to 5000" in error["error"]


@pytest.mark.parametrize("field", ["continue", "flush", "cancel"])
def test_switch_of_another_kind_is_refused(dial, field):
    with dial() as socket:
        socket.send(context_id="c", **{field: "yes"}, **speech_request())
        (error,) = socket.receive_context("c")
        assert f"{field}: got 'yes', accepted: true or false" in error["error"]
