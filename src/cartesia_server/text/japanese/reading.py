"""How Japanese text is read, by Open JTalk: words, their pronunciation, their phonemes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartesia_server.engines.base import SpokenWord
from cartesia_server.text.foreign import spoken_letters
from cartesia_server.text.japanese.kana import owners as kana_owners
from cartesia_server.text.japanese.kana import sounds
from cartesia_server.text.japanese.normalise import said
from cartesia_server.text.punctuation import split_word

_KANA = re.compile("[\u30a1-\u30fc]")
_LETTERS = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")  # noqa: RUF001

# Endings and auxiliaries; particles after nouns are words of their own.
_LEANING = ("接続助詞", "接尾", "非自立")

_lock = threading.Lock()  # Open JTalk keeps one text at a time


def spoken(text: str, owners: Sequence[int]) -> list[SpokenWord]:
    """Read a Japanese utterance.

    Args:
        text: the utterance as written.
        owners: for each character of it the index of the written word that it belongs to.

    Returns:
        A word for each character that is said, for each word in letters, and for each mark.
    """
    rewritten = said(text)
    words: list[SpokenWord] = []
    last = 0
    after_mark = True
    for entry in _entries(rewritten.text):
        start, end = entry["char_span"]
        surface = rewritten.text[start:end]
        written = [owners[origin] for origin in rewritten.origins[start:end]] or [last]
        last = written[-1]
        if not _KANA.search(entry["pron"]):
            words += _marks(surface, written)
            after_mark = True
        elif _is_spelled_out(entry, surface):
            words.append(spoken_letters(surface, written[0]))
            after_mark = False
        else:
            joined = not after_mark and _leans(entry)
            words += _characters(surface or entry["surface"], entry, written, joined=joined)
            after_mark = False
    return words


def _entries(text: str) -> Sequence[Mapping[str, Any]]:
    import pyopenjtalk

    with _lock:
        entries: Sequence[Mapping[str, Any]] = pyopenjtalk.g2p_mapping(text)
    return entries


def _marks(surface: str, written: Sequence[int]) -> Iterator[SpokenWord]:
    for found in re.finditer(r"(\S)\1*", surface):
        mark = found[0]
        yield SpokenWord(mark, written[found.start()], "", split_word(mark)[1], joined=True)


def _is_spelled_out(entry: Mapping[str, Any], surface: str) -> bool:
    """Whether this is a word in letters that the dictionary lacks; acronyms are spelled."""
    return (
        bool(entry["is_unknown"])
        and _LETTERS.fullmatch(surface) is not None
        and not surface.isupper()
    )


def _leans(entry: Mapping[str, Any]) -> bool:
    """Whether a word is said in one breath with the one before it."""
    if entry["pos_group1"] == "数":
        return bool(entry["chain_flag"] == 1)
    return entry["pos"] == "助動詞" or entry["pos_group1"] in _LEANING


def _characters(
    surface: str, entry: Mapping[str, Any], written: Sequence[int], *, joined: bool
) -> Iterator[SpokenWord]:
    """A word, character by character where each of them is a written word of its own."""
    pron, reading = entry["pron"].replace("’", ""), entry["read"]  # noqa: RUF001 -- devoicing
    if len(set(written)) == 1:
        shared: Sequence[int] = [0] * len(pron)
    else:
        shared = kana_owners(surface, reading if len(reading) == len(pron) else pron)
    shares = [""] * len(surface)
    for phonemes, start, end in sounds(pron):
        first, second = shared[start], shared[end - 1]
        split = len(phonemes) - 1 if first != second else len(phonemes)
        shares[first] += phonemes[:split]
        shares[second] += phonemes[split:]
    if len(set(written)) == 1:
        yield SpokenWord(entry["surface"], written[0], shares[0], joined=joined)
        return
    for index, (character, phonemes) in enumerate(zip(surface, shares, strict=True)):
        yield SpokenWord(character, written[index], phonemes, joined=joined or index > 0)
