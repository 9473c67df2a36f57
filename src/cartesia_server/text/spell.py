"""A word character by character: ``AB-12`` as *A B dash one two*."""

from __future__ import annotations

import re
import unicodedata

_ENGLISH = {
    "-": "dash",
    "–": "dash",  # noqa: RUF001 -- a dash by another name
    "_": "underscore",
    "@": "at",
    ".": "dot",
    "/": "slash",
    "\\": "backslash",
    "#": "hash",
    "*": "star",
    "+": "plus",
    "=": "equals",
    "&": "and",
    "%": "percent",
    "$": "dollar",
    "'": "apostrophe",
    ",": "comma",
    ":": "colon",
    ";": "semicolon",
    "!": "exclamation mark",
    "?": "question mark",
    "~": "tilde",
}
_TELEPHONE = re.compile(r"[+\d().-]*\d[\d().-]*")
_BETWEEN_DIGITS = "().-"


def spelled(word: str, language: str) -> list[str]:
    """The characters of a word as they are named.

    Args:
        word: without whitespace.
        language: BCP 47 tag.

    Returns:
        A name for each character, which espeak-ng then reads by itself; empty for a short pause,
        as in telephone numbers.
    """
    bare = word.rstrip(".,;:!?") or word
    number = _TELEPHONE.fullmatch(bare)
    names: list[str] = []
    for character in _characters(bare):
        if number and character in _BETWEEN_DIGITS:
            names += [""] if names and names[-1] else []
        elif character in _ENGLISH and language.startswith("en"):
            names += _ENGLISH[character].split()
        else:
            names.append(character.upper() if character.isascii() else character)
    return names


def _characters(word: str) -> list[str]:
    """Letters with the marks that belong to them."""
    characters: list[str] = []
    for one in word:
        if characters and unicodedata.category(one).startswith("M"):
            characters[-1] += one
        else:
            characters.append(one)
    return characters
