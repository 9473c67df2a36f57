"""IPA that a user writes, ``k|ɑ|ɹ``, in the form in which espeak-ng writes it: ``kˈɑɹ``."""

from __future__ import annotations

import re
import unicodedata

from cartesia_server.text.align import MODIFIERS, STRESS, TIE, VOWELS, units

# ruff: noqa: RUF001, RUF002 -- phonetic letters look like others

MAX_PHONES = 200
"""Characters in one block of phonemes."""

# What is written in more than one way, to espeak-ng's.
_SPELLINGS = str.maketrans(
    {
        "g": "ɡ",
        ":": "ː",
        "'": "ˈ",
        "’": "ˈ",
        "ʼ": "ˈ",
        "ɝ": "ɜː",
        "ɫ": "l",
        "ʧ": f"t{TIE}ʃ",
        "ʤ": f"d{TIE}ʒ",
        "ʦ": f"t{TIE}s",
        "ʣ": f"d{TIE}z",
        "\u035c": TIE,  # the tie below
    }
)
_LETTER = "[a-zæçðøħŋœβθχɐ-ʯᵻ]"
_SHAPED = rf"{_LETTER}[{MODIFIERS}\u0325\u0329\u032a\u0303]*"
_PHONE = re.compile(rf"[{STRESS}]?{_SHAPED}(?:{TIE}?{_SHAPED}){{0,2}}|[{STRESS}]")


def espeak_ipa(block: str) -> str | None:
    """Read phones as users write them between ``<<`` and ``>>``.

    Args:
        block: phones divided by ``|``, or all in a row. A stress mark may stand before its
            syllable, before its vowel or alone; a word without one is stressed on its first vowel.

    Returns:
        IPA with the stress mark before its vowel and ties in diphthongs and affricates, or None if
        there is a sign in it that is no IPA.
    """
    phones = [_spelled(phone.strip()) for phone in block.split("|") if phone.strip()]
    if not phones:
        return None
    if len(phones) == 1 and "|" not in block:
        phones = units(phones[0])
    if not all(_PHONE.fullmatch(phone) for phone in phones):
        return None
    return _stressed("".join(map(_tied, phones)))


def _spelled(phone: str) -> str:
    letters = (one if one == "ç" else unicodedata.normalize("NFD", one) for one in phone)
    return "".join(letters).translate(_SPELLINGS)


def _tied(phone: str) -> str:
    """A phone of two letters is one sound: ``aɪ``, ``tʃ``."""
    if TIE in phone:
        return phone
    return re.sub(rf"({_SHAPED})(?={_LETTER})", rf"\1{TIE}", phone, count=1)


def _stressed(ipa: str) -> str:
    """Put each stress mark before its vowel, and one before the first if there is none."""
    waiting, sounds = "" if set(STRESS) & set(ipa) else STRESS[0], []
    for unit in units(ipa):
        bare = unit.lstrip(STRESS)
        waiting = unit[: len(unit) - len(bare)] or waiting
        if bare[:1] in VOWELS:
            bare, waiting = waiting + bare, ""
        sounds.append(bare)
    return "".join(sounds)
