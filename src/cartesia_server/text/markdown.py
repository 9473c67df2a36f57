"""Markdown as language models write it: marks that nobody reads, and lines that end something.

Its words stay in the text as they were written; only how they are read changes. So what is silent
is replaced letter for letter, and every word keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cartesia_server.text.markup import written
from cartesia_server.text.punctuation import OPENERS, ends_clause, word_set

# ruff: noqa: RUF001 -- bullets and dashes look alike

SILENT = "\u2060"
"""What stands where nothing is read: a word joiner, which has no width and no sound."""

GAP = "\u2063"
"""What stands where a word is read as two: an invisible separator."""

_FENCE = "```"
_BULLET = r"[-*•◦▪‣●○·–—]"
_PICTURE = "[\U0001f000-\U0001faff\u2600-\u27bf]"
_NUMBER = re.compile(r"(?:\d{1,3}|[A-Za-z])\)|\d{1,3}\.")
_BLOCK = re.compile(rf"{_BULLET}|#{{1,6}}|>+|{_NUMBER.pattern}|[-*_=]{{3,}}")
_OPENING = re.compile(rf"\||{_FENCE}|\*\*|{_PICTURE}")
_WHOLE = re.compile(rf"\||{_FENCE}|#{{1,6}}$|[-*_=]{{3,}}$")

_SHORT_LINE = 40
"""Characters of a line that is too short to have been wrapped."""

_LEANING = word_set(
    "a an the of and or but to in on at for from by with as is are was were be been am my your his "
    "her its our their this that these those not no than so if when which who el la los las un una "
    "de del y o en con por para que le les des du et ou à il lo gli di da e per che os do dos das "
    "em com"
)
"""Words that no line ends with, unless it was wrapped."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its line a text goes on.

    Attributes:
        column: characters of the line before it, without tags and indentation.
        opening: what the line begins with, empty at its beginning.
        fenced: whether it is code between fences.
    """

    column: int = 0
    opening: str = ""
    fenced: bool = False

    def after(self, unit: str) -> Place:
        """The place behind a word, given with the whitespace behind it."""
        opening = self.opening or unit.rstrip()
        if "\n" not in unit:
            return Place(self.column + len(written(unit)), opening, self.fenced)
        return Place(0, "", self.fenced ^ opening.startswith(_FENCE))

    def line_ends(self, unit: str, following: str, *, complete: bool) -> bool:
        """Whether what is said ends with the line that ends behind a word at this place.

        Args:
            unit: the word, and the whitespace behind it.
            following: the word after it, empty if it is not known yet.
            complete: whether all of that word is there.
        """
        word = unit.rstrip()
        if "\n" not in unit[len(word) :]:
            return False
        opening = self.opening or word
        if self.fenced or _WHOLE.match(opening):
            return True
        start = following.strip()
        if _OPENING.match(start) or (complete and _BLOCK.fullmatch(start)):
            return True
        start = start.lstrip(OPENERS)[:1]
        leads = ends_clause(word) or word.lower() in _LEANING
        short = self.column + len(written(word)) < _SHORT_LINE
        return short and not leads and (start.isupper() or start.isdecimal())


def is_item_number(unit: str) -> bool:
    """Whether a word may count the items of a list: ``1.``, ``b)``."""
    return _NUMBER.fullmatch(unit.strip("* \n\t")) is not None


def silenced(text: str) -> str:
    """An utterance with its Markdown and HTML replaced by `SILENT`, or by marks that are pauses.

    Args:
        text: in one line; the beginning is that of a line of the transcript, or of a sentence.

    Returns:
        A text of the same length, with its spaces in the same places.
    """
    for pattern, read in _RULES:
        text = pattern.sub(read, text)
    return text


def _silent(text: str) -> str:
    return re.sub(r"\S", SILENT, text)


def _all(found: re.Match[str]) -> str:
    return _silent(found[0])


def _but_text(found: re.Match[str]) -> str:
    """Nothing but the first group."""
    start, end = (place - found.start() for place in found.span(1))
    return _silent(found[0][:start]) + found[1] + _silent(found[0][end:])


def _break(found: re.Match[str]) -> str:
    """A pause, even between letters: ``one<br>two``."""
    return f",{GAP}{_silent(found[0][2:])}"


def _row(found: re.Match[str]) -> str:
    """Cells of a table, with pauses between them."""
    if re.fullmatch(r"[\s|:-]+", found[0]):
        return _silent(found[0])
    inner = found[0].rstrip()[1:-1].replace("|", ",")
    return SILENT + inner + SILENT + found[0][len(inner) + 2 :]


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[1].lower(), SILENT) + _silent(found[0][1:])


_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "apos": "'", "#39": "'", "quot": '"', "#34": '"'}
_ATTRIBUTES = r"""(?:\s+[\w:-]+=(?:"[^"]*"|'[^']*'|[^\s<>"']+))*\s*/?"""
_TARGET = r"""(?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?"""
_BLOCK_TAGS = "br|hr|p|div|li|ul|ol|tr|td|th|h[1-6]|table|tbody|thead|blockquote|pre"
_TAGS = (
    "b|i|u|s|a|em|strong|span|code|sub|sup|small|mark|img|speak|prosody|say-as|voice|sentence|lang"
)

_NUMBERED = r"(^\*{0,2}(?:\d{1,3}|[A-Za-z](?=\)))|(?<=[:.!?] )\d{1,2})[.)]"

_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"^{_FENCE}[\w+#.-]*$|^{_FENCE}[\w+#.-]*(?=\s)|{_FENCE}"), _all),
    (re.compile(r"^\|.*\|\s*$"), _row),
    (re.compile(rf"(?<!<)</?(?:{_BLOCK_TAGS}){_ATTRIBUTES}>", re.IGNORECASE), _break),
    (re.compile(rf"(?<!<)</?(?:{_TAGS}){_ATTRIBUTES}>", re.IGNORECASE), _all),
    (re.compile(r"&(#?\w{2,6});"), _entity),
    # Links and images are read by their text; footnotes and sources are not read.
    (re.compile(rf"(?<![A-Za-z\d_])!?\[([^\[\]]*)\]\({_TARGET}\)"), _but_text),
    (re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]"), _but_text),
    (re.compile(r"(?<=[^\s\[(])(?:\[\^?[1-9]\d{0,2}\])+(?![\w(])"), _all),
    (re.compile(r"(?<=[^\s\[(] )(?:\[\^?[1-9]\d{0,2}\])+(?=[.,;:!?]|$)"), _all),
    # Lines.
    (re.compile(rf"^{_BULLET}(?=\s)(?:\s+\[[ xX]?\](?=\s))?"), _all),
    (re.compile(r"^#{1,6}(?=\s)|^>+(?=\s)|(?<=\s)#+$|^[-*_=]{3,}(?=\s|$)"), _all),
    (re.compile(rf"{_NUMBERED}(?=\*{{0,2}}\s\S)"), lambda found: f"{found[1]},"),
    # Emphasis at the edges of words is taken for quotation marks elsewhere.
    (re.compile(r"(?<![\w*])\*\*(\w[^*\s]*)\*\*(?=\w)"), _but_text),
    (re.compile(r"(?:\*\*|~~)(?!\w)|(?<!\w)(?:\*\*|~~)|`"), _all),
    (re.compile(r"\\(?=[*_#`~\[\]()>!-])"), _all),
)
