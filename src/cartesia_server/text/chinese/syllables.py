"""Syllables of Mandarin: from pinyin to phonemes."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

NEUTRAL = 5

TONES = {1: "˥", 2: "˧˥", 3: "˨˩˦", 4: "˥˩", NEUTRAL: ""}

_INITIALS = {
    "zh": "ʈ͡ʂ",
    "ch": "ʈ͡ʂʰ",
    "sh": "ʂ",
    "b": "p",
    "p": "pʰ",
    "m": "m",
    "f": "f",
    "d": "t",
    "t": "tʰ",
    "n": "n",
    "l": "l",
    "g": "k",
    "k": "kʰ",
    "h": "x",
    "j": "t͡ɕ",
    "q": "t͡ɕʰ",
    "x": "ɕ",
    "r": "ɻ",
    "z": "t͡s",
    "c": "t͡sʰ",
    "s": "s",
}
# The digit 0 marks the vowel that carries the tone.
_FINALS = {
    "a": "a0",
    "ai": "a͡i0",
    "an": "a0n",
    "ang": "a0ŋ",
    "ao": "a͡u0",
    "e": "ɤ0",
    "ei": "e͡i0",
    "en": "ə0n",
    "eng": "ə0ŋ",
    "i": "i0",
    "ia": "ja0",
    "ian": "jɛ0n",
    "iang": "ja0ŋ",
    "iao": "ja͡u0",
    "ie": "je0",
    "in": "i0n",
    "ing": "i0ŋ",
    "iong": "jʊ0ŋ",
    "iou": "jo͡u0",
    "o": "wo0",
    "ong": "ʊ0ŋ",
    "ou": "o͡u0",
    "u": "u0",
    "ua": "wa0",
    "uai": "wa͡i0",
    "uan": "wa0n",
    "uang": "wa0ŋ",
    "uei": "we͡i0",
    "uen": "wə0n",
    "ueng": "wə0ŋ",
    "uo": "wo0",
    "v": "y0",
    "van": "ɥɛ0n",
    "ve": "ɥe0",
    "vn": "y0n",
}
_WHOLE = {
    "er": "ɚ0",
    "o": "ɔ0",
    "yo": "jɔ0",
    "ê": "ɛ0",
    "m": "m0",
    "n": "n0",
    "ng": "ŋ0",
    "hm": "hm0",
    "hng": "hŋ0",
}
_ZERO_INITIAL = {"yi": "i", "yu": "v", "y": "i", "wu": "u", "w": "u"}
_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen"}
_PINYIN = re.compile(r"([a-zê]+)([1-5])")


@dataclass(frozen=True, slots=True)
class Syllable:
    """A syllable as pinyin spells it.

    Attributes:
        letters: without the tone; ``v`` stands for ü.
        tone: 1 to 4, or `NEUTRAL`.
    """

    letters: str
    tone: int

    @classmethod
    def read(cls, pinyin: str) -> Syllable | None:
        """Read pinyin with its tone at the end, ``zhong1``; None if it is none."""
        found = _PINYIN.fullmatch(pinyin.replace("ü", "v"))
        if found is None or _toneless(found[1]) is None:
            return None
        return cls(found[1], int(found[2]))

    @property
    def ipa(self) -> str:
        """Its phonemes, the tone after the vowel as letters of Chao: ``ʈ͡ʂʊ˥ŋ``."""
        return (_toneless(self.letters) or "").replace("0", TONES[self.tone])


@functools.cache
def _toneless(letters: str) -> str | None:
    if letters in _WHOLE:
        return _WHOLE[letters]
    initial = next((name for name in _INITIALS if letters.startswith(name)), "")
    final = letters[len(initial) :]
    if not initial:
        start = next((name for name in _ZERO_INITIAL if letters.startswith(name)), "")
        final = _ZERO_INITIAL.get(start, "") + letters[len(start) :]
    elif initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    final = _SHORTENED.get(final, final) if initial else {"iu": "iou"}.get(final, final)
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return f"{_INITIALS[initial]}ɨ0"
    if final not in _FINALS:
        return None
    return _INITIALS.get(initial, "") + _FINALS[final]
