import base64
import json

import pytest

from tests.contract.conftest import speech_request
from tests.contract.scripted import WORD_SECONDS


def events(http, version="2024-11-13", **changes):
    headers = {"Cartesia-Version": version}
    answer = http.post("/tts/sse", json=speech_request(**changes), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.endswith("\n\n")
    parsed = []
    for frame in answer.text.removesuffix("\n\n").split("\n\n"):
        name, data = frame.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        parsed.append(event)
    return parsed


def test_2024_stream_is_chunks_alone(http):
    """Programs of that version take every event for audio."""
    found = events(http)
    assert {event["type"] for event in found} == {"chunk"}
    assert all(event["status_code"] == 206 and event["done"] is False for event in found)
    assert all(event["step_time"] >= 0 for event in found)
    audio = b"".join(base64.b64decode(event["data"]) for event in found)
    assert len(audio) == 2 * round(3 * WORD_SECONDS * 24000)


@pytest.mark.parametrize("version", ["2025-04-16", "2026-08-14"])
def test_later_streams_end_with_done(http, version):
    *_, last = events(http, version)
    assert (last["type"], last["done"], last["status_code"]) == ("done", True, 200)


def test_context_id_comes_back_in_every_event(http):
    found = events(http, "2026-08-14", context_id="mine", add_timestamps=True)
    assert {event["context_id"] for event in found} == {"mine"}


def test_words_and_phonemes_have_their_times(http):
    found = events(http, add_timestamps=True, add_phoneme_timestamps=True)
    words = [event["word_timestamps"] for event in found if event["type"] == "timestamps"]
    assert [word for part in words for word in part["words"]] == ["one", "two", "three"]
    starts = [start for part in words for start in part["start"]]
    assert starts == pytest.approx([0, WORD_SECONDS, 2 * WORD_SECONDS])
    phonemes = [e["phoneme_timestamps"] for e in found if e["type"] == "phoneme_timestamps"]
    assert [sound for part in phonemes for sound in part["phonemes"]] == ["o", "t", "t"]


def test_engine_fault_in_the_middle_is_an_error_event(http):
    *before, last = events(http, transcript="one boom", context_id="c")
    assert [event["type"] for event in before] == ["chunk"]
    assert (last["type"], last["status_code"], last["done"]) == ("error", 500, True)
    assert last["error"] == last["message"]
    assert last["context_id"] == "c"
