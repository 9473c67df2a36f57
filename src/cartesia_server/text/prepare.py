"""A transcript to utterances with phonemes, each spoken word tied to the word it was written as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter

from cartesia_server.engines.base import PreparedText, SpokenWord
from cartesia_server.text import chinese, japanese
from cartesia_server.text.align import align
from cartesia_server.text.espeak import espeak
from cartesia_server.text.languages import DEFAULT, Language, find
from cartesia_server.text.normalise import normalised
from cartesia_server.text.punctuation import split_word
from cartesia_server.text.segment import Segmenter
from cartesia_server.text.words import spans, split

# ruff: noqa: RUF001 -- dashes look alike

# Dashes and dots that join two words without a space: "well—almost", "wait...what".
_JOINT = re.compile(r"(?<=\w)(—|–(?!\d)|--+|…|\.{3,})(?=\w)")
# Pictures, which nobody reads aloud, with their joiners and variation selectors.
_PICTURES = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\ufe00-\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+"
)
_MAX_WORD = 200  # characters of one word that reach espeak-ng at once; its own buffer holds no more


# Languages that espeak-ng reads too badly.
_READERS = {"ja": japanese.spoken, "zh": chinese.spoken}


@dataclass(frozen=True, slots=True)
class _Token:
    """A pronounceable piece of a written word, or a lone mark with an empty `core`."""

    core: str
    pause: str
    written: int


def prepare(
    text: str, language: str = DEFAULT, *, espeak_voice: str | None = None
) -> list[PreparedText]:
    """Cut a text into utterances and look up how each is pronounced.

    Args:
        text: any text; emoji and lone punctuation are kept as written words that take no time.
        language: BCP 47 tag, see `languages.find`.
        espeak_voice: espeak-ng's name of the voice whose rules apply, for readers that were
            trained on it; any language can then be read. None for the usual one.

    Returns:
        Utterances of at most about 25 words. Their `written` words together are those that
        `words.split` finds in the text, and every one of them has at least one spoken word. Empty
        if nothing can be pronounced.

    Raises:
        LanguageError: the language cannot be read.
        EspeakError: espeak-ng has no such voice.
    """
    reading = Language(language, espeak_voice) if espeak_voice else find(language)
    segmenter = Segmenter()
    segments = [*segmenter.feed(text), *segmenter.flush()]
    utterances = [_utterance(segment, reading) for segment in segments]
    return _with_silent_words_attached(utterances)


def _utterance(segment: str, language: Language) -> PreparedText:
    written = tuple(split(segment))
    if language.tag in _READERS:
        return PreparedText(language.tag, written, _read(segment, written, language))
    tokens = _said(list(_tokens(written)), language)
    phonemes = _phonemes(tokens, language)
    spoken = tuple(
        SpokenWord(token.core or written[token.written], token.written, sound, token.pause)
        for token, sound in zip(tokens, phonemes, strict=True)
    )
    return PreparedText(language.tag, written, spoken)


def _read(segment: str, written: tuple[str, ...], language: Language) -> tuple[SpokenWord, ...]:
    """Read a language that has a reader of its own; every written word gets a spoken one."""
    owners = [0] * len(segment)
    for index, (start, end) in enumerate(spans(segment)):
        owners[start:end] = [index] * (end - start)
    spoken = _READERS[language.tag](_PICTURES.sub(_blank, segment), owners)
    heard = {word.written for word in spoken}
    silent = [
        SpokenWord(word, index, "", joined=True)
        for index, word in enumerate(written)
        if index not in heard
    ]
    return tuple(sorted([*spoken, *silent], key=attrgetter("written")))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _tokens(written: tuple[str, ...]) -> Iterator[_Token]:
    for index, word in enumerate(written):
        pieces = _JOINT.split(_PICTURES.sub("", word))
        for position in range(0, len(pieces), 2):
            joint = pieces[position + 1] if position + 1 < len(pieces) else ""
            last = not joint and index == len(written) - 1
            yield _Token(*split_word(pieces[position] + joint, last=last), index)


def _said(tokens: list[_Token], language: Language) -> list[_Token]:
    """The tokens in words as they are said; the last of each keeps the pause."""
    said: list[_Token] = []
    spoken = normalised([token.core for token in tokens], language.tag)
    for token, words in zip(tokens, spoken, strict=True):
        *rest, last = words or [""]
        said += (_Token(word, "", token.written) for word in rest)
        said.append(_Token(last, token.pause, token.written))
    return said


def _phonemes(tokens: list[_Token], language: Language) -> list[str]:
    """Phonemes of each token, read clause by clause as pauses divide them."""
    sounds: list[str] = []
    start = 0
    for index, token in enumerate(tokens):
        if token.pause or index == len(tokens) - 1:
            sounds += _clause([token.core for token in tokens[start : index + 1]], language)
            start = index + 1
    return sounds


def _clause(words: list[str], language: Language) -> list[str]:
    alone = [_alone(word, language) for word in words]
    if sum(map(bool, alone)) < 2:
        return [" ".join(groups) for groups in alone]
    return align(espeak().phonemes(" ".join(words), language.espeak), alone)


def _alone(word: str, language: Language) -> list[str]:
    return [
        group
        for start in range(0, len(word), _MAX_WORD)
        for group in espeak().phonemes(word[start : start + _MAX_WORD], language.espeak)
    ]


def _with_silent_words_attached(utterances: list[PreparedText]) -> list[PreparedText]:
    """Join utterances without a sound to their neighbours, so that no written word is lost."""
    joined: list[PreparedText] = []
    for utterance in utterances:
        if joined and not (_audible(joined[-1]) and _audible(utterance)):
            joined[-1] = _concatenated(joined[-1], utterance)
        else:
            joined.append(utterance)
    return [utterance for utterance in joined if _audible(utterance)]


def _audible(utterance: PreparedText) -> bool:
    return any(word.phonemes for word in utterance.spoken)


def _concatenated(first: PreparedText, second: PreparedText) -> PreparedText:
    shift = len(first.written)
    moved = tuple(replace(word, written=word.written + shift) for word in second.spoken)
    return PreparedText(first.language, first.written + second.written, first.spoken + moved)
