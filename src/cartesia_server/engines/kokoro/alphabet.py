"""IPA as espeak-ng writes it, to the tokens that Kokoro was trained on.

Kokoro spells diphthongs and affricates as single letters (``A`` for the vowel of "day") and knows
fewer sounds than IPA. The tables follow misaki, the front end that the model was trained with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from cartesia_server.engines.base import SpokenWord
from cartesia_server.text.align import MODIFIERS, STRESS, TIE, units

# ruff: noqa: RUF001 -- phonetic letters look like others

MAX_TOKENS = 510
"""Tokens that one pass of the model takes, without those for beginning and end."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Spelling rules of one language.

    Attributes:
        phonemes: whole phonemes with ties and modifiers, to the model's letters.
        before: a phoneme in front of a certain other one, where that changes its spelling.
        letters: what remains, letter by letter, None to leave it out.
    """

    phonemes: Mapping[str, str]
    before: Mapping[tuple[str, str], str]
    letters: Mapping[int, str | None]

    def spell(self, phoneme: str, following: str) -> str:
        """The model's letters for one phoneme without stress, seen before the next one."""
        if (special := self.before.get((phoneme, following))) is not None:
            return special
        if phoneme.count(TIE) > 1:  # a diphthong that glides on, as in "fire"
            head, _, tail = phoneme.rpartition(TIE)
            return self.spell(head, tail) + self.spell(tail, following)
        if phoneme in self.phonemes:
            return self.phonemes[phoneme]
        base = phoneme.rstrip(MODIFIERS)
        modifiers = phoneme[len(base) :]
        spelled = self.phonemes.get(base, base)
        spelled += self.phonemes.get(modifiers, modifiers.replace(_SYLLABIC, ""))
        return ("ᵊ" if _SYLLABIC in modifiers else "") + spelled.translate(self.letters)


_SYLLABIC = "\u0329"

_DIPHTHONGS = {
    "a͡ɪ": "I",
    "a͡ʊ": "W",
    "d͡ʒ": "ʤ",
    "e͡ɪ": "A",
    "t͡ʃ": "ʧ",
    "ɔ͡ɪ": "Y",
}
_ENGLISH = str.maketrans(
    {"e": "A", "r": "ɹ", "ʔ": "t", "x": "k", "ç": "k", "ɐ": "ə", "ɚ": "əɹ", "ɬ": "l", "o": "ɔ"}
    | dict.fromkeys(("ʲ", "\u0303", TIE))
)

_US = Alphabet(
    {**_DIPHTHONGS, "o͡ʊ": "O", "ə͡l": "ᵊl", "ɪ͡ə": "iə", "ɜː": "ɜɹ"},
    {
        **{(f"{vowel}\u0361ɹ", "ɹ"): vowel.rstrip("ː") for vowel in ("ɑː", "ɔː", "ɛ", "ɪ", "ʊ")},
        ("i͡ə", "ɹ"): "ɪ",
        ("ɚ", "ɹ"): "ə",
        ("ɜː", "ɹ"): "ɜ",
        ("ɪ", "ə"): "i",
        ("ʔ", "n"): "tᵊ",
    },
    {**_ENGLISH, **str.maketrans({"ɾ": "T", "ː": None})},
)
_GB = Alphabet(
    {**_DIPHTHONGS, "e͡ə": "ɛː", "i͡ə": "ɪə", "ə͡ʊ": "Q", "ə͡l": "ᵊl"},
    {("i", "ə"): "ɪ", ("ʔ", "n"): "tᵊ"},
    _ENGLISH,
)
_OTHER = Alphabet(
    {**_DIPHTHONGS, "d͡z": "ʣ", "o͡ʊ": "O", "ə͡ʊ": "Q", "s͡s": "S", "t͡s": "ʦ"},
    {},
    str.maketrans(dict.fromkeys((TIE, "-"))),
)
_ZH = Alphabet(
    {
        "ʈ͡ʂ": "ꭧ",
        "t͡ɕ": "ʨ",
        "t͡s": "ʦ",
        "˥": "→",
        "˧˥": "↗",
        "˨˩˦": "↓",
        "˥˩": "↘",
    },
    {},
    str.maketrans(dict.fromkeys((TIE,))),
)
_JA = Alphabet({"t͡ɕ": "ʨ", "d͡ʑ": "ʥ", "t͡s": "ʦ", "d͡z": "ʣ"}, {}, {})
_ALPHABETS = {"en-US": _US, "en-GB": _GB, "zh": _ZH, "ja": _JA}


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Tokens ``ids[start:end]`` and what they stand for: a phoneme, or a word by its index."""

    label: str
    start: int
    end: int


@dataclass(slots=True)
class Spelling:
    """An utterance as the model reads it.

    Attributes:
        ids: token numbers, without beginning and end.
        words: for each spoken word the tokens of its phonemes, or of its pause if it has none;
            empty spans for silent words.
        phonemes: for each phoneme of all words its tokens, stress mark included.
        spaces: tokens that stand between words.
    """

    ids: list[int] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    phonemes: list[TokenSpan] = field(default_factory=list)
    spaces: list[int] = field(default_factory=list)

    @property
    def begin(self) -> int:
        """The first token of the words."""
        return self.words[0][0] if self.words else 0

    def without(self, words: int) -> Spelling:
        """The same tokens as the spelling of later words alone, so many fewer at the beginning."""
        left = Spelling(self.ids, self.words[words:], spaces=self.spaces)
        left.phonemes = [span for span in self.phonemes if span.start >= left.begin]
        return left


class Speller:
    """Spells utterances in the model's alphabet."""

    def __init__(self) -> None:
        text = resources.files(__package__).joinpath("data/vocabulary.json").read_text("utf-8")
        self._ids: dict[str, int] = json.loads(text)

    def spell(self, words: Sequence[SpokenWord], language: str) -> Spelling:
        """Spell the words of an utterance.

        Args:
            words: in order.
            language: the tag that their phonemes were made for.
        """
        spelling = Spelling()
        for word in words:
            alphabet = _ALPHABETS.get(word.language or language, _OTHER)
            if spelling.ids and not word.joined and (word.phonemes or word.pause):
                self._add_space(spelling)
            start = len(spelling.ids)
            self._add_phonemes(spelling, word.phonemes, alphabet)
            end = len(spelling.ids)
            spelling.ids += self._encode(word.pause)
            spelling.words.append((start, end if end > start else len(spelling.ids)))
        return spelling

    def _add_phonemes(self, spelling: Spelling, phonemes: str, alphabet: Alphabet) -> None:
        for position, group in enumerate(phonemes.split()):
            if position:
                self._add_space(spelling)
            sounds = units(group)
            bare = [sound.strip(STRESS) for sound in sounds] + [""]
            for sound, phoneme, following in zip(sounds, bare, bare[1:], strict=False):
                start = len(spelling.ids)
                stress = sound[: len(sound) - len(sound.lstrip(STRESS))]
                spelling.ids += self._encode(stress + alphabet.spell(phoneme, following))
                spelling.phonemes.append(TokenSpan(phoneme, start, len(spelling.ids)))

    def _add_space(self, spelling: Spelling) -> None:
        spelling.spaces.append(len(spelling.ids))
        spelling.ids += self._encode(" ")

    def _encode(self, letters: str) -> list[int]:
        return [self._ids[letter] for letter in letters if letter in self._ids]
