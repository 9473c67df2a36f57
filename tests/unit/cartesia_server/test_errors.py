import json
import logging

import pytest
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from cartesia.wire.tts import TtsRequest
from cartesia_server.audio.errors import AudioError
from cartesia_server.engines.base import Cancelled
from cartesia_server.engines.weights import WeightsError
from cartesia_server.errors import (
    ErrorStyle,
    FieldError,
    NoRoom,
    NotOffered,
    Overloaded,
    ServerError,
    TooLarge,
    Unauthorized,
    answer_to,
    as_server_error,
    error_event,
    error_response,
    invalid_field,
)
from cartesia_server.scale.pool import Busy
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.clone import ClipError
from cartesia_server.voices.library import BuiltInVoiceError, VoiceFieldError
from cartesia_server.voices.schema import StoreError, StoreUnavailable
from cartesia_server.voices.space import EmbeddingError

SPEECH = (
    '{"model_id": "m", "transcript": "t", "voice": {"id": "v"}, '
    '"output_format": {"container": "mp3", "sample_rate": 8000, "bit_rate": 32000}'
)


def test_field_error_names_field_value_and_what_is_accepted():
    error = FieldError("output_format.sample_rate", 40, (8000, 16000))
    assert error.message == "output_format.sample_rate: got 40, accepted: 8000, 16000"
    assert FieldError("voice", None, "an id").message == "voice: got nothing, accepted: an id"


def test_long_values_are_shortened():
    assert len(FieldError("transcript", "x" * 10_000, "less").message) < 150


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (Busy(2.0), 429, "waiting"),
        (Cancelled(), 503, "stopped"),
        (AudioError("file", "is empty", "audio"), 400, "file: is empty; accepted: audio"),
        (HTTPException(404), 404, "/openapi.json"),
        (HTTPException(405, headers={"Allow": "POST"}), 405, "accepts POST"),
        (HTTPException(400, "There was an error parsing the body"), 400, "parsing the body"),
        (TooLarge("body"), 413, "body"),
        (ZeroDivisionError("secret detail"), 500, "request id"),
    ],
)
def test_every_exception_has_a_meaning_to_the_caller(error, status, text):
    answer = as_server_error(error)
    assert answer.status == status
    assert text in answer.message
    assert "secret" not in answer.message


def answered(error, style):
    return error_response(error, style=style, request_id="r", doc_url="http://here/openapi.json")


def test_old_versions_get_text():
    response = answered(FieldError("speed", "warp", ("slow",)), ErrorStyle.TEXT)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert response.body == b"Invalid request: speed: got 'warp', accepted: slow"


def test_new_versions_get_json():
    error = FieldError("model_id", "x", "sonic-2", code="model_not_found")
    response = answered(error, ErrorStyle.STRUCTURED)
    assert json.loads(bytes(response.body)) == {
        "error_code": "model_not_found",
        "title": "Invalid request",
        "message": "model_id: got 'x', accepted: sonic-2",
        "request_id": "r",
        "doc_url": "http://here/openapi.json",
    }


def test_clients_of_openai_get_json_of_their_own():
    error = FieldError("voice", "x", "alloy", code="voice_not_found")
    told = json.loads(bytes(answered(error, ErrorStyle.OPENAI).body))
    assert told == {
        "error": {
            "message": "voice: got 'x', accepted: alloy",
            "type": "invalid_request_error",
            "param": "voice",
            "code": "voice_not_found",
        }
    }
    told = json.loads(bytes(answered(ServerError("broken"), ErrorStyle.OPENAI).body))
    assert (told["error"]["type"], told["error"]["param"]) == ("server_error", None)


def test_what_is_not_offered_is_not_tried_again():
    assert answered(NotOffered("none"), ErrorStyle.TEXT).headers["x-should-retry"] == "false"
    assert "x-should-retry" not in answered(ServerError("broken"), ErrorStyle.TEXT).headers


