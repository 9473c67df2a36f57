"""Cut text into utterances as it arrives: sentences, or clauses of long ones.

No I/O and no clock: feed text, take what is complete. Pieces joined are the text: no word, as
`words.split` finds them, is ever cut, lost or doubled. Whitespace becomes single spaces, but for
the end of a line that ends an utterance without any mark: it stays, and is a pause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from cartesia_server.text.markdown import Place, is_item_number
from cartesia_server.text.punctuation import SENTENCE_MARKS, ends_clause, ends_sentence, word_set
from cartesia_server.text.words import has_boundary, is_character, units

MAX_WORDS = 25
MAX_CHARS = 320
"""Longest utterance: more costs memory and delay without sounding better."""

_FORESIGHT = 10
"""Longest utterances that are looked through for the end of a sentence before it is cut: how even
its pieces come out depends on its length, but only little on that of a very long one."""

_PER_CHARACTER = 0.5
"""Words that a character of Chinese or Japanese counts for: it takes half as long to say."""

_HIRAGANA = re.compile(r"[\u3041-\u3096]")
_NUMERIC = re.compile(r"\d|\.$")
_ANOTHER = "The"  # a word that a sentence begins with
_PARAGRAPH = re.compile(r"\n\s*\n")
_MIN_CLAUSE = 4  # words; shorter clauses sound chopped off

# Words that a clause may begin with, so that a cut before them is heard as a breath.
_CONNECTIVES = word_set(
    "and but or nor so yet because although though while when where which who whom whose that if "
    "unless until since whereas after before as than with without through during between into "
    "y o pero porque que cuando donde aunque si et ou mais parce que quand dont e ma perché che "
    "quando mas porque"
)


class Segmenter:
    """Turns a stream of text into utterances.

    Args:
        max_words: longest utterance in words; two characters of Chinese or Japanese are one.
        max_chars: longest utterance in characters; only a single longer word exceeds it.
    """

    def __init__(self, *, max_words: int = MAX_WORDS, max_chars: int = MAX_CHARS) -> None:
        self._max_words = max_words
        self._max_chars = max_chars
        self._pending = ""
        self._single = True  # whether no word is known to end within that
        self._place = Place()

    @property
    def pending(self) -> str:
        """Text that was fed and has not come out yet."""
        return self._pending

    def feed(self, text: str) -> Iterator[str]:
        """Add text; get the utterances that are complete now, often none.

        A sentence is complete once the beginning of the next word shows that it ended.

        Returns:
            The utterances, cut as they are taken, since a long text takes a while. To be
            exhausted before the next call.
        """
        grows = self._single and not has_boundary(text)
        self._pending = (self._pending + text).lstrip()
        if grows:  # one word, not to be looked through with each piece of it, however long it gets
            return iter(())
        self._single = not has_boundary(self._pending)
        return self._cut(last=False)

    def flush(self) -> Iterator[str]:
        """Get the rest as if the text ended here, as `feed` gives it."""
        return self._cut(last=True)

    @property
    def may_be_whole(self) -> bool:
        """Whether the pending text may be a whole sentence: it ends in a mark that can end one."""
        words = self._pending.split()
        counts = len(words) == 1 and is_item_number(words[0])
        return bool(words) and not counts and ends_sentence(words[-1], _ANOTHER)

    @property
    def open_word(self) -> str:
        """The end of the pending text that may be the beginning of a longer word, often nothing."""
        if not self._pending or self._pending[-1].isspace():
            return ""
        *_, unit = units(self._pending.rsplit(maxsplit=1)[-1])
        return "" if is_character(unit) else unit

    def release(self) -> Iterator[str]:
        """Get the rest but for `open_word`, as if the text ended there, as `feed` gives it."""
        word = self.open_word
        self._pending = self._pending.removesuffix(word)
        yield from self._cut(last=True)
        self._pending += word

    def _cut(self, *, last: bool) -> Iterator[str]:
        found = units(self._pending)
        words: list[str] = []  # from the end of the last utterance to what was looked at
        index, place = 0, self._place
        while True:
            # A sentence is judged by the word that follows it, and that by whether it may grow.
            words += islice(found, index + 3 - len(words))
            word, following, beyond = (*words[index:], "", "", "")[:3]
            if not word or not (last or following or word[-1].isspace()):
                break
            complete = last or bool(beyond) or following[-1:].isspace()
            counts = is_item_number(word) and _begins_item(words[:index], place)
            ends = _ends(word, following, place, complete=complete) and not counts
            place = place.after(word)
            index += 1
            if ends:
                yield from self._clauses(self._take(words, index))
                index = 0
            elif index >= _FORESIGHT * self._max_words:
                size = self._best_cut(words[:index], aim=self._max_words)
                yield _join(self._take(words, size), ends=False)
                index -= size
        while (most := self._overlong(words[:index])) is not None:
            yield _join(self._take(words, most), ends=False)
            index -= most
        if last:
            yield from self._clauses(self._take(words, index))

    def _take(self, words: list[str], count: int) -> list[str]:
        """Take so many words away, from the text that is pending, too."""
        taken = words[:count]
        del words[:count]
        self._pending = self._pending[sum(map(len, taken)) :]
        for word in taken:
            self._place = self._place.after(word)
        return taken

    def _clauses(self, words: list[str]) -> Iterator[str]:
        """A finished sentence, cut where it is too long, into pieces of similar length."""
        size, chars = _size(words), sum(map(len, words))
        while self._too_long(words):
            count = self._best_cut(words, aim=self._aim(size, chars))
            yield _join(words[:count], ends=False)
            size -= _size(words[:count])
            chars -= sum(map(len, words[:count]))
            words = words[count:]
        if words:
            yield _join(words)

    def _overlong(self, words: list[str]) -> int | None:
        """Where to cut an unfinished sentence that has grown too long; None while it has not."""
        if not self._too_long(words):
            return None
        return self._best_cut(words, aim=self._max_words)

    def _too_long(self, words: list[str]) -> bool:
        size, chars = 0.0, 0
        for index, word in enumerate(words):
            size += _size([word])
            if size > self._max_words or (index and chars + len(word.rstrip()) > self._max_chars):
                return True
            chars += len(word)
        return False

    def _aim(self, size: float, chars: int) -> float:
        pieces = max(-(-size // self._max_words), -(-chars // self._max_chars))
        return -(-size // pieces)

    def _best_cut(self, words: Sequence[str], aim: float) -> int:
        """The best number of words to cut off, at most what fits."""
        sizes = [0.0]
        chars = 0
        for word in words[:-1]:
            chars += len(word)
            size = sizes[-1] + _size([word])
            if len(sizes) > 1 and (size > self._max_words or chars > self._max_chars):
                break
            sizes.append(size)
        shortest = min(_MIN_CLAUSE, sizes[-1])
        candidates = [count for count, size in enumerate(sizes) if count and size >= shortest]
        aim = min(aim, sizes[-1])
        return max(candidates, key=lambda count: _cut_quality(words, count, sizes[count] / aim))


def _ends(word: str, following: str, place: Place, *, complete: bool) -> bool:
    if _PARAGRAPH.search(word) or place.line_ends(word, following, complete=complete):
        return True
    stripped = word.rstrip()
    if not following:
        # Without a next word only a mark that no abbreviation ends in settles it.
        return stripped != word and stripped[-1:] in SENTENCE_MARKS.replace(".", "")
    return ends_sentence(stripped, following.strip(), complete=complete)


def _begins_item(before: Sequence[str], place: Place) -> bool:
    """Whether what follows these words of an utterance may be an item of a list."""
    return not before or not place.opening or before[-1].rstrip().endswith(":")


def _cut_quality(words: Sequence[str], count: int, fullness: float) -> float:
    closeness = -abs(fullness - 1)
    last, following = words[count - 1].rstrip(), words[count].rstrip()
    if ends_clause(last):
        return closeness + 2
    if _NUMERIC.search(last) or _NUMERIC.search(following):
        return closeness - 1  # "5 km", "Dec. 24" and "555 1234" are read together
    if following.lower() in _CONNECTIVES:
        return closeness + 1
    if _HIRAGANA.match(last) and not _HIRAGANA.match(following):
        return closeness + 1  # a Japanese phrase ends in its particles
    return closeness


def _size(words: Sequence[str]) -> float:
    return sum(_PER_CHARACTER if is_character(word) else 1.0 for word in words)


def _join(words: Sequence[str], *, ends: bool = True) -> str:
    """The text of an utterance, and the end of its line if that is all that ends it."""
    text = " ".join("".join(words).split())
    last = words[-1].rstrip()
    line = ends and "\n" in words[-1][len(last) :]
    paused = ends_clause(last) and any(map(str.isalnum, last))
    return f"{text}\n" if line and not paused else text
