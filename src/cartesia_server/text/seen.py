"""What a rule looks at: a word among its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Seen:
    """A word and its neighbours, each an empty string at the edges.

    Attributes:
        word: without surrounding punctuation.
        before: the word in front of it.
        after: the word behind it.
        later: up to three words behind it, `after` first.
        former: up to eight words in front of it, `before` first.
        cut_before: whether a pause divides it from `before`.
        cut_after: whether a pause divides it from `after`.
        american: whether it is said as in the USA, where numeric dates begin with the month.
    """

    word: str
    before: str = ""
    after: str = ""
    later: tuple[str, ...] = ()
    cut_before: bool = False
    cut_after: bool = False
    former: tuple[str, ...] = ()
    american: bool = False

    @classmethod
    def at(
        cls, words: Sequence[str], index: int, *, pauses: Sequence[str] = (), american: bool = False
    ) -> Seen:
        """The word at a place of an utterance; `pauses` are the marks behind its words, if any."""
        later = tuple(words[index + 1 : index + 4])
        former = tuple(words[max(index - 8, 0) : index][::-1])
        return cls(
            word=words[index],
            before=words[index - 1] if index else "",
            after=later[0] if later else "",
            later=later,
            cut_before=bool(index and pauses and pauses[index - 1]),
            cut_after=bool(pauses and pauses[index]),
            former=former,
            american=american,
        )

    @property
    def earlier(self) -> str:
        """The word in front of `before`."""
        return self.former[1] if len(self.former) > 1 else ""

    def part(self, word: str, *, before: str | None = None, after: str | None = None) -> Seen:
        """A part of the word, among other neighbours if they are given."""
        return replace(
            self,
            word=word,
            before=self.before if before is None else before,
            after=self.after if after is None else after,
        )
