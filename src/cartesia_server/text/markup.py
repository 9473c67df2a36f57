"""Markup inside transcripts: pauses, changes of speed, volume and emotion, spelling, phonemes.

``<break time="1s"/>``, ``<speed ratio="1.2"/>``, ``<volume ratio="0.5"/>`` and
``<emotion value="happy"/>`` stand between words and become directives. ``<spell>AB 12</spell>`` and
``<<k|ɑ|ɹ>>`` say how words are read and stay in the text, one element for each word. All else,
unknown tags included, is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from cartesia_server.text.phones import MAX_PHONES, espeak_ipa
from cartesia_server.voices.emotions import EMOTIONS

# ruff: noqa: RUF001, RUF002 -- phonetic letters look like others

RATIOS = {"speed": (0.6, 1.5), "volume": (0.5, 2.0)}
"""Least and most that a speed or volume tag may ask for."""

MAX_BREAK = 10.0
"""Seconds of the longest pause that one tag makes."""

_MAX_TAG = 100  # characters; what is longer is text

_TAG = re.compile(
    rf"<(/?)(break|speed|volume|emotion|spell)\b([^<>]{{0,{_MAX_TAG}}})>"
    rf"|<<([^<>]{{1,{MAX_PHONES}}})>>",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    rf"<<[^<>]{{0,{MAX_PHONES}}}>?|</?([a-z]*)([^<>]{{0,{_MAX_TAG}}})", re.IGNORECASE
)
_NAMES = ("break", "speed", "volume", "emotion", "spell")
_ATTRIBUTES = {
    "break": ("time",),
    "speed": ("ratio",),
    "volume": ("ratio", "level"),
    "emotion": ("value",),
}
_ACCEPTED = {
    "break": f'a time from 0 to {MAX_BREAK:g} seconds, as <break time="1.5s"/> or "500ms"',
    "speed": f'a ratio from {RATIOS["speed"][0]} to {RATIOS["speed"][1]}, as <speed ratio="1.2"/>',
    "volume": (
        f'a ratio from {RATIOS["volume"][0]} to {RATIOS["volume"][1]}, as <volume ratio="0.8"/>'
    ),
    "emotion": f'an emotion, as <emotion value="happy"/>, of: {", ".join(EMOTIONS)}',
    "phonemes": "phones of the IPA divided by |, as <<k|ɑ|ɹ>>",
}
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/]+))""", re.IGNORECASE)
_TIME = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s)")
_ELEMENT = re.compile(rf"<spell>([^<>]*)</spell>|<<([^<>]{{1,{MAX_PHONES}}})>>")


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Speed:
    """From here on, the rate that the request asks for times `ratio`."""

    ratio: float


@dataclass(frozen=True, slots=True)
class Volume:
    """From here on, the volume that the request asks for times `ratio`."""

    ratio: float


@dataclass(frozen=True, slots=True)
class Emotion:
    """From here on, the emotion of this name in lower case; None for that of the request."""

    name: str | None


Directive: TypeAlias = Break | Speed | Volume | Emotion
Piece: TypeAlias = str | Directive
"""What a transcript is made of: text, and what happens between its words."""


class MarkupError(ValueError):
    """A tag that is known says something that cannot be done.

    Args:
        got: the tag as written.
        accepted: what would have been accepted.
    """

    def __init__(self, got: str, accepted: str) -> None:
        super().__init__(f"got {got!r}, accepted: {accepted}")
        self.got = got
        self.accepted = accepted


class MarkupReader:
    """Finds markup in text that arrives piece by piece, however tags are cut."""

    def __init__(self) -> None:
        self._held = ""
        self._spelling = False

    @property
    def held(self) -> str:
        """The end of the text so far, if it may be the beginning of a tag."""
        return self._held

    def feed(self, text: str) -> list[Piece]:
        """Add text; get what is complete of it: text and directives in their order.

        Raises:
            MarkupError: a known tag is malformed or out of range.
        """
        text = self._held + text
        held = _unfinished(text)
        self._held = text[len(text) - held :]
        return list(self._pieces(text[: len(text) - held]))

    def flush(self) -> list[Piece]:
        """Get what was held back: no more text completes it."""
        text, self._held = self._held, ""
        pieces = self._plain(text)
        self._spelling = False
        return [pieces] if pieces else []

    def _pieces(self, text: str) -> Iterator[Piece]:
        position, pending = 0, ""
        for tag in _TAG.finditer(text):
            pending += self._plain(text[position : tag.start()])
            position = tag.end()
            found = self._read(tag)
            if isinstance(found, str):
                pending += found
                continue
            if pending:
                yield pending
                pending = ""
            yield found
        pending += self._plain(text[position:])
        if pending:
            yield pending

    def _plain(self, text: str) -> str:
        return re.sub(r"[^\s<>]+", r"<spell>\g<0></spell>", text) if self._spelling else text

    def _read(self, tag: re.Match[str]) -> Piece:
        if tag[4] is not None:
            return _phonemes(tag[0], tag[4])
        closing, name = bool(tag[1]), tag[2].lower()
        if name == "spell":
            self._spelling = not closing and not tag[3].rstrip().endswith("/")
            return ""
        return _after(name) if closing else _directive(name, tag)


