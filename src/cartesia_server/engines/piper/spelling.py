"""An utterance in the numbers that a Piper voice reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from cartesia_server.engines.base import SpokenWord
from cartesia_server.engines.piper.config import BEGIN, END, PAD, VoiceConfig
from cartesia_server.text.align import STRESS, TIE, units

_MARKS = {"—": ";", "…": ";"}  # as espeak-ng reads them; Piper's voices know no others


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers ``ids[start:end]`` and the phoneme they stand for."""

    phoneme: str
    start: int
    end: int


@dataclass(slots=True)
class Spelling:
    """An utterance as a voice reads it.

    Attributes:
        ids: numbers of the letters, a pad after each, between beginning and end.
        words: for each spoken word where its numbers lie; start and end are the same for a silent
            one.
        phonemes: the same for every phoneme that the voice has a letter for.
        pause: the mark that ends the utterance, or empty.
    """

    ids: list[int] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    phonemes: list[Span] = field(default_factory=list)
    pause: str = ""


def spell(
    words: Sequence[SpokenWord], config: VoiceConfig, run_on: Container[int] = ()
) -> Spelling:
    """Spell the words of an utterance.

    A voice has learnt the phonemes of espeak-ng letter by letter: accents apart from their letters
    (NFD), stress marks and spaces as letters of their own, and no ties.

    Args:
        words: in order.
        config: of the voice.
        run_on: indices of words after which no space belongs.
    """
    spelling = Spelling()

    def add(letters: str) -> None:
        for letter in _letters(letters, config):
            spelling.ids += config.ids[letter]
            if letter != END:
                spelling.ids += config.ids[PAD]

    add(BEGIN)
    for number, word in enumerate(words):
        divided = not word.joined and number - 1 not in run_on
        if number and divided and (word.phonemes or word.pause):
            add(" ")
        start = end = len(spelling.ids)
        for index, group in enumerate(word.phonemes.split()):
            if index:
                add(" ")
            for unit in units(group):
                before = len(spelling.ids)
                add(unit)
                end = len(spelling.ids)
                if end > before:
                    spelling.phonemes.append(Span(unit.strip(STRESS), before, end))
        spelling.words.append((start, end))
        add(_MARKS.get(word.pause, word.pause))
        spelling.pause = word.pause or ("" if word.phonemes else spelling.pause)
    add(END)
    return spelling


def _letters(text: str, config: VoiceConfig) -> Iterator[str]:
    """The letters that a voice knows for a piece of IPA."""
    for letter in unicodedata.normalize("NFD", text.replace(TIE, "")):
        for one in config.replaced.get(letter, (letter,)):
            if one in config.ids:
                yield one
