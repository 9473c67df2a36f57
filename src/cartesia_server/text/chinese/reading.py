"""How Chinese text is read: characters to pinyin to phonemes, word by word."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from cartesia_server.engines.base import SpokenWord
from cartesia_server.text.chinese.normalise import said
from cartesia_server.text.chinese.sandhi import ReadWord, as_heard
from cartesia_server.text.chinese.syllables import NEUTRAL, Syllable
from cartesia_server.text.foreign import spoken_letters
from cartesia_server.text.punctuation import split_word

# ruff: noqa: RUF001 -- ranges of characters

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_STRETCH = re.compile(rf"[{_HAN}]+|[^\W\d_{_HAN}]+(?:['’-][^\W\d_{_HAN}]+)*|(\S)\1*")

# Characters of several readings, which pypinyin knows in company only.
_ALONE = {"长": "chang2", "地": "de5", "得": "de5", "教": "jiao1"}
_LONG = re.compile("[很多太最更不好挺]长")
# 还 is "to give back" before what one owes, and behind "not" and "already"; else it is "still".
_OWED = tuple("书钱款债贷车息")
_DONE = ("没", "没有", "未", "已", "已经", "按时")
_COUNTS = tuple("一二两三四五六七八九十百几每这那多")


def spoken(text: str, owners: Sequence[int]) -> list[SpokenWord]:
    """Read a Chinese utterance.

    Args:
        text: the utterance as written.
        owners: for each character of it the index of the written word that it belongs to.

    Returns:
        A word for each character that is said, for each word in letters, and for each mark.
    """
    rewritten = said(text)
    words: list[SpokenWord] = []
    for found in _STRETCH.finditer(rewritten.text):
        written = [owners[origin] for origin in rewritten.origins[found.start() : found.end()]]
        stretch = found[0]
        if re.match(rf"[{_HAN}]", stretch):
            words += _characters(stretch, written)
        elif stretch[0].isalpha():
            words.append(spoken_letters(stretch, written[0]))
        else:
            words.append(SpokenWord(stretch, written[0], "", split_word(stretch)[1], joined=True))
    return words


def _characters(text: str, written: Sequence[int]) -> Iterator[SpokenWord]:
    cut = _cut(text)
    around = zip(["", *cut], cut, [*cut[1:], ""], strict=False)
    read = [ReadWord(word, read_word(word, before, after)) for before, word, after in around]
    position = 0
    for word in as_heard(read):
        for index, (character, syllable) in enumerate(zip(word.text, word.syllables, strict=True)):
            yield SpokenWord(character, written[position], syllable.ipa, joined=index > 0)
            position += 1


def _cut(text: str) -> list[str]:
    """The words of a text without marks."""
    import rjieba

    words: list[str] = rjieba.cut(text)
    return words


def read_word(word: str, before: str = "", after: str = "") -> tuple[Syllable, ...]:
    """The syllables of a word, with tones as in a dictionary.

    Args:
        word: in Chinese characters; what nobody can read has an empty syllable.
        before: the word before it.
        after: the word behind it.
    """
    pinyin = _pinyin(word)
    if word in _ALONE:
        pinyin = [_ALONE[word]]
    elif word[-1] == "只" and (before + word)[-2:-1] in _COUNTS:
        pinyin[-1] = "zhi1"
    elif _LONG.fullmatch(word):
        pinyin[-1] = "chang2"
    elif word[0] == "还" and (
        (word + after)[1:].startswith(_OWED) or (word == "还" and before in _DONE)
    ):
        pinyin[0] = "huan2"
    elif len(word) > 2 and word[0] == word[1] and word[-1] == "地":
        pinyin[-1] = "de5"
    return tuple(Syllable.read(syllable) or Syllable("", NEUTRAL) for syllable in pinyin)


def _pinyin(word: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    read = functools.partial(lazy_pinyin, style=Style.TONE3, neutral_tone_with_five=True)
    found: list[str] = read(word)
    if len(found) != len(word):  # unread characters in a row are one entry
        found = [read(character)[0] for character in word]
    return found
