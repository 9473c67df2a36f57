"""The built-in voices: Kokoro's 54 and those that engines bring, under stable ids and names."""

from __future__ import annotations

import difflib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib.resources import files
from typing import Any

from cartesia_server.voices.records import Cursor, VoicePage, VoiceQuery, VoiceRecord
from cartesia_server.voices.space import VoiceSpace

# Ids are derived from Kokoro's names, so they are the same on every machine and in every release.
_NAMESPACE = uuid.UUID("5b1f3b0e-6c0f-5c0e-9d0a-4b6f6b6f726f")

# When Kokoro 1.0 was published.
_PUBLISHED = datetime(2025, 1, 27, tzinfo=timezone.utc)

_COMPARED = 100
"""Characters of an unknown name that are compared: the time it takes grows with their square."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The built-in voices, best first within each language. Immutable; share one among threads.

    The order within a language follows the grades that Kokoro's authors publish; voices that
    engines bring along come after those of the voice space.

    Attributes:
        space: the voice space that the voices are points of.
        voices: every built-in voice, English first.
    """

    space: VoiceSpace
    voices: tuple[VoiceRecord, ...]

    @classmethod
    def load(cls, space: VoiceSpace | None = None, own: Iterable[VoiceRecord] = ()) -> Catalogue:
        """Read the packaged data.

        Args:
            space: the voice space, when it is loaded already.
            own: voices that engines bring along. One whose name is taken gets its source added.
        """
        space = space or VoiceSpace.load()
        data = files("cartesia_server.voices") / "data" / "voices.json"
        entries = json.loads(data.read_text(encoding="utf-8"))
        return cls(space, _distinct([*(_record(entry, space) for entry in entries), *own]))

    @property
    def in_space(self) -> Catalogue:
        """Only the voices that are points of the voice space, and so can be mixed and moved."""
        return replace(self, voices=tuple(v for v in self.voices if v.embedding is not None))

    def list(self) -> Sequence[VoiceRecord]:
        """Return every built-in voice, best first within each language."""
        return self.voices

    def get(self, id: str) -> VoiceRecord | None:
        """Return the voice with this id, in any case, or None."""
        wanted = id.lower()
        return next((voice for voice in self.voices if voice.id == wanted), None)

    def find(self, name_or_id: str) -> VoiceRecord | None:
        """Return the voice of this id, name or source (``af_heart``), in any case, or None."""
        wanted = name_or_id.strip().casefold()
        for voice in self.voices:
            if wanted in (voice.id, voice.name.casefold(), voice.source.casefold()):
                return voice
        return None

    def default(self, language: str = "en") -> VoiceRecord | None:
        """Return the best voice at home in a BCP 47 tag, or in its language; None without one."""
        primary = language.replace("_", "-").split("-")[0]
        for tag in (language, primary):
            voice = next((voice for voice in self.voices if voice.speaks(tag)), None)
            if voice is not None:
                return voice
        return None

    def suggest(self, name: str, count: int = 5) -> tuple[str, ...]:
        """Return names to offer when `name` is unknown: the similar ones, then the best ones."""
        names = {voice.name.casefold(): voice.name for voice in self.voices}
        wanted = name.strip().casefold()[:_COMPARED]
        close = difflib.get_close_matches(wanted, names, n=count)
        best = [key for key in names if key not in close]
        return tuple(names[key] for key in [*close, *best][:count])

    def page(self, query: VoiceQuery, cursor: Cursor) -> VoicePage:
        """Return one page of the voices that match; an unknown cursor gives an empty page."""
        voices = self.between(
            cursor.starting_after, cursor.ending_before, backwards=cursor.backwards
        )
        return VoicePage.read(voices, query, cursor)

    def between(
        self, after: str | None, before: str | None, *, backwards: bool = False
    ) -> Sequence[VoiceRecord]:
        """Return the voices after one id and before another, None for no bound.

        An unknown id leaves nothing.

        Args:
            after: only voices after this id.
            before: only voices before this id.
            backwards: from the last to the first.
        """
        positions = {voice.id: position for position, voice in enumerate(self.voices)}
        end = len(self.voices)
        first = 0 if after is None else positions.get(after, end) + 1
        last = end if before is None else positions.get(before, 0)
        voices = self.voices[first:last]
        return voices[::-1] if backwards else voices


def _distinct(voices: Iterable[VoiceRecord]) -> tuple[VoiceRecord, ...]:
    """The voices, each under a name that no other has."""
    named: dict[str, VoiceRecord] = {}
    for voice in voices:
        name = voice.name
        if name.casefold() in named:
            name = f"{name} ({voice.source})"
        named[name.casefold()] = replace(voice, name=name)
    return tuple(named.values())


def _record(entry: dict[str, Any], space: VoiceSpace) -> VoiceRecord:
    pack = entry["pack"]
    return VoiceRecord(
        id=entry.get("id") or str(uuid.uuid5(_NAMESPACE, pack)),
        name=entry["name"],
        description=entry["description"],
        language=entry["language"],
        gender=entry["gender"],
        country=entry["country"],
        created_at=_PUBLISHED,
        embedding=space.point(pack),
        source=pack,
    )
