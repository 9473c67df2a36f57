"""What routes ask about dictionaries of pronunciations."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from functools import lru_cache, partial
from itertools import islice

from cartesia_server.pronunciations.store import Dictionary, DictionaryStore
from cartesia_server.text.lexicon import Lexicon, Pronunciation
from cartesia_server.voices.database import is_id, new_id
from cartesia_server.voices.records import Cursor

_READY = 32
"""Dictionaries that are kept ready for use."""


class PronunciationLibrary:
    """All dictionaries of a server. Its coroutines wait for the database on a worker thread."""

    def __init__(self, store: DictionaryStore) -> None:
        self._store = store

    async def page(self, cursor: Cursor) -> tuple[list[Dictionary], bool]:
        """Return one page of the list, newest first, and whether there are more beyond it.

        A cursor that is the id of a deleted dictionary still means its place in the list; one that
        never was a dictionary gives an empty page.
        """
        return await self._store.ask(self._page, cursor)

    async def get(self, id: str) -> Dictionary | None:
        """Return the dictionary with this id, in any case, or None."""
        return await self._store.ask(self._store.get, id) if is_id(id.lower()) else None

    async def lexicon(self, id: str) -> Lexicon | None:
        """Return the dictionary with this id, ready for use, or None."""
        dictionary = await self.get(id)
        return None if dictionary is None else _ready(dictionary.items)

    async def create(self, name: str, items: tuple[Pronunciation, ...]) -> Dictionary:
        """Store a dictionary and return it under its new id."""
        dictionary = Dictionary(new_id(), name, items, datetime.now(timezone.utc))
        await self._store.ask(self._store.add, dictionary)
        return dictionary

    async def update(
        self, id: str, name: str | None, items: tuple[Pronunciation, ...] | None
    ) -> Dictionary | None:
        """Change what is given; return the dictionary, or None when there is none with this id."""
        if not is_id(id.lower()):
            return None
        return await self._store.ask(partial(self._store.change, id, name=name, items=items))

    async def delete(self, id: str) -> bool:
        """Delete a dictionary for good; return whether there was one with this id."""
        return is_id(id.lower()) and await self._store.ask(self._store.remove, id)

    async def close(self) -> None:
        """Close the database."""
        await asyncio.to_thread(self._store.leave)

    def _page(self, cursor: Cursor) -> tuple[list[Dictionary], bool]:
        after, before = cursor.starting_after, cursor.ending_before
        if not all(place is None or is_id(place) for place in (after, before)):
            return [], False
        rows = self._store.between(after, before, backwards=cursor.backwards)
        found = list(islice(rows, cursor.limit + 1))
        data, has_more = found[: cursor.limit], len(found) > cursor.limit
        return data[::-1] if cursor.backwards else data, has_more


@lru_cache(maxsize=_READY)
def _ready(items: tuple[Pronunciation, ...]) -> Lexicon:
    return Lexicon(items)
