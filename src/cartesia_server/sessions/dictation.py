"""Whether somebody stops in the middle of a number, a name or an address that they dictate.

Who dictates pauses after each group of digits or letters, for others to write it down, and a
recogniser ends each group like a sentence: "My number is 555. 123." The groups themselves tell
that more is to come, as far as they can: what is said digit by digit has three of them at least,
a telephone number has nine at least, a card has sixteen in groups of four, and an address has an
end such as ".com". How long a code or a spelled name is, nobody knows.
"""

from __future__ import annotations

import re

from cartesia_server.text.punctuation import word_set

_TAIL = 200  # characters of a text that are looked at
_LEAST = 3  # digits and letters, below which nothing is dictated: "at 5", "room 12"
_TELEPHONE, _CARD = 9, 16  # digits, from which on a number may be complete

_MARKS = ".,;:!?…।。，、؟"  # noqa: RUF001 -- of their scripts
_DIGITS = word_set(
    "zero oh one two three four five six seven eight nine "
    "cero uno dos tres cuatro cinco seis siete ocho nueve "
    "zéro un deux trois quatre cinq six sept huit neuf "
    "शून्य ज़ीरो जीरो एक दो तीन चार पांच पाँच छह छः सात आठ नौ"
)
_CODE = re.compile(r"[A-Z]+\d[A-Z\d]*")
_CAPITALS = re.compile(r"[A-Z]{2,5}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PART = r"(?:[^\W_]|-)"  # without the marks between parts, or there would be many ways to divide
_NAME = re.compile(rf"[^\W\d_]{_PART}*(?:[._]{_PART}{{2,}})+")
_TOP_LEVEL = frozenset(
    ("com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "dev", "app")
)


def is_unfinished(text: str) -> bool:
    """Whether more is to come of what the end of a text dictates, if it dictates anything.

    Args:
        text: the turn so far, as a recogniser writes it.
    """
    words = [word.strip(_MARKS) for word in text[-_TAIL:].split()]
    words = [word for word in words if word]
    return _is_unfinished_address(words) or _is_unfinished_sequence(words)


def _is_unfinished_sequence(words: list[str]) -> bool:
    parts: list[str] = []  # of the number or the name that the text ends in
    for word in words:
        if group := _group(word):
            parts += group
        elif _CAPITALS.fullmatch(word) and any(map(str.isalpha, parts)):
            parts.append(word)  # letters that are said one by one come out like a short name, too
        else:
            parts = []
    said = sum(map(len, parts))
    if said < _LEAST:
        return False
    if not all(part.isdigit() for part in parts):
        return True
    if _YEAR.fullmatch(parts[-1]) and max(map(len, parts[:-1]), default=0) <= len("31"):
        return False
    # One digit more in a group is how a recogniser now and then writes 1111.
    is_of_card = all(len("1234") <= len(part) <= len("11111") for part in parts)
    return said < (_CARD if is_of_card else _TELEPHONE)


def _group(word: str) -> list[str]:
    """The parts of a word that is digits, or letters said one by one; empty for any other.

    Such as 555-12, K-O-W, XK42, X, five; a digit in words counts as any digit does.
    """
    if _CODE.fullmatch(word):
        return [word]
    parts = ["0" if part.lower() in _DIGITS else part for part in word.split("-")]
    is_sequence = all(part.isdigit() or (len(part) == 1 and part.isalpha()) for part in parts)
    is_word = len(parts) == 1 and parts[0].islower()  # "a"
    return parts if is_sequence and not is_word else []


def _is_unfinished_address(words: list[str]) -> bool:
    """Whether an address has a beginning ("john.smith", "john.smith at Gmail") and no end."""
    *_, before, at, last = ("", "", "", *words)
    if "@" in last or _NAME.fullmatch(last):
        return not _has_end(last)
    if at.lower() in ("dot", "underscore"):
        return last.lower() not in _TOP_LEVEL
    return at.lower() == "at" and _NAME.fullmatch(before) is not None and not _has_end(before)


def _has_end(address: str) -> bool:
    """Whether an address has its last part; the last of initials and of "p.m." is none."""
    name, dot, end = address.lower().rpartition(".")
    is_of_country = len(end) == len("uk") and end.isalpha()
    return bool(dot and name) and (end in _TOP_LEVEL or is_of_country)
