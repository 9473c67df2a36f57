"""Voices that users made, kept in SQL.

Each change is one statement in one transaction, written through to the disk before the call
returns: a server killed at any moment has every voice that it answered for, and none by halves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timezone
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from cartesia_server.engines.base import VoicePoint
from cartesia_server.voices.database import Database, is_storable
from cartesia_server.voices.records import VoiceQuery, VoiceRecord, seen
from cartesia_server.voices.schema import VOICES

_ALL = VoiceQuery()
_LONGEST = 10_000  # characters that no voice's texts have together; SQLite fails at 50,000 bytes


class VoiceStore(Database):
    """Users' voices, newest first."""

    def get(self, id: str) -> VoiceRecord | None:
        """Return the voice with this id, in any case, or None."""
        found = self.rows(select(VOICES).where(VOICES.c.id == id.lower()))
        return next(map(_record, found), None)

    def find(self, name: str) -> VoiceRecord | None:
        """Return the newest voice of this name, in any case, or None."""
        wanted = name.strip().casefold()
        if not is_storable(wanted):
            return None
        named = select(VOICES).where(VOICES.c.folded_name == wanted)
        newest = named.order_by(VOICES.c.id.desc()).limit(1)
        return next(map(_record, self.rows(newest)), None)

    def between(
        self,
        after: str | None,
        before: str | None,
        *,
        backwards: bool = False,
        query: VoiceQuery = _ALL,
    ) -> Iterator[VoiceRecord]:
        """Read voices from the newest to the oldest, or backwards, fetching as they are taken.

        Ids are places in time: voices added or deleted meanwhile neither repeat nor hide others.

        Args:
            after: only voices older than this id.
            before: only voices newer than this id.
            backwards: from the oldest to the newest.
            query: leaves out voices that do not match, perhaps not all of them.
        """
        here: list[ColumnElement[bool]] = []
        if after is not None:
            here.append(VOICES.c.id < after)
        if before is not None:
            here.append(VOICES.c.id > before)
        if query.gender is not None:
            here.append(VOICES.c.gender == query.gender)
        if not is_storable(f"{query.language}{query.wanted}") or len(query.wanted) > _LONGEST:
            return iter(())
        if query.language is not None:
            primary, _, region = query.language.replace("_", "-").lower().partition("-")
            here.append(func.lower(VOICES.c.language) == primary)
            if region:
                here.append(func.lower(VOICES.c.country) == region)
        if query.wanted:
            here.append(VOICES.c.seen.contains(query.wanted, autoescape=True))
        order = VOICES.c.id if backwards else VOICES.c.id.desc()
        return map(_record, self.rows(select(VOICES).where(*here).order_by(order)))

    def add(self, voice: VoiceRecord) -> None:
        """Store a new voice; its id comes from `new_id`."""
        with self.transaction() as connection:
            connection.execute(insert(VOICES).values(_columns(voice)))

    def change(self, id: str, values: Mapping[str, str | None]) -> VoiceRecord | None:
        """Change some of what people say of a voice; return it, or None if it is gone.

        Args:
            id: of the voice.
            values: of name, description, gender, language and country.
        """
        this = VOICES.c.id == id.lower()
        with self.transaction() as connection:
            row = connection.execute(select(VOICES).where(this).with_for_update()).one_or_none()
            if row is None:
                return None
            folded = _folded(**{**row._mapping, **values})
            statement = update(VOICES).where(this).values(**values, **folded)
            return _record(connection.execute(statement.returning(VOICES)).one())

    def set_accents(
        self, id: str, choose: Callable[[VoiceRecord], tuple[str, ...]]
    ) -> VoiceRecord | None:
        """Change the accents of a voice; return it, or None if it is gone.

        Args:
            id: of the voice.
            choose: makes its new accents of the voice as it is, which nobody changes meanwhile.
        """
        this = VOICES.c.id == id.lower()
        with self.transaction() as connection:
            row = connection.execute(select(VOICES).where(this).with_for_update()).one_or_none()
            if row is None:
                return None
            accents = " ".join(choose(_record(row)))
            statement = update(VOICES).where(this).values(accents=accents)
            return _record(connection.execute(statement.returning(VOICES)).one())

    def refine(self, id: str, embedding: VoicePoint) -> bool:
        """Change where a voice lies; return whether it was there."""
        with self.transaction() as connection:
            statement = update(VOICES).where(VOICES.c.id == id.lower())
            return bool(connection.execute(statement.values(embedding=_packed(embedding))).rowcount)

    def remove(self, id: str) -> bool:
        """Delete a voice for good; return whether it was there."""
        with self.transaction() as connection:
            return bool(
                connection.execute(delete(VOICES).where(VOICES.c.id == id.lower())).rowcount
            )


def _columns(voice: VoiceRecord) -> dict[str, object]:
    return {
        "id": voice.id,
        "name": voice.name,
        "description": voice.description,
        "language": voice.language,
        "gender": voice.gender,
        "country": voice.country,
        "created_at": voice.created_at.astimezone(timezone.utc),
        "embedding": _packed(voice.point),
        "engine": voice.engine,
        "source": voice.source,
        "accents": " ".join(voice.accents),
        **_folded(voice.name, voice.description, voice.id, voice.source),
    }


def _folded(name: str, description: str, id: str, source: str, **_: object) -> dict[str, str]:
    """What voices are found by."""
    return {"folded_name": name.casefold(), "seen": seen(name, description, id, source)}


def _packed(embedding: VoicePoint) -> bytes:
    return embedding.astype("<f4").tobytes()


def _record(row: Row[Any]) -> VoiceRecord:
    created = row.created_at
    return VoiceRecord(
        id=row.id,
        name=row.name,
        description=row.description,
        language=row.language,
        gender=row.gender,
        country=row.country,
        # SQLite keeps no time zone; what was written is UTC.
        created_at=created if created.tzinfo else created.replace(tzinfo=timezone.utc),
        embedding=np.frombuffer(row.embedding, "<f4").astype(np.float32),
        engine=row.engine,
        source=row.source,
        accents=tuple(row.accents.split()),
        is_owner=True,
    )
