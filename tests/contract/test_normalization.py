"""Numbers and dates in words, by the rules that a request asks for."""

import pytest

from tests.contract.conftest import speech_request

SPOKEN = [
    ({}, ["On", "May", "sixth"]),
    ({"normalization": "auto", "locale": "en-GB"}, ["On", "June", "fifth"]),
    ({"normalization": "en-GB"}, ["On", "June", "fifth"]),
    ({"normalization": "off"}, ["On", "5/6"]),
]


@pytest.mark.parametrize(("fields", "said"), SPOKEN)
def test_files_are_read_as_asked(http, engine, fields, said):
    body = speech_request(transcript="On 5/6.", **fields)
    assert http.post("/tts/bytes", json=body).status_code == 200
    assert engine.said == said


@pytest.mark.parametrize(("fields", "said"), SPOKEN)
def test_contexts_are_read_as_asked(dial, engine, fields, said):
    with dial("2026-08-14") as socket:
        socket.send(context_id="a", **speech_request(transcript="On 5/6.", **fields))
        assert socket.receive_context("a")[-1]["type"] == "done"
    assert engine.said == said


def test_a_locale_of_another_language_is_refused_by_name(http):
    answer = http.post("/tts/sse", json=speech_request(normalization="fr"))
    assert answer.status_code == 400
    assert "normalization: got 'fr', accepted: auto, off, or a locale" in answer.text
