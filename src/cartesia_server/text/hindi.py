"""What espeak-ng gets wrong in Hindi: nasal vowels, and short vowels that nobody says.

It reads ``दबाएँ`` as *dabāy*, ``गईं`` as *gaīn*, ``गाँव`` as *gānv*, and drops the vowel behind ``इं``
(``इंतज़ार`` as *ĩtzār*); and it keeps the vowel inside ``मतलब``, ``आजकल`` and ``मिलकर``, which are
*matlab*, *ājkal* and *milkar*.
"""

from __future__ import annotations

import re
import unicodedata

from cartesia_server.text.align import STRESS, VOWELS

# ruff: noqa: RUF001 -- letters look like others

_LETTER = "\u0900-\u0963\u0970-\u097f"
_NASALS = (
    ("कखगघ", "ङ्"),
    ("चछजझ", "ञ्"),
    ("टठडढ", "ण्"),
    ("तथदध", "न्"),
    ("पफबभ", "म्"),
)
"""Which nasal consonant a dot above stands for, by the consonant behind it."""
_RULES = (
    (re.compile(rf"(?<=[अ-औ])ँ|ँ(?=[{_LETTER}])"), "ं"),
    (re.compile(rf"(?<=[{_LETTER}])ईं(?![{_LETTER}])"), "यीं"),
    *((re.compile(rf"(?<=[इिउु])ं(?=[{behind}])"), nasal) for behind, nasal in _NASALS),
)
_WORDS = {
    "कृपया": "कृ-पया",
    "जनवरी": "जन्वरी",
    "फरवरी": "फर्वरी",
    "फ़रवरी": "फ़र्वरी",
    "फिल्म": "फिल्म्",
    "फ़िल्म": "फ़िल्म्",
    "नेटवर्क": "नेट्वर्क",
    "पासवर्ड": "पास्वर्ड",
    "PAN": "पैन",
    "SIM": "सिम",
}
_VOWELS = "".join(sorted(VOWELS))
_CONSONANT = rf"[^{_VOWELS}{STRESS}ː\u0303\s][ʰ.]?"
_SILENT = re.compile(
    rf"(?<=[{_VOWELS}ː\u0303])({_CONSONANT})[{STRESS}]?ə"
    rf"(?!h|ɾ[{STRESS}]?əɳ)(?={_CONSONANT}[{STRESS}]?ə{_CONSONANT}$)"
)


def respelled(word: str) -> str:
    """A word as espeak-ng reads it right; unchanged if it does so anyway."""
    known = _WORDS.get(unicodedata.normalize("NFC", word))
    if known is not None:
        return known
    for pattern, put in _RULES:
        word = pattern.sub(put, word)
    return word


def shortened(phonemes: str) -> str:
    """The phonemes of a word without the schwa that is silent before its last syllable.

    One that stands behind a vowel and one consonant, and before one consonant, a schwa and the last
    consonant: *matəlab*. Not before *h* (``दोपहर``), nor in ``-करण``.
    """
    return _SILENT.sub(r"\1", phonemes)
