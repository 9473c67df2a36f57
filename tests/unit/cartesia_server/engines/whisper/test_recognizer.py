"""What the recogniser makes of the parts in which faster-whisper times a text."""

import pytest

pytest.importorskip("faster_whisper")

from cartesia_server.engines.whisper.recognizer import _whole


def parts(*texts):
    return [
        {"word": text, "start": n, "end": n + 1, "probability": 1 - n / 10}
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ([" my", " mother", "-in", "-law"], [" my", " mother-in-law"]),
        ([" at", " 9", ":30,", " $3", ".50"], [" at", " 9:30,", " $3.50"]),
        (["So", " be", " it"], ["So", " be", " it"]),
        ([" 100", "", "%"], [" 100%"]),
    ],
)
def test_a_word_that_is_timed_in_parts_is_one_word(heard, words):
    assert [word["word"] for word in _whole(parts(*heard))] == words


def test_it_lasts_as_long_as_its_parts_and_is_as_sure_as_the_least_sure():
    [word] = _whole(parts(" mother", "-in", "-law"))
    assert (word["start"], word["end"], word["probability"]) == (0, 3, 0.8)
