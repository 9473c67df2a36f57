"""Words that a dictionary reads otherwise: search and replace that knows what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cartesia_server.text.markdown import SILENT, is_item_number
from cartesia_server.text.markup import MarkupError, MarkupReader, element_spans
from cartesia_server.text.punctuation import OPENERS, ends_sentence
from cartesia_server.text.words import spans as word_spans

# ruff: noqa: RUF002 -- phonetic letters look like others

_SOLID_SCRIPTS = (
    ("\u0e00", "\u0eff"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uf900", "\ufaff"),
)
"""First and last letters of scripts that put no spaces between words."""


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How a word or phrase is read.

    Attributes:
        text: as it is written. In lower case it also stands for its form with a capital at the
            start of a sentence.
        spoken: what to read in its place; may hold ``<<k|ɑ|ɹ>>`` and ``<spell>AB</spell>``.
        case_sensitive: whether capitals make another word.
    """

    text: str
    spoken: str
    case_sensitive: bool = True

    def __post_init__(self) -> None:
        """Put each in the form in which the text is looked through.

        Raises:
            MarkupError: `spoken` holds markup that has no place in a word.
        """
        object.__setattr__(self, "text", " ".join(self.text.split()))
        object.__setattr__(self, "spoken", _read(self.spoken))


class Lexicon:
    """A dictionary ready for use: of several entries that match, the longest, then the last wins.

    Args:
        entries: in order.
    """

    def __init__(self, entries: Iterable[Pronunciation]) -> None:
        self._by_start: dict[str, list[Pronunciation]] = {}
        for entry in entries:
            self._by_start.setdefault(entry.text[:1].casefold(), []).insert(0, entry)
        for alike in self._by_start.values():
            alike.sort(key=lambda entry: -len(entry.text))

    def readings(self, text: str) -> list[str]:
        """What to read for each word of an utterance, as `words.split` finds them.

        Args:
            text: with single spaces, elements of markup included.

        Returns:
            For each word the text to read for it: itself, or several words, or none where others
            of its phrase say it all.
        """
        spans = _Spans(text)
        position = 0
        for start, end, spoken in self._found(text, spans):
            spans.keep(position, start)
            spans.replace(start, end, spoken)
            position = end
        spans.keep(position, len(text))
        return spans.readings

    def _found(self, text: str, spans: _Spans) -> Iterator[tuple[int, int, str]]:
        """Where entries match, from left to right, and what is read there."""
        untouched = dict(element_spans(text))
        position = 0
        while position < len(text):
            if position in untouched:
                position = untouched[position]
                continue
            entry = self._match(text, position, spans)
            if entry is None:
                position += 1
                continue
            yield position, position + len(entry.text), entry.spoken
            position += len(entry.text)

    def _match(self, text: str, position: int, spans: _Spans) -> Pronunciation | None:
        for entry in self._by_start.get(text[position].casefold(), ()):
            end = position + len(entry.text)
            if _is_border(text, position) and _is_border(text, end):
                found = text[position:end]
                if found == entry.text:
                    return entry
                if not entry.case_sensitive and found.casefold() == entry.text.casefold():
                    return entry
                if _with_capital(entry.text) == found and spans.begins_sentence(position):
                    return entry
        return None


class _Spans:
    """The words of a text by their place in it, and what is read for them.

    Attributes:
        readings: grows while `keep` and `replace` go through the text from left to right.
    """

    def __init__(self, text: str) -> None:
        places = word_spans(text)
        self._words = [text[start:end] for start, end in places]
        self._starts = [start for start, _ in places]
        self.readings = [""] * len(places)

    def keep(self, start: int, end: int) -> None:
        """Read the text from `start` to `end` as it stands."""
        for index in self._touched(start, end):
            word, first = self._words[index], self._starts[index]
            self.readings[index] += word[max(start - first, 0) : max(end - first, 0)]

    def replace(self, start: int, end: int, spoken: str) -> None:
        """Read `spoken` for the text from `start` to `end`, shared out among its words."""
        touched, parts = self._touched(start, end), spoken.split()
        for number, index in enumerate(touched):
            first, last = (len(parts) * place // len(touched) for place in (number, number + 1))
            self.readings[index] += " ".join(parts[first:last])

    def begins_sentence(self, position: int) -> bool:
        """Whether a sentence begins at a place in the text."""
        (index, *_) = self._touched(position, position + 1)
        word = self._words[index]
        if word[: position - self._starts[index]].strip(OPENERS + SILENT):
            return False
        if not any(map(_is_said, self._words[:index])):
            return True
        return ends_sentence(self._words[index - 1], word)

    def _touched(self, start: int, end: int) -> list[int]:
        return [
            index
            for index, (first, word) in enumerate(zip(self._starts, self._words, strict=True))
            if first < end and start < first + len(word)
        ]


def _is_said(word: str) -> bool:
    """Whether a word is more than the mark, or the number, that an item of a list begins with."""
    return any(map(str.isalnum, word)) and not is_item_number(word.replace(",", "."))


def _read(spoken: str) -> str:
    reader = MarkupReader()
    pieces = [*reader.feed(spoken), *reader.flush()]
    if any(not isinstance(piece, str) for piece in pieces):
        raise MarkupError(spoken, "words, <<k|\u0251|\u0279>> and <spell>AB</spell>")
    return " ".join("".join(map(str, pieces)).split())


def _is_border(text: str, position: int) -> bool:
    """Whether no word runs across a place in the text."""
    if not 0 < position < len(text):
        return position in (0, len(text))
    return not (_joins(text[position - 1]) and _joins(text[position]))


def _joins(letter: str) -> bool:
    return letter.isalnum() and not any(first <= letter <= last for first, last in _SOLID_SCRIPTS)


def _with_capital(text: str) -> str | None:
    return text[:1].upper() + text[1:] if text == text.lower() else None
