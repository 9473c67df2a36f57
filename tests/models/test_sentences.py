"""What a listener hears of sentences as agents say them, from text to words.

Each file in ``sentences`` holds for one language a sentence on a line, and indented below it the
words that are said, with the marks at which the voice pauses.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from cartesia_server.text.prepare import prepare


def sentences():
    for path in sorted((Path(__file__).parent / "sentences").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for text, said in pairwise(lines):
            if said.startswith("    "):
                yield pytest.param(path.stem, text, said.strip(), id=f"{path.stem}: {text}")


@pytest.mark.parametrize(("language", "text", "said"), list(sentences()))
def test_a_listener_hears_words(language: str, text: str, said: str) -> None:
    if language != "en":
        pytest.importorskip("unicode_rbnf")
    parts = prepare(text, language)
    spoken = [word for part in parts for word in part.spoken]
    assert " ".join(word.text + word.pause for word in spoken) == said
    assert " ".join(word for part in parts for word in part.written) == " ".join(text.split())
    assert all(word.phonemes for word in spoken)
