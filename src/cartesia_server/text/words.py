"""The written words of a text, as timestamps show them.

Words are what stands between spaces, with two exceptions: each character of Chinese and Japanese,
which are written without spaces, is a word, and so is each of their punctuation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# ruff: noqa: RUF001 -- ranges of characters

_CHARACTERS = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b"  # repetition marks and numerals
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
_MARKS = (
    "\u3001-\u3003\u3008-\u3020\u3030\u303d\u30a0\u30fb"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_COMBINING = "\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
_ENDS = re.escape(".,;:!?…—’”)]}") + "、。〃〉》」』】〕〗〙〛〞〟・！＂，．：；？｠）］｝｡｣､･～〜"
_OPENS = "〈《「『【〔〖〘〚〝（［｛｟｢"

# Elements of markup that stay in the text are never taken apart.
_ELEMENT = r"<spell>[^<>]*</spell>|<<[^<>]+>>"
_OTHER = rf"(?:{_ELEMENT}|[^\s{_CHARACTERS}{_MARKS}])+"
_CHARACTER = rf"[{_CHARACTERS}][{_COMBINING}]*"

_BOUNDARY = re.compile(rf"[\s{_CHARACTERS}{_MARKS}]")
_CHARACTER_START = re.compile(rf"[{_CHARACTERS}{_MARKS}]")
_WORD = re.compile(rf"{_CHARACTER}|[{_MARKS}]|{_OTHER}")
_UNIT = re.compile(
    rf"[{_OPENS}]*(?:(?:{_CHARACTER}|[{_MARKS}])[{_ENDS}]*|{_OTHER}(?:[{_MARKS}](?<![{_OPENS}]))*)\s*"
    rf"|[{_OPENS}]+\s*"
)


def split(text: str) -> list[str]:
    """The written words of a text, in order; joined they are the text without its whitespace."""
    return _WORD.findall(text)


def spans(text: str) -> list[tuple[int, int]]:
    """Where the written words of a text stand in it: first offset, and one past the last."""
    return [found.span() for found in _WORD.finditer(text)]


def units(text: str) -> Iterator[str]:
    """Cut a text where it could be cut for speaking; joined the pieces are the text.

    Whitespace at the beginning is left out; elsewhere whitespace and marks stay with the word
    before them, opening brackets with the one after.
    """
    return (found[0] for found in _UNIT.finditer(text))


def has_boundary(text: str) -> bool:
    """Whether a word may begin or end within a text: without, it is part of a single one."""
    return _BOUNDARY.search(text) is not None


def is_character(word: str) -> bool:
    """Whether a word begins with a character of Chinese or Japanese, or one of their marks."""
    return _CHARACTER_START.match(word) is not None
