"""Words in Latin letters inside a text of another script: read as English."""

from __future__ import annotations

from cartesia_server.engines.base import SpokenWord
from cartesia_server.text.espeak import espeak
from cartesia_server.text.languages import DEFAULT, find


def spoken_letters(word: str, written: int) -> SpokenWord:
    """Read a word by the rules of English.

    Args:
        word: in letters.
        written: index of the written word that it belongs to.
    """
    phonemes = " ".join(espeak().phonemes(word, find(DEFAULT).espeak))
    return SpokenWord(word, written, phonemes, language=DEFAULT)
