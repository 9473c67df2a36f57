"""Which phonemes of a sentence belong to which of its words.

espeak-ng reads a sentence in its context, which is what it should sound like, but does not say
where words begin: it runs ``of the`` together and reads ``25`` as two. Each word read alone
gives the key: the two readings are aligned, word by word where they agree, phoneme by phoneme
(Levenshtein) in between.
"""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

# ruff: noqa: RUF001 -- phonetic letters look like others

STRESS = "ˈˌ"
TIE = "\u0361"

MODIFIERS = "ːˑʲʰʷˠˤᵝ̩̯̃̚˥˦˧˨˩"
_UNIT = re.compile(rf"[{STRESS}]*[^{STRESS}](?:{TIE}.|[{MODIFIERS}])*|[{STRESS}]+$")
VOWELS = frozenset("aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻ")
"""Letters that a vowel begins with."""

_MAX_CELLS = 250_000  # of the alignment table: 500 by 500 phonemes, 50 ms

_SAME, _ALIKE, _UNLIKE, _GAP = 0, 1, 3, 1


def units(phonemes: str) -> list[str]:
    """Split IPA into phonemes: stress before, ties and modifiers after the letter they shape."""
    return [unit for unit in _UNIT.findall(phonemes) if not unit.isspace()]


def align(groups: Sequence[str], alone: Sequence[Sequence[str]]) -> list[str]:
    """Share out the phonemes of a sentence among its words.

    Args:
        groups: the sentence as espeak-ng groups it.
        alone: the groups of each word when read alone; empty for a word that is not pronounced.

    Returns:
        Phonemes of each word, as many as `alone`; groups of one word are joined by a space.
    """
    flat = [group for word in alone for group in word]
    owners = [index for index, word in enumerate(alone) for _ in word]
    if len(flat) == len(groups):
        return _collect(zip(owners, groups, strict=True), len(alone))
    shares: list[tuple[int, str]] = []
    matcher = SequenceMatcher(None, _unstressed(flat), _unstressed(groups), autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        if i_end - i == j_end - j:
            shares += zip(owners[i:i_end], groups[j:j_end], strict=True)
        elif i == i_end:
            shares += ((owners[max(i - 1, 0)] if owners else 0, group) for group in groups[j:j_end])
        else:
            shares += _share(flat[i:i_end], owners[i:i_end], groups[j:j_end])
    if {owner for owner, _ in shares} != set(owners):
        # A word lost its phonemes to a neighbour that looked like it: look at the whole.
        shares = _share(flat, owners, groups)
    return _collect(shares, len(alone))


def _unstressed(groups: Sequence[str]) -> list[str]:
    return [group.translate({ord(mark): None for mark in STRESS}) for group in groups]


def _collect(shares: Iterable[tuple[int, str]], count: int) -> list[str]:
    words: list[list[str]] = [[] for _ in range(count)]
    for owner, phonemes in shares:
        words[owner].append(phonemes)
    return [" ".join(word) for word in words]


def _share(
    alone: Sequence[str], owners: Sequence[int], groups: Sequence[str]
) -> list[tuple[int, str]]:
    """Give each phoneme of `groups` the owner of the phoneme it aligns with in `alone`."""
    source = [
        (unit, owner) for word, owner in zip(alone, owners, strict=True) for unit in units(word)
    ]
    target = [units(group) for group in groups]
    given = iter(_owners(source, [unit for group in target for unit in group]))
    shares: list[tuple[int, str]] = []
    for group in target:
        pieces = [(next(given), unit) for unit in group]
        shares += (
            (owner, "".join(unit for _, unit in run))
            for owner, run in itertools.groupby(pieces, key=operator.itemgetter(0))
        )
    return shares


def _owners(source: list[tuple[str, int]], target: list[str]) -> list[int]:
    """For each phoneme of `target` the owner of its partner in `source`; never decreasing."""
    rows, columns = len(source), len(target)
    if rows * columns > _MAX_CELLS:
        return [source[index * rows // columns][1] for index in range(columns)]
    table = [[_GAP * column for column in range(columns + 1)]]
    for row, (unit, _) in enumerate(source, 1):
        above, line = table[-1], [_GAP * row]
        for column, other in enumerate(target, 1):
            line.append(
                min(
                    above[column - 1] + _difference(unit, other),
                    above[column] + _GAP,
                    line[column - 1] + _GAP,
                )
            )
        table.append(line)
    return _trace(table, source, target)


def _trace(table: list[list[int]], source: list[tuple[str, int]], target: list[str]) -> list[int]:
    owners = [0] * len(target)
    row, column = len(source), len(target)
    while column:
        here = table[row][column]
        if row and here == table[row - 1][column - 1] + _difference(
            source[row - 1][0], target[column - 1]
        ):
            row, column = row - 1, column - 1
            owners[column] = source[row][1]
        elif row and here == table[row - 1][column] + _GAP:
            row -= 1
        else:
            column -= 1
            owners[column] = source[max(row - 1, 0)][1]
    return owners


def _difference(one: str, other: str) -> int:
    one, other = one.lstrip(STRESS), other.lstrip(STRESS)
    if one == other:
        return _SAME
    return _ALIKE if (one[:1] in VOWELS) == (other[:1] in VOWELS) else _UNLIKE
