"""Dictionaries of pronunciations, kept in SQL beside the voices."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from cartesia_server.text.lexicon import Pronunciation
from cartesia_server.voices.database import Database
from cartesia_server.voices.schema import PRONUNCIATION_DICTS


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary of pronunciations.

    Attributes:
        id: from `new_id`, so that ids sort by age.
        name: what people call it; need not be unique.
        items: its words, in the order in which they were given.
        created_at: when it came to be, with time zone.
    """

    id: str
    name: str
    items: tuple[Pronunciation, ...]
    created_at: datetime


class DictionaryStore(Database):
    """Users' dictionaries, newest first. Each change is one statement in one transaction."""

    def get(self, id: str) -> Dictionary | None:
        """Return the dictionary with this id, in any case, or None."""
        wanted = PRONUNCIATION_DICTS.c.id == id.lower()
        return next(map(_dictionary, self.rows(select(PRONUNCIATION_DICTS).where(wanted))), None)

    def between(
        self, after: str | None, before: str | None, *, backwards: bool = False
    ) -> Iterator[Dictionary]:
        """Read dictionaries from the newest to the oldest, or backwards.

        Args:
            after: only those older than this id.
            before: only those newer than this id.
            backwards: from the oldest to the newest.
        """
        place, statement = PRONUNCIATION_DICTS.c.id, select(PRONUNCIATION_DICTS)
        if after is not None:
            statement = statement.where(place < after)
        if before is not None:
            statement = statement.where(place > before)
        return map(_dictionary, self.rows(statement.order_by(place if backwards else place.desc())))

    def add(self, dictionary: Dictionary) -> None:
        """Store a new dictionary."""
        values = {
            "id": dictionary.id,
            "name": dictionary.name,
            "items": _packed(dictionary.items),
            "created_at": dictionary.created_at.astimezone(timezone.utc),
        }
        with self.transaction() as connection:
            connection.execute(insert(PRONUNCIATION_DICTS).values(values))

    def change(
        self, id: str, *, name: str | None = None, items: tuple[Pronunciation, ...] | None = None
    ) -> Dictionary | None:
        """Change what is given; return the dictionary, or None if it is gone."""
        values: Mapping[str, str] = {
            **({} if name is None else {"name": name}),
            **({} if items is None else {"items": _packed(items)}),
        }
        if not values:
            return self.get(id)
        with self.transaction() as connection:
            statement = update(PRONUNCIATION_DICTS).where(PRONUNCIATION_DICTS.c.id == id.lower())
            changed = statement.values(**values).returning(PRONUNCIATION_DICTS)
            row = connection.execute(changed).one_or_none()
        return None if row is None else _dictionary(row)

    def remove(self, id: str) -> bool:
        """Delete a dictionary for good; return whether it was there."""
        with self.transaction() as connection:
            statement = delete(PRONUNCIATION_DICTS).where(PRONUNCIATION_DICTS.c.id == id.lower())
            return bool(connection.execute(statement).rowcount)


def _packed(items: tuple[Pronunciation, ...]) -> str:
    return json.dumps([asdict(item) for item in items], ensure_ascii=False)


def _dictionary(row: Row[Any]) -> Dictionary:
    created = row.created_at
    return Dictionary(
        id=row.id,
        name=row.name,
        items=tuple(Pronunciation(**item) for item in json.loads(row.items)),
        # SQLite keeps no time zone; what was written is UTC.
        created_at=created if created.tzinfo else created.replace(tzinfo=timezone.utc),
    )
