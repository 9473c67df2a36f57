"""What is known of a voice, and how lists of voices are narrowed and cut into pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, TypeAlias

from cartesia_server.engines.base import PointVoice, SpeechEngine, Voice, VoicePoint

Gender: TypeAlias = Literal["masculine", "feminine", "gender_neutral"]

GENDERS: tuple[Gender, ...] = ("masculine", "feminine", "gender_neutral")
"""Every `Gender`, for error texts."""


class NoPointError(ValueError):
    """A voice was to be mixed or moved that is no point of the voice space."""

    def __init__(self, voice: VoiceRecord) -> None:
        super().__init__(
            f"the voice {voice.name} is a model of its own ({voice.engine}) and no point of the "
            "voice space: it has no embedding, and cannot be mixed or localized"
        )


@dataclass(frozen=True, slots=True, eq=False)
class VoiceRecord:
    """A voice that requests can name.

    Attributes:
        id: stable id, a UUID.
        name: what people call it. Unique among the built-in voices.
        description: one line.
        language: language it speaks best, ISO 639-1: ``en``.
        gender: how it presents, or None if nobody said.
        country: ISO 3166-1 country of its accent: ``GB``, or None.
        created_at: when it came to be, with time zone.
        embedding: its point of the voice space; None for a voice that an engine brings along.
        engine: name of the speech engine that speaks it.
        is_owner: whether a user made it, so that it may be changed and deleted.
        accents: locales that a user gave it beside its own.
        source: where it comes from: its engine's own name for it (Kokoro's ``af_heart``), or
            ``embedding``, ``clone``, ``localize``.
        own: who speaks, for a voice that an engine brings along.
    """

    id: str
    name: str
    description: str
    language: str
    gender: Gender | None
    country: str | None
    created_at: datetime
    embedding: VoicePoint | None
    engine: str = "kokoro"
    is_owner: bool = False
    source: str = ""
    accents: tuple[str, ...] = ()
    own: Voice | None = None

    @property
    def locale(self) -> str:
        """Language with country where it is known: ``en-GB``."""
        return f"{self.language}-{self.country}" if self.country else self.language

    @property
    def point(self) -> VoicePoint:
        """Its point of the voice space.

        Raises:
            NoPointError: its engine brought it along.
        """
        if self.embedding is None:
            raise NoPointError(self)
        return self.embedding

    def spoken_by(self, engine: SpeechEngine) -> Voice:
        """Who speaks: the voice itself, or else `engine`, which speaks points of the space."""
        return self.own or PointVoice(engine, self.point)

    def speaks(self, tag: str) -> bool:
        """Whether the voice is at home in a BCP 47 tag.

        In ``en`` all English voices are, in ``en-GB`` the British ones. Case and underscores do
        not matter.
        """
        wanted = tag.replace("_", "-").lower()
        return wanted in (self.language.lower(), self.locale.lower())


def seen(name: str, description: str, id: str, source: str) -> str:
    """What people see of a voice, as it is searched: databases fold case each in their own way."""
    return f"{name}\n{description}\n{id}\n{source}".casefold()


@dataclass(frozen=True, slots=True)
class VoiceQuery:
    """Which voices a list should hold; None asks for nothing.

    Attributes:
        gender: those that present so.
        language: those at home in this BCP 47 tag.
        text: those whose name, description or id contains this, in any case.
        is_owner: those that a user made (True), or the built-in ones (False).
    """

    gender: Gender | None = None
    language: str | None = None
    text: str | None = None
    is_owner: bool | None = None

    def matches(self, voice: VoiceRecord) -> bool:
        """Whether `voice` belongs in the list."""
        if self.gender is not None and voice.gender != self.gender:
            return False
        if self.language is not None and not voice.speaks(self.language):
            return False
        if self.is_owner is not None and voice.is_owner != self.is_owner:
            return False
        return self.wanted in seen(voice.name, voice.description, voice.id, voice.source)

    @property
    def wanted(self) -> str:
        """The text as it is looked for in what `seen` returns; empty for none."""
        return (self.text or "").strip().casefold()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page lies: at the start of the list, after a voice, before one, or between two.

    Attributes:
        limit: most voices on the page, at least 1.
        starting_after: id of the last voice of the page before.
        ending_before: id of the first voice of the page after. Given alone, the page is the one
            right before that voice.
    """

    limit: int = 100
    starting_after: str | None = None
    ending_before: str | None = None

    @property
    def backwards(self) -> bool:
        """Whether the list is read towards its start."""
        return self.ending_before is not None and self.starting_after is None


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One page of a list.

    Attributes:
        data: its voices, in the order of the list.
        has_more: whether more voices lie beyond it in the direction of reading.
        next_page: what to send as ``starting_after`` for the page that follows; None on the last
            page, and on pages read backwards.
    """

    data: tuple[VoiceRecord, ...]
    has_more: bool
    next_page: str | None

    @classmethod
    def read(cls, voices: Iterable[VoiceRecord], query: VoiceQuery, cursor: Cursor) -> VoicePage:
        """Take a page from voices that come in the direction of reading, no further than needed."""
        found = tuple(islice(filter(query.matches, voices), cursor.limit + 1))
        data, has_more = found[: cursor.limit], len(found) > cursor.limit
        if cursor.backwards:
            return cls(data[::-1], has_more, None)
        return cls(data, has_more, data[-1].id if has_more else None)
