"""A transcript to utterances with phonemes, each spoken word tied to the word it was written as."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter

from cartesia_server.engines.base import PreparedText, SpokenWord
from cartesia_server.text import chinese, compatibility, french, hindi, japanese, markup
from cartesia_server.text.align import align
from cartesia_server.text.english import heteronyms, misread
from cartesia_server.text.english.primes import primed
from cartesia_server.text.espeak import espeak
from cartesia_server.text.languages import DEFAULT, Language, find, primary
from cartesia_server.text.lexicon import Lexicon
from cartesia_server.text.markdown import GAP, SILENT, silenced
from cartesia_server.text.normalise import normalised
from cartesia_server.text.punctuation import OPENERS, split_word
from cartesia_server.text.respell import respelled
from cartesia_server.text.segment import Segmenter
from cartesia_server.text.spell import spelled
from cartesia_server.text.words import spans

# Dashes and dots that join two words without a space: "well—almost", "wait...what".
_JOINT = re.compile(r"(?<=\w)(—|--+|…|\.{3,})(?=\w)")
# What brackets hold within a word is read as a word: "401(k)", "f(x)". Not in "word(s)" or a link.
_PLURAL = re.compile(r"(?<=\w)\((e?s)\)|\(\)")
_BRACKET = re.compile(r"(?<=[\w)\]])[(\[{](?=[\w$\"'-])|(?<=\))(?=\w)")
_LINK = re.compile(r"://|^www\.")
# An aside in brackets, which is set off by pauses. Groups of digits are not: "(415) 555-2671".
_ASIDE_END = re.compile(r"[)\]]\W*$")
_ASIDE = re.compile(r"[(\[](?!\+?\d+\))")
# Pictures, which nobody reads aloud, with their joiners and variation selectors.
_PICTURES = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\ufe00-\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+"
)
_EMOTICON = re.compile(r"[:;]['-]?[()DP|/]\W*")
_IN_TWO = frozenset([("a.", "m."), ("p.", "m."), ("p.", "ej."), ("p.", "ex."), ("s.", "a.")])
_DASH = "-"
# Characters of one word that reach espeak-ng at once: its own buffer holds no more. A longer one is
# not taken apart, which takes a time that grows with its square.
_MAX_WORD = 200


# Languages that espeak-ng reads too badly.
_READERS = {"ja": japanese.spoken, "zh": chinese.spoken}
_RESPELLERS = {"fr": french.respelled, "hi": hindi.respelled}


@dataclass(frozen=True, slots=True)
class _Token:
    """A pronounceable piece of a written word, or a lone mark with an empty `core`.

    Its `sound` is given for what is spelled or written in phonemes, and looked up otherwise.
    """

    core: str
    pause: str
    written: int
    sound: str | None = None


def prepare(
    text: str,
    language: str = DEFAULT,
    *,
    espeak_voice: str | None = None,
    lexicon: Lexicon | None = None,
    normalise_for: str | None = "",
) -> list[PreparedText]:
    """Cut a text into utterances and look up how each is pronounced.

    Args:
        text: any text; emoji and lone punctuation are kept as written words that take no time. Of
            markup only what `markup.elements` reads.
        language: BCP 47 tag, see `languages.find`.
        espeak_voice: espeak-ng's name of the voice whose rules apply, for readers that were
            trained on it; any language can then be read. None for the usual one.
        lexicon: words that are read otherwise.
        normalise_for: BCP 47 tag by whose rules numbers and dates are put in words; None for none,
            empty for the language.

    Returns:
        Utterances of at most about 25 words. Their `written` words together are those that
        `words.split` finds in the text, without the tags of what is spelled; one for which nothing
        is said has no spoken word. Empty if nothing can be pronounced.

    Raises:
        LanguageError: the language cannot be read.
        EspeakError: espeak-ng has no such voice.
    """
    reading = Language(language, espeak_voice) if espeak_voice else find(language)
    segmenter = Segmenter()
    segments = [*segmenter.feed(text), *segmenter.flush()]
    rules = reading.tag if normalise_for == "" else normalise_for
    utterances = [_utterance(segment, reading, lexicon, rules) for segment in segments]
    return _with_silent_words_attached(utterances)


def _utterance(
    segment: str, language: Language, lexicon: Lexicon | None, rules: str | None
) -> PreparedText:
    line = segment.endswith("\n")
    segment = " ".join(segment.split()).replace("</spell><spell>", "")
    words = [segment[start:end] for start, end in spans(segment)]
    written = tuple(map(markup.written, words))
    readings = _readings(segment, language, lexicon)
    if language.tag in _READERS:
        spaced = [start > 0 and segment[start - 1] == " " for start, _ in spans(segment)]
        spoken = _read(readings, spaced, written, language)
        return PreparedText(language.tag, written, _ended(spoken, line=line))
    tokens = _said(list(_tokens(readings, language)), language, rules)
    phonemes = _phonemes(tokens, language)
    spoken = tuple(
        SpokenWord(token.core or written[token.written], token.written, sound, token.pause)
        for token, sound in zip(tokens, phonemes, strict=True)
    )
    return PreparedText(language.tag, written, _ended(spoken, line=line))


def _readings(segment: str, language: Language, lexicon: Lexicon | None) -> list[str]:
    """What is read for each word of a text in one line: itself without marks that are silent."""
    plain = silenced(segment)
    for start, end in markup.element_spans(segment):
        plain = plain[:start] + segment[start:end] + plain[end:]
    if primary(language.tag) == "en":
        plain = primed(plain)
    places = spans(segment)
    if lexicon:
        readings = lexicon.readings(plain if spans(plain) == places else segment)
    else:
        readings = [plain[start:end] for start, end in places]
    readings = list(map(compatibility.letters, readings))
    if language.tag not in _READERS:  # which have words of their own for numbers in circles
        readings = list(map(compatibility.numbers, readings))
    return _joined([reading.replace(SILENT, "").replace(GAP, " ") for reading in readings])


def _joined(readings: list[str]) -> list[str]:
    """The readings with abbreviations whole that are written in two words: ``a. m.``."""
    for index, (first, second) in enumerate(pairwise(readings)):
        if (first.lower(), second.lower().rstrip(",;:)")) in _IN_TWO:
            readings[index : index + 2] = [first + second, ""]
    return readings


def _ended(spoken: tuple[SpokenWord, ...], *, line: bool) -> tuple[SpokenWord, ...]:
    """The words of an utterance, with a pause behind them if they end with their line."""
    heard = [index for index, word in enumerate(spoken) if word.phonemes]
    if not line or not heard or any(word.pause for word in spoken[heard[-1] :]):
        return spoken
    last = replace(spoken[heard[-1]], pause=".")
    return (*spoken[: heard[-1]], last, *spoken[heard[-1] + 1 :])


def _read(
    readings: Sequence[str], spaced: Sequence[bool], written: Sequence[str], language: Language
) -> tuple[SpokenWord, ...]:
    """Read a language that has a reader of its own; every written word gets a spoken one."""
    read = _READERS[language.tag]
    spoken: list[SpokenWord] = []
    text, owners = "", list[int]()
    for index, reading in enumerate(readings):
        if spaced[index]:
            text, owners = text + " ", [*owners, index]
        for kind, content in markup.elements(reading):
            if kind == "text":
                text, owners = text + content, owners + [index] * len(content)
                continue
            spoken += read(_PICTURES.sub(_blank, text), owners)
            text, owners = "", []
            if kind == "phonemes":
                spoken.append(SpokenWord(content, index, content))
            else:
                spoken += (word for character in content for word in read(character, [index]))
    spoken += read(_PICTURES.sub(_blank, text), owners)
    heard = {word.written for word in spoken}
    silent = [
        SpokenWord(word, index, "", joined=True)
        for index, word in enumerate(written)
        if index not in heard
    ]
    return tuple(sorted([*spoken, *silent], key=attrgetter("written")))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _tokens(readings: Sequence[str], language: Language) -> list[_Token]:
    """The pieces of each written word; punctuation alone is a piece too."""
    pieces = [(index, piece) for index, reading in enumerate(readings) for piece in reading.split()]
    tokens: list[_Token] = []
    aside = False
    for position, (index, piece) in enumerate(pieces):
        last = position == len(pieces) - 1
        if _ASIDE.match(piece.lstrip(OPENERS.replace("(", "").replace("[", ""))):
            tokens, aside = _paused(tokens), True
        tokens += _pieces(piece, index, language, last=last)
        if aside and _ASIDE_END.search(piece):
            tokens, aside = tokens if last else _paused(tokens), False
    return tokens


def _paused(tokens: list[_Token]) -> list[_Token]:
    """The tokens with a short pause behind them."""
    if not tokens or tokens[-1].pause or not _looked_up(tokens[-1]):
        return tokens
    return [*tokens[:-1], replace(tokens[-1], pause=",")]


def _pieces(word: str, index: int, language: Language, *, last: bool) -> list[_Token]:
    tokens: list[_Token] = []
    parts = markup.elements(word)
    for position, (kind, content) in enumerate(parts):
        if kind == "phonemes":
            tokens.append(_Token(content, "", index, content))
        elif kind == "spell":
            tokens += _spelled(content, index, language)
        else:
            tokens += _plain(content, index, last=last and position == len(parts) - 1)
    return _without_lone_marks(tokens)


def _plain(word: str, index: int, *, last: bool) -> Iterator[_Token]:
    if len(word) <= _MAX_WORD and not _LINK.search(word):
        word = _BRACKET.sub(" ", _PLURAL.sub(r"\1", word))
    parts = [] if _EMOTICON.fullmatch(word) else _PICTURES.sub("", word).split()
    pieces = [piece for part in parts or [""] for piece in [*_JOINT.split(part), ""]]
    for position in range(0, len(pieces), 2):
        ends = last and not any(pieces[position + 1 :])
        yield _Token(*split_word(pieces[position] + pieces[position + 1], last=ends), index)


def _spelled(word: str, index: int, language: Language) -> Iterator[_Token]:
    for name in spelled(word, language.tag):
        sound = " ".join(_alone(name, language))
        yield _Token(name, "" if sound else ",", index, sound)


def _without_lone_marks(tokens: list[_Token]) -> list[_Token]:
    """Give marks that stand beside a spelled or phonetic piece of their word to that piece."""
    kept: list[_Token] = []
    for token in tokens:
        if token.core or len(tokens) == 1:
            kept.append(token)
        elif kept and token.pause:
            kept[-1] = replace(kept[-1], pause=token.pause)
    return kept or tokens[:1]


def _said(tokens: list[_Token], language: Language, rules: str | None) -> list[_Token]:
    """The tokens in words as they are said by a locale; the last of each keeps the pause."""
    if rules is None:
        return tokens
    said: list[_Token] = []
    pauses = [token.pause for token in tokens]
    spoken = normalised([_looked_up(token) for token in tokens], rules, pauses)
    for token, words in zip(tokens, spoken, strict=True):
        if token.sound is not None or words in ([_DASH], [token.core]) or not _looked_up(token):
            said.append(token)
        elif words in ([], [","]):
            pause = token.pause or "".join(words)
            said = [*said[:-1], replace(said[-1], pause=pause)] if said and pause else said
        elif words:
            pause = "" if token.pause == "—" and not token.core else token.pause
            rest = [_spoken(word, token.written, language) for word in words]
            said += [*rest[:-1], replace(rest[-1], pause=pause or rest[-1].pause)]
    return said


def _spoken(word: str, written: int, language: Language) -> _Token:
    """A word that is said for another; a capital by itself is a letter, not an article."""
    core = word.rstrip(",")
    sound = " ".join(_alone(core, language)) if len(core) == 1 and core.isupper() else None
    return _Token(core, "," if word != core else "", written, sound)


def _looked_up(token: _Token) -> str:
    if token.sound is not None or len(token.core) > _MAX_WORD:
        return ""
    return token.core or (_DASH if token.pause == "—" else "")


def _phonemes(tokens: list[_Token], language: Language) -> list[str]:
    """Phonemes of each token, read clause by clause as pauses and given sounds divide them."""
    sounds: list[str] = []
    clause: list[str] = []
    for token in tokens:
        if token.sound is not None:
            sounds += [*_clause(clause, language), token.sound]
            clause = []
            continue
        clause.append(token.core)
        if token.pause:
            sounds += _clause(clause, language)
            clause = []
    sounds += _clause(clause, language)
    return _in_english(tokens, sounds, language) if primary(language.tag) == "en" else sounds


def _in_english(tokens: list[_Token], sounds: list[str], language: Language) -> list[str]:
    """The phonemes with what espeak-ng misreads put right."""
    words = [token.core for token in tokens]
    settled = heteronyms.settled(words, [token.pause for token in tokens], sounds, language.espeak)
    return [
        token.sound or misread.corrected(token.core, language.tag) or sound
        for token, sound in zip(tokens, settled, strict=True)
    ]


def _clause(words: list[str], language: Language) -> list[str]:
    alone = [_alone(word, language) for word in words]
    sounds = [" ".join(groups) for groups in alone]
    if sum(map(bool, alone)) > 1:
        text = " ".join(_respelled(word, language) for word in words)
        together = align(espeak().phonemes(text, language.espeak), alone)
        is_french = primary(language.tag) == "fr"
        sounds = french.linked(words, sounds, together) if is_french else together
    return list(map(hindi.shortened, sounds)) if primary(language.tag) == "hi" else sounds


def _respelled(word: str, language: Language) -> str:
    """A word as espeak-ng reads it right."""
    word = respelled(word, primary(language.tag))
    rules = _RESPELLERS.get(primary(language.tag))
    return rules(word) if rules else word


def _alone(word: str, language: Language) -> list[str]:
    word = _respelled(word, language)
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
