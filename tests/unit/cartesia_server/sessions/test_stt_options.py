"""What the queries of sockets ask for."""

import pytest
from starlette.datastructures import QueryParams

from cartesia_server.errors import FieldError
from cartesia_server.sessions.stt_options import TurnOptions
from tests.contract.scripted import ScriptedTranscription

QUERY = "model=ink-2&encoding=pcm_s16le&sample_rate=16000"


def read(more=""):
    return TurnOptions.read(QueryParams(QUERY + more), ScriptedTranscription.capabilities)


def test_a_query_may_set_everything():
    options = read("&turn_start_threshold=0.7&turn_end_timeout_ms=3000&keyterm=a+b&keyterm=Ink%202")
    assert options.turn == {"start_threshold": 0.7, "end_timeout_ms": 3000.0}
    assert options.listening.keyterms == ("a b", "Ink 2")
    assert options.listening.context == "a b, Ink 2."
    assert options.listening.language == "en"


def test_what_is_absent_or_empty_is_not_set():
    options = read("&turn_end_threshold=")
    assert options.turn == {}
    assert options.listening.context == ""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("&turn_end_threshold=0.6", r"turn_end_threshold: got '0.6', accepted: a number from 0.05"),
        ("&turn_end_threshold=nan", "turn_end_threshold: got 'nan'"),
        ("&turn_start_threshold=high", "turn_start_threshold: got 'high', accepted: a number"),
        ("&turn_end_timeout_ms=0", "turn_end_timeout_ms: got '0', accepted: a number from 640"),
        (
            "&turn_eager_end_threshold=0.4&turn_end_threshold=0.45",
            r"turn_end_threshold: got 0.45, accepted: a number below turn_eager_end_threshold",
        ),
        ("&language=tlh", "language: got 'tlh', accepted: en, es"),
    ],
)
def test_the_first_unusable_value_is_refused_by_name(more, message):
    with pytest.raises(FieldError, match=f"^{message}"):
        read(more)
