"""Numbers that are dialled or typed and count nothing: telephones, cards, accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

Named: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""Words before a number that is typed, such as *code*, and those between, such as *is*."""

_PIECE = re.compile(r"\+?\(?\d+\)?(?:[-.)/]\(?\d+\)?)*")
_YEAR = r"(?:1\d|20)\d\d"
_DATE = re.compile(rf"\d{{4}}-\d\d?-\d\d?|\d\d?-\d\d?-\d{{4}}|{_YEAR}-{_YEAR}")
_FEWEST, _MOST = 7, 19
# An account of a bank: its country, two digits that check it, and groups of four.
_IBAN = re.compile(r"[A-Z]{2}\d\d(?: [A-Z\d]{4}){2,7}(?: [A-Z\d]{1,4})?")
_IBAN_START = re.compile(r"[A-Z]{2}\d\d")
_LONGEST_IBAN = 10  # groups


def groups(words: Sequence[str], pauses: Sequence[str], named: Named) -> dict[int, list[str]]:
    """Find numbers that are read digit by digit.

    Args:
        words: of an utterance, without surrounding punctuation.
        pauses: the mark that follows each word, or an empty string.
        named: what tells that a number in groups is typed, in lower case.

    Returns:
        By the index of each word that belongs to one its groups of digits; the first may begin
        with ``+``. Those of an account may have letters.
    """
    found: dict[int, list[str]] = {}
    index = 0
    while index < len(words):
        if _IBAN_START.fullmatch(words[index]) and (size := _account(words, pauses, index)):
            for place in range(index, index + size):
                found[place] = [words[place]]
            index += size
            continue
        end = index
        while end < len(words) and _PIECE.fullmatch(words[end]):
            end += 1
            if pauses and pauses[end - 1]:
                break
        alone = end == len(words) or len(words[end]) < 3 or bool(pauses and pauses[end - 1])
        typed = end > index and _is_named(words[max(index - 2, 0) : index], named)
        if end > index and _is_dialled(words[index:end], alone=alone, typed=typed):
            for place in range(index, end):
                found[place] = re.findall(r"\+?\d+", words[place])
        index = max(end, index + 1)
    return found


def _account(words: Sequence[str], pauses: Sequence[str], start: int) -> int:
    """How many words an account takes that begins here; none if it is no account."""
    end = start + 1
    while end < min(len(words), start + _LONGEST_IBAN) and not (pauses and pauses[end - 1]):
        end += 1
    found = _IBAN.match(" ".join(words[start:end]))
    digits = sum(map(str.isdecimal, found[0])) if found else 0
    return len(found[0].split()) if found and digits > _FEWEST else 0


def _is_named(before: Sequence[str], named: Named) -> bool:
    codes, links = named
    *earlier, last = ["", *(word.lower() for word in before)]
    return last in codes or (last in links and earlier[-1] in codes)


def _is_dialled(words: Sequence[str], *, alone: bool, typed: bool) -> bool:
    if any(map(_DATE.fullmatch, words)):
        return False
    sizes = [len(group) for word in words for group in re.findall(r"\d+", word)]
    if typed and len(sizes) > 1 and len(set(sizes)) == 1 and 2 <= sizes[0] <= 4:
        return True
    if len(sizes) > 4 and all(size == 4 for size in sizes[:-1]):
        return True
    if not _FEWEST <= sum(sizes) <= _MOST or re.search(r"[./]", "".join(words)):
        return "." in "".join(words) and sizes in ([3, 3, 4], [1, 3, 3, 4])
    first = words[0]
    if len(sizes) == 1:
        return first.startswith("+")
    if first[0] in "+0" or "-" in "".join(words):
        long = first[0] in "+0" and sum(sizes) > 8 and "-" not in first
        return len(sizes) > 2 or sizes == [3, 4] or long
    # "1 234 567" counts; "415 555 2671" and "4111 1111 1111 1111" do not.
    thousands = sizes[0] <= 3 and all(size == 3 for size in sizes[1:])
    if alone and sizes == [3, 3, 3] and first[0] in "6789":
        return True
    return not thousands and all(2 <= size <= 5 for size in sizes) and len(sizes) > 2
