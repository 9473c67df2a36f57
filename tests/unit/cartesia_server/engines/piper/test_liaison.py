import dataclasses

import pytest

from cartesia_server.engines.piper.liaison import run_on
from cartesia_server.text.espeak import espeak
from cartesia_server.text.prepare import prepare


def spoken(text, voice):
    (utterance,) = prepare(text, "en-US", espeak_voice=voice)
    return utterance.spoken


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("In the middle of the night, it was a pity.", [0, 3, 7]),
        ("Good morning.", []),
    ],
)
def test_words_run_on_as_espeak_runs_them(text, joined):
    words = spoken(text, "en-us")
    found = run_on(words, "en-us")
    assert sorted(found) == joined
    written = "".join(
        word.phonemes + ("" if index in found else " ") for index, word in enumerate(words)
    )
    assert written.split() == espeak().phonemes(text, "en-us")


def test_phonemes_that_somebody_gave_are_left_as_they_are():
    words = list(spoken("In the night.", "en-us"))
    words[0] = dataclasses.replace(words[0], phonemes="on")
    assert run_on(words, "en-us") == frozenset()