def element_spans(text: str) -> list[tuple[int, int]]:
    """Where the elements lie that say how words are read: first place, and one past the last."""
    return [element.span() for element in _ELEMENT.finditer(text)]


def elements(word: str) -> list[tuple[str, str]]:
    """Take a word of the text apart.

    Returns:
        Pairs of a kind and its content, in order: ``text`` for what is read as it stands,
        ``spell`` for what is spelled, ``phonemes`` for IPA as espeak-ng writes it.
    """
    parts: list[tuple[str, str]] = []
    position = 0
    for element in _ELEMENT.finditer(word):
        ipa = None if element[2] is None else espeak_ipa(element[2])
        if element[2] is not None and ipa is None:
            continue
        if element.start() > position:
            parts.append(("text", word[position : element.start()]))
        elif ipa is None and parts and parts[-1][0] == "spell":
            parts.append(("spell", parts.pop()[1] + element[1]))  # it came in several pieces
            position = element.end()
            continue
        parts.append(("spell", element[1]) if ipa is None else ("phonemes", ipa))
        position = element.end()
    if position < len(word):
        parts.append(("text", word[position:]))
    return parts


def written(word: str) -> str:
    """A word of the text as timestamps show it: what is spelled without its tags."""
    return re.sub(r"<spell>([^<>]*)</spell>", r"\1", word)


def _unfinished(text: str) -> int:
    """How many characters at the end of a text may be the beginning of a tag."""
    start = text.rfind("<")
    if start < 0:
        return 0
    if text[:start].endswith("<"):
        start -= 1
    found = _UNFINISHED.fullmatch(text, start)
    if not found:
        return 0
    name = (found[1] or "").lower()
    possible = name in _NAMES if found[2] else any(known.startswith(name) for known in _NAMES)
    return len(text) - start if possible else 0


def _directive(name: str, tag: re.Match[str]) -> Directive:
    given = {
        one[1].lower(): one[2] or one[3] or one[4] or "" for one in _ATTRIBUTE.finditer(tag[3])
    }
    value = next((given[key].strip() for key in _ATTRIBUTES[name] if key in given), "")
    if name == "break":
        return Break(_seconds(tag[0], value))
    if name == "emotion":
        if value.lower() not in EMOTIONS:
            _refuse(tag[0], name)
        return Emotion(value.lower())
    ratio = _ratio(name, tag[0], value)
    return Speed(ratio) if name == "speed" else Volume(ratio)


def _after(name: str) -> Piece:
    """What the end of an element means: ``<speed ratio="0.8">slow</speed>``."""
    directives: dict[str, Piece] = {
        "speed": Speed(1.0),
        "volume": Volume(1.0),
        "emotion": Emotion(None),
    }
    return directives.get(name, "")


def _seconds(tag: str, value: str) -> float:
    found = _TIME.fullmatch(value.lower())
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else -1.0
    if not 0 <= seconds <= MAX_BREAK:
        _refuse(tag, "break")
    return seconds


def _ratio(name: str, tag: str, value: str) -> float:
    least, most = RATIOS[name]
    ratio = float(value) if re.fullmatch(r"\d*\.?\d+|\d+\.", value) else 0.0
    if not least <= ratio <= most:
        _refuse(tag, name)
    return ratio


def _phonemes(tag: str, block: str) -> str:
    if espeak_ipa(block) is not None:
        return re.sub(r"\s", "", tag)
    if "|" in block:
        _refuse(tag, "phonemes")
    return tag  # "1 << 2 or 8 >> 1" is text


def _refuse(tag: str, name: str) -> NoReturn:
    raise MarkupError(tag, _ACCEPTED[name])