@pytest.mark.parametrize("style", ErrorStyle)
def test_overload_says_when_to_come_back(style):
    response = answered(Overloaded("full", retry_after=1.2), style)
    assert response.headers["retry-after"] == "2"
    assert "retry-after" not in answered(Unauthorized("no"), style).headers


def test_event_has_the_fields_of_all_versions():
    event = error_event(ServerError("broken"), request_id="r", context_id="c").dict()
    assert event["error"] == event["message"] == "broken"
    assert event["title"] == "Internal error"
    assert (event["type"], event["done"], event["status_code"]) == ("error", True, 500)
    assert (event["context_id"], event["request_id"]) == ("c", "r")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", "model_id: got nothing, accepted: a value; this field is required"),
        ("[", "body: got 'EOF while parsing a list at line 1 column 1', accepted: a JSON object"),
        ('{"model_id": 7}', "model_id: got 7, accepted: text"),
        (f'{SPEECH}, "speed": [1]}}', "speed: got [1], accepted: 'slow', 'normal' or 'fast'"),
        (f'{SPEECH}, "duration": "x"}}', "duration: got 'x', accepted: a number"),
        (f'{SPEECH}, "save": "x"}}', "save: got 'x', accepted: true or false"),
        (
            f'{SPEECH}, "generation_config": 1}}',
            "generation_config: got 1, accepted: an object",
        ),
        (
            '{"model_id": "m", "transcript": "t", "voice": {"id": "v"}, "output_format": {}}',
            "output_format.container: got nothing, accepted: 'raw' or 'wav' or 'mp3'",
        ),
    ],
)
def test_complaints_of_the_wire_are_put_in_our_words(body, message):
    with pytest.raises(ValidationError) as complaint:
        TtsRequest.model_validate_json(body)
    assert invalid_field(complaint.value).message == message


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (VoiceFieldError("name", "", "a name"), 400, "name: got '', accepted: a name"),
        (EmbeddingError("embedding: got 3 numbers"), 400, "embedding: got 3 numbers"),
        (ClipError("clip: got 0.2 s of sound"), 400, "clip: got 0.2 s of sound"),
        (StoreError("the database has version 99"), 500, "the database has version 99"),
        (StoreUnavailable("the database is away"), 503, "the database is away"),
        (
            WeightsError("/models/x is no Piper voice"),
            500,
            "a model that this needs cannot be used; the server's log says why",
        ),
    ],
)
def test_what_voices_refuse_is_told_as_it_is(error, status, message):
    answer = as_server_error(error)
    assert (answer.status, answer.message) == (status, message)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (WeightsError("/models/x is no Piper voice"), "/models/x is no Piper voice"),
        (
            StoreUnavailable("it is away", "/data/voices.db: full; make room"),
            "/data/voices.db: full",
        ),
        (NoRoom("/tmp: full; make room"), "/tmp: full; make room"),
    ],
)
def test_the_log_says_what_an_operator_can_do(error, reason, caplog):
    answer = answer_to(error, "a-request")
    (line,) = caplog.records
    assert (line.request_id, line.message) == ("a-request", "request failed")
    assert line.reason.startswith(reason)
    assert reason not in answer.message
    assert line.exc_info is None  # an outage fails many requests, each of which is told


def test_the_log_has_the_exception_where_it_says_more(caplog):
    answer_to(RuntimeError("nobody foresaw this"), "a-request")
    caplog.set_level(logging.DEBUG, "cartesia_server")
    answer_to(StoreUnavailable("it is away"), "a-request")
    assert [line.exc_info[0] for line in caplog.records] == [RuntimeError, StoreUnavailable]


def test_built_in_voices_are_forbidden_ground():
    grace = Catalogue.load().find("Grace")
    assert grace is not None
    answer = as_server_error(BuiltInVoiceError(grace))
    assert answer.status == 403
    assert "Grace" in answer.message
