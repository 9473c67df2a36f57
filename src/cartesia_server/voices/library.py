"""All voices of a server: those that users made, newest first, then the built-in ones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain

from cartesia_server.engines.base import VoicePoint
from cartesia_server.voices.catalogue import Catalogue
from cartesia_server.voices.database import is_id, is_storable, new_id
from cartesia_server.voices.records import (
    GENDERS,
    Cursor,
    Gender,
    VoicePage,
    VoiceQuery,
    VoiceRecord,
)
from cartesia_server.voices.store import VoiceStore

MAX_NAME = 200
MAX_DESCRIPTION = 2000

_TAG = re.compile(
    "(?P<language>[a-z]+)(-[a-z]{4})?(-(?P<region>[a-z]{2}|[0-9]{3}))?", re.IGNORECASE | re.ASCII
)
"""A BCP 47 tag as far as voices have it: language, perhaps script, perhaps region."""


class VoiceFieldError(ValueError):
    """A field of a voice has a value that it cannot have.

    Args:
        field: its name.
        got: its value.
        accepted: what would have been accepted.
    """

    def __init__(self, field: str, got: object, accepted: str) -> None:
        super().__init__(f"{field}: got {got!r}, accepted: {accepted}")
        self.field = field
        self.got = got
        self.accepted = accepted


class BuiltInVoiceError(ValueError):
    """A built-in voice was to be changed or deleted; only voices that users made can be."""

    def __init__(self, voice: VoiceRecord) -> None:
        super().__init__(
            f"id: {voice.id} is the built-in voice {voice.name}; "
            "only voices that were created or cloned can be changed or deleted"
        )


@dataclass(frozen=True, slots=True)
class NewVoice:
    """A voice to be stored.

    Attributes:
        name: 1 to 200 characters; need not be unique.
        description: up to 2,000 characters.
        language: BCP 47 tag of a language that points of the space speak: ``en``, ``en-GB``.
        embedding: its point, as `VoiceSpace.project` or a clone returns it.
        gender: how it presents, or None.
        source: where it comes from: ``embedding``, ``clone``, ``localize``.
    """

    name: str
    description: str
    language: str
    embedding: VoicePoint
    gender: Gender | None = None
    source: str = "embedding"


class VoiceLibrary:
    """What routes ask about voices. Its coroutines wait for the database on a worker thread."""

    def __init__(self, catalogue: Catalogue, store: VoiceStore) -> None:
        self.catalogue = catalogue
        self._store = store

    async def page(self, query: VoiceQuery, cursor: Cursor) -> VoicePage:
        """Return one page of the voices that match, users' first.

        A cursor that is the id of a deleted voice still means its place in the list; one that
        never was a voice gives an empty page.
        """
        return await self._store.ask(self._page, query, cursor)

    async def get(self, id: str) -> VoiceRecord | None:
        """Return the voice with this id, in any case, or None."""
        built_in = self.catalogue.get(id)
        if built_in or not is_id(id.lower()):
            return built_in
        return await self._store.ask(self._store.get, id)

    async def find(self, name_or_id: str) -> VoiceRecord | None:
        """Return the voice with this id or name, in any case, or None; users' voices win."""
        # The id of a built-in voice, which is what most requests hold, waits for no thread.
        by_id = self.catalogue.get(name_or_id.strip())
        return by_id or await self._store.ask(self._find, name_or_id)

    async def create(self, voice: NewVoice) -> VoiceRecord:
        """Store a voice and return it under its new id.

        Raises:
            VoiceFieldError: the name, description or language cannot be.
            StoreError: the database cannot be written.
        """
        name, description, (language, country) = self.check(
            voice.name, voice.description, voice.language
        )
        record = VoiceRecord(
            id=new_id(),
            name=name,
            description=description,
            language=language,
            gender=voice.gender,
            country=country,
            created_at=datetime.now(timezone.utc),
            embedding=voice.embedding,
            is_owner=True,
            source=voice.source,
        )
        await self._store.ask(self._store.add, record)
        return record

    def check(
        self, name: str, description: str, language: str
    ) -> tuple[str, str, tuple[str, str | None]]:
        """Return what `create` would store: name, description, and language with country.

        For voices that take a while to make: what is wrong is better said before.

        Raises:
            VoiceFieldError: one of them cannot be.
        """
        return _name(name), _description(description), self._locale(language)

    async def update(self, id: str, changes: Mapping[str, str | None]) -> VoiceRecord | None:
        """Change a user's voice; return it, or None when there is none with this id.

        Args:
            id: of the voice.
            changes: new values of some of name, description, gender (None: nobody said) and
                language (with country: ``en-GB``).

        Raises:
            VoiceFieldError: a value cannot be, or the field cannot be changed.
            BuiltInVoiceError: the voice is built in.
            StoreError: the database cannot be written.
        """
        self._refuse_built_in(id)
        values = {
            field: _checked(field, value) for field, value in changes.items() if field != "language"
        }
        if "language" in changes:
            values["language"], values["country"] = self._locale(changes["language"] or "")
        if not values or not is_id(id.lower()):
            return await self.get(id)
        return await self._store.ask(self._store.change, id, values)

    async def set_accents(
        self, id: str, choose: Callable[[VoiceRecord], tuple[str, ...]]
    ) -> VoiceRecord | None:
        """Change the accents of a user's voice; return it, or None when there is none.

        Args:
            id: of the voice.
            choose: makes its new accents of the voice as it is.

        Raises:
            BuiltInVoiceError: the voice is built in.
            StoreError: the database cannot be written. What `choose` raises.
        """
        self._refuse_built_in(id)
        if not is_id(id.lower()):
            return None
        return await self._store.ask(self._store.set_accents, id, choose)

    async def refine(self, id: str, embedding: VoicePoint) -> bool:
        """Give a user's voice another point; return whether there was one with this id.

        Raises:
            StoreError: the database cannot be written.
        """
        return await self._store.ask(self._store.refine, id, embedding)

    async def delete(self, id: str) -> bool:
        """Delete a user's voice for good; return whether there was one with this id.

        Raises:
            BuiltInVoiceError: the voice is built in.
            StoreError: the database cannot be written.
        """
        self._refuse_built_in(id)
        return is_id(id.lower()) and await self._store.ask(self._store.remove, id)

    async def ping(self) -> None:
        """See whether the database answers.

        Raises:
            StoreError: it does not.
        """
        await self._store.ask(self._store.ping)

    async def close(self) -> None:
        """Close the database."""
        await asyncio.to_thread(self._store.leave)

    def _page(self, query: VoiceQuery, cursor: Cursor) -> VoicePage:
        parts = [
            () if query.is_owner is False else self._stored(query, cursor),
            self._built_in(cursor),
        ]
        voices = chain.from_iterable(reversed(parts) if cursor.backwards else parts)
        return VoicePage.read(voices, query, cursor)

    def _stored(self, query: VoiceQuery, cursor: Cursor) -> Iterable[VoiceRecord]:
        after, before = cursor.starting_after, cursor.ending_before
        if after is not None and not is_id(after):
            return ()
        if before is not None and not is_id(before):
            # The built-in voices come last: all others lie before each of them.
            if self.catalogue.get(before) is None:
                return ()
            before = None
        return self._store.between(after, before, backwards=cursor.backwards, query=query)

    def _built_in(self, cursor: Cursor) -> Iterable[VoiceRecord]:
        after, before = cursor.starting_after, cursor.ending_before
        if before is not None and is_id(before):
            return ()
        if after is not None and is_id(after):
            after = None
        return self.catalogue.between(after, before, backwards=cursor.backwards)

    def _find(self, name_or_id: str) -> VoiceRecord | None:
        wanted = name_or_id.strip()
        if is_id(wanted.lower()):
            return self._store.get(wanted)
        return self._store.find(wanted) or self.catalogue.find(wanted)

    def _locale(self, tag: str) -> tuple[str, str | None]:
        parts = _TAG.fullmatch(tag.strip().replace("_", "-"))
        language = parts["language"].lower() if parts else ""
        known = sorted({voice.language for voice in self.catalogue.in_space.list()})
        if parts is None or language not in known:
            accepted = f"{', '.join(known)}; with a country if you like: {known[0]}-US"
            raise VoiceFieldError("language", tag, accepted)
        return language, (parts["region"] or "").upper() or None

    def _refuse_built_in(self, id: str) -> None:
        voice = self.catalogue.get(id)
        if voice is not None:
            raise BuiltInVoiceError(voice)


def checked_text(field: str, value: str, least: int, most: int) -> str:
    """Return text as it is stored, without space around it.

    Args:
        field: that holds it, for the error text.
        value: the text.
        least: characters that it must have.
        most: characters that it may have.

    Raises:
        VoiceFieldError: it is too long or too short, or no text to a database.
    """
    text = value.strip()
    if not least <= len(text) <= most:
        accepted = f"{least} to {most} characters" if least else f"up to {most} characters"
        raise VoiceFieldError(field, value, accepted)
    if not is_storable(text):
        raise VoiceFieldError(field, value, "text without the character NUL")
    return text


def _checked(field: str, value: str | None) -> str | None:
    if field == "name":
        return _name(value)
    if field == "description":
        return _description(value)
    if field == "gender":
        return _gender(value)
    raise VoiceFieldError("body", field, "name, description, gender, language")


def _name(value: str | None) -> str:
    return checked_text("name", value or "", 1, MAX_NAME)


def _description(value: str | None) -> str:
    return checked_text("description", value or "", 0, MAX_DESCRIPTION)


def _gender(value: str | None) -> Gender | None:
    if value is None or value in GENDERS:
        return value
    raise VoiceFieldError("gender", value, ", ".join(GENDERS))
