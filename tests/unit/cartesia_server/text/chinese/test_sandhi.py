from __future__ import annotations

import pytest

from cartesia_server.text.chinese.sandhi import ReadWord, as_heard
from cartesia_server.text.chinese.syllables import Syllable


def heard(words: str, tones: str) -> str:
    """Tones of words divided by spaces, from those of the dictionary."""
    given = iter(tones.replace(" ", ""))
    read = [
        ReadWord(word, tuple(Syllable("ma", int(next(given))) for _ in word))
        for word in words.split()
    ]
    return " ".join("".join(str(one.tone) for one in word.syllables) for word in as_heard(read))


@pytest.mark.parametrize(
    ("words", "tones", "said"),
    [
        ("你好", "33", "23"),
        ("我 很 好", "3 3 3", "2 2 3"),
        ("展览馆", "333", "223"),
        ("小 老虎", "3 33", "3 23"),
        ("请 你们", "3 35", "2 35"),
        ("了解 法语", "33 33", "23 23"),
        ("不 去", "4 4", "2 4"),
        ("不 好", "4 3", "4 3"),
        ("好不好", "343", "353"),
        ("一 个", "1 4", "2 4"),
        ("一 天", "1 1", "4 1"),
        ("一样", "14", "24"),
        ("第一 次", "41 4", "41 4"),
        ("十一 个", "21 4", "21 4"),
        ("一 月", "1 4", "1 4"),
        ("一九 九零", "13 32", "13 32"),
        ("唯一 的", "21 5", "21 5"),
        ("看一看", "414", "454"),
        ("看看 桌子 电子", "44 13 43", "45 15 43"),
        ("朋友 我们", "23 32", "25 35"),
        ("姐姐", "33", "35"),
    ],
)
def test_tones(words, tones, said):
    assert heard(words, tones) == said


def test_nothing_is_nothing():
    assert as_heard([]) == []
