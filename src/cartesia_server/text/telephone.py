"""Numbers that are dialled or typed and count nothing: telephones, cards."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PIECE = re.compile(r"\+?\(?\d+\)?(?:[-.)/]\(?\d+\)?)*")
_YEAR = r"(?:1\d|20)\d\d"
_DATE = re.compile(rf"\d{{4}}-\d\d?-\d\d?|\d\d?-\d\d?-\d{{4}}|{_YEAR}-{_YEAR}")
_FEWEST, _MOST = 7, 19


def groups(words: Sequence[str], pauses: Sequence[str]) -> dict[int, list[str]]:
    """Find numbers that are read digit by digit.

    Args:
        words: of an utterance, without surrounding punctuation.
        pauses: the mark that follows each word, or an empty string.

    Returns:
        By the index of each word that belongs to one its groups of digits; the first may begin
        with ``+``.
    """
    found: dict[int, list[str]] = {}
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and _PIECE.fullmatch(words[end]):
            end += 1
            if pauses and pauses[end - 1]:
                break
        alone = end == len(words) or len(words[end]) < 3 or bool(pauses and pauses[end - 1])
        if end > index and _is_dialled(words[index:end], alone=alone):
            for place in range(index, end):
                found[place] = re.findall(r"\+?\d+", words[place])
        index = max(end, index + 1)
    return found


def _is_dialled(words: Sequence[str], *, alone: bool) -> bool:
    if any(map(_DATE.fullmatch, words)):
        return False
    sizes = [len(group) for word in words for group in re.findall(r"\d+", word)]
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
