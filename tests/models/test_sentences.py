"""What a listener hears of sentences as agents say them, from text to words.

Each file in ``sentences`` holds for one language a sentence on a line, and indented below it the
words that are said, with the marks at which the voice pauses.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartesia_server.text.prepare import prepare
from cartesia_server.text.words import split
from tests.streams import read_in_pieces


def _sentences(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(text, said.strip()) for text, said in pairwise(lines) if said.startswith("    ")]


SENTENCES = {
    path.stem: _sentences(path)
    for path in sorted((Path(__file__).parent / "sentences").glob("*.txt"))
}
NUMBERS = "unicode_rbnf"
PACKAGES = {"es": NUMBERS, "fr": NUMBERS, "it": NUMBERS, "pt": NUMBERS, "hi": NUMBERS}
PACKAGES |= {"ja": "pyopenjtalk", "zh": "rjieba"}


def installed(language: str) -> None:
    """Skip what cannot be read on this machine."""
    if language in PACKAGES:
        pytest.importorskip(PACKAGES[language])


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        pytest.param(language, text, said, id=f"{language}: {text}")
        for language, sentences in SENTENCES.items()
        for text, said in sentences
    ],
)
def test_a_listener_hears_words(language: str, text: str, said: str) -> None:
    installed(language)
    parts = prepare(text, language)
    spoken = [word for part in parts for word in part.spoken]
    space = "" if language in ("ja", "zh") else " "
    assert space.join(word.text * bool(word.phonemes) + word.pause for word in spoken) == said
    assert [word for part in parts for word in part.written] == split(text)
    assert space == "" or all(word.phonemes for word in spoken)


@pytest.mark.parametrize("language", SENTENCES)
@settings(derandomize=True, max_examples=120)
@given(data=st.data())
def test_a_stream_is_heard_as_the_whole(language: str, data: st.DataObject) -> None:
    # Tokens cut words and numbers anywhere, and two sentences follow each other.
    installed(language)
    texts = st.sampled_from([text for text, _ in SENTENCES[language]])
    text = " ".join(data.draw(st.lists(texts, min_size=1, max_size=2)))
    sizes = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=12))
    streamed = [
        word for piece in read_in_pieces(text, sizes) for word in heard(str(piece), language)
    ]
    assert streamed == heard(text, language)


def heard(text: str, language: str) -> list[tuple[str, str, str, str]]:
    """The words that are said: how, with which pause, and for which of the written ones."""
    parts = prepare(text, language)
    for part in parts:
        order = [word.written for word in part.spoken]
        assert order == sorted(order)
    return [
        (word.text, word.phonemes, word.pause, part.written[word.written])
        for part in parts
        for word in part.spoken
    ]
