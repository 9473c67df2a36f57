from __future__ import annotations

from cartesia_server.engines.base import PreparedText, SpokenWord
from cartesia_server.text.lead import carried


def text_of(*words: str) -> PreparedText:
    """Words that sound, each with the mark that ends it."""
    bare = [word.strip(",.;—") for word in words]
    spoken = tuple(
        SpokenWord(core, index, core and "x", word[len(core) :])
        for index, (core, word) in enumerate(zip(bare, words, strict=True))
    )
    return PreparedText("en-US", tuple(words), spoken)


def test_words_lead_on_within_a_sentence_only():
    assert [word.text for word in carried(text_of("When", "it", "rains,"))] == [
        "When",
        "it",
        "rains",
    ]
    assert [word.text for word in carried(text_of("so", "far"))] == ["so", "far"]
    assert carried(text_of("It", "rains.")) == ()


def test_of_many_words_the_last_lead_on():
    words = [f"w{number}" for number in range(40)]
    assert [word.text for word in carried(text_of(*words))] == words[-12:]
