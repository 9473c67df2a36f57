"""A text that is put in other words, each letter of which knows where it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

# ruff: noqa: RUF001 -- wide letters look like narrow ones

Rule: TypeAlias = "tuple[re.Pattern[str], Callable[[re.Match[str]], str]]"
"""What to look for, and what is said for it."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text, and for each of its letters an offset in the text that it was made of.

    Attributes:
        text: as it is now.
        origins: as long as `text`, never decreasing.
    """

    text: str
    origins: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Rewritten:
        """A text that nothing has been done to."""
        return cls(text, tuple(range(len(text))))

    def by(self, rules: Iterable[Rule]) -> Rewritten:
        """Apply rules, one after the other, each to what those before it made."""
        rewritten = self
        for pattern, say in rules:
            rewritten = rewritten._replaced(pattern, say)
        return rewritten

    def _replaced(self, pattern: re.Pattern[str], say: Callable[[re.Match[str]], str]) -> Rewritten:
        text: list[str] = []
        origins: list[int] = []
        position = 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            said = say(found)
            text += [self.text[position:start], said]
            origins += self.origins[position:start]
            # What is said is spread over all that it stands for.
            length = end - start
            origins += (
                self.origins[start + index * length // len(said)] for index in range(len(said))
            )
            position = end
        text.append(self.text[position:])
        origins += self.origins[position:]
        return Rewritten("".join(text), tuple(origins))


def _narrow(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0])


NARROW: Rule = (
    re.compile(
        r"[０-９Ａ-Ｚａ-ｚ％＋＝￥＄＠＆]|(?<=[０-９\d])[：．－／](?=[０-９\d])"
        r"|(?<=[０-９\d])，(?=[０-９\d]{3}(?![０-９\d]))"
    ),
    _narrow,
)
"""Letters, digits and signs as wide as Chinese characters, made narrow."""

CIRCLED: Rule = (re.compile("[①-⑳]"), lambda found: f"{unicodedata.normalize('NFKC', found[0])}、")
"""Numbers in circles, which count what comes."""
