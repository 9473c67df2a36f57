import asyncio

import pytest

from cartesia_server.errors import BadRequest, ShuttingDown
from cartesia_server.metrics import Metrics
from cartesia_server.routes.speech_meter import SpeechMeter, outcome_of
from cartesia_server.sessions.speech import SpeechPiece
from tests.unit.cartesia_server.test_metrics import value

NAMED = {"route": "/tts/sse", "engine": "kokoro"}


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def meter(metrics):
    return SpeechMeter(metrics, "/tts/sse", "kokoro")


def test_first_audio_is_the_first_that_is_sent(metrics, meter):
    meter.asked(10, at=1.0)
    meter.made(SpeechPiece(b"header"), now=1.0625)
    meter.made(SpeechPiece(b"", seconds=0.2, step_time=125.0), now=1.125)  # held back
    meter.made(SpeechPiece(b"x", seconds=0.3, step_time=125.0), now=1.25)
    meter.asked(5, at=2.0)
    meter.made(SpeechPiece(b"x", seconds=0.5), now=2.5)
    meter.end("done")
    assert meter.notes == {
        "characters": 15,
        "first_audio": 0.25,
        "audio_seconds": 1.0,
        "ended": "done",
    }
    name = "cartesia_speech_time_to_first_audio_seconds"
    assert value(metrics, f"{name}_count", **NAMED) == 1
    assert value(metrics, f"{name}_sum", **NAMED) == 0.25
    assert value(metrics, "cartesia_speech_audio_seconds_total", engine="kokoro") == 1.0
    assert value(metrics, "cartesia_speech_compute_seconds_total", engine="kokoro") == 0.25
    assert value(metrics, "cartesia_speech_characters_total", engine="kokoro") == 15


def test_the_first_reason_counts(metrics, meter):
    with pytest.raises(asyncio.CancelledError), meter.running():
        meter.end("cancelled")
        raise asyncio.CancelledError
    assert meter.notes["ended"] == "cancelled"
    name = "cartesia_speech_streams_total"
    assert value(metrics, name, outcome="cancelled", **NAMED) == 1
    assert value(metrics, name, outcome="disconnected", **NAMED) is None


def test_what_ends_by_itself_is_done(meter):
    with meter.running():
        during = meter.notes
    nothing = {"characters": 0, "first_audio": None, "audio_seconds": 0.0}
    assert during == {**nothing, "ended": None}
    assert meter.notes == {**nothing, "ended": "done"}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (asyncio.CancelledError(), "disconnected"),
        (BadRequest("no words"), "refused"),
        (ShuttingDown("now"), "failed"),
        (ZeroDivisionError(), "failed"),
    ],
)
def test_reasons_by_the_error(error, outcome):
    assert outcome_of(error) == outcome
