"""Voices that users made, kept in SQL: a SQLite file by default, PostgreSQL by a URL.

Each change is one statement in one transaction, written through to the disk before the call
returns: a server killed at any moment has every voice that it answered for, and none by halves.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timezone
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from cartesia_server.engines.base import VoicePoint
from cartesia_server.voices.records import VoiceRecord
from cartesia_server.voices.schema import VOICES, StoreError, migrate

_LOCK_PATIENCE = 15.0  # seconds that a writer waits for another process
_LOCK_RETRY = 0.02  # seconds
_CHUNK = 200  # rows fetched at a time while a list is narrowed
_READING = {"cartesia_reading": True}  # marks connections that take no write lock


def new_voice_id() -> str:
    """Return a new voice id: a UUID of version 7 (RFC 9562), so that ids sort by age.

    A cursor is then a place in the list even when its voice is gone.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | (0x7 << 76) | (0b10 << 62)
    value |= (secrets.randbits(12) << 64) | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def is_voice_id(text: str) -> bool:
    """Whether `text` has the form of `new_voice_id`, in lower case."""
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return False
    return parsed.version == 7 and str(parsed) == text


class VoiceStore:
    """Users' voices, newest first. Thread-safe; every method may wait for the disk.

    The database is opened, and created, when it is first needed: reading voices on a machine where
    nobody stored one touches nothing.
    """

    def __init__(self, url: str | URL) -> None:
        """Name the database.

        Args:
            url: as SQLAlchemy takes it: ``sqlite:////var/lib/cartesia/voices.db``,
                ``postgresql+psycopg://user:password@host/database``.
        """
        self._url = make_url(url)
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @classmethod
    def in_folder(cls, folder: Path) -> VoiceStore:
        """The default store: the file ``voices.db`` in `folder`, which is made when needed."""
        return cls(URL.create("sqlite", database=str(folder / "voices.db")))

    def __repr__(self) -> str:
        return f"VoiceStore({self._url.render_as_string(hide_password=True)!r})"

    def get(self, id: str) -> VoiceRecord | None:
        """Return the voice with this id, in any case, or None."""
        return next(self._rows(select(VOICES).where(VOICES.c.id == id.lower())), None)

    def find(self, name: str) -> VoiceRecord | None:
        """Return the newest voice of this name, in any case, or None."""
        wanted = name.strip().casefold()
        voices = self.between(None, None)
        return next((voice for voice in voices if voice.name.casefold() == wanted), None)

    def between(
        self, after: str | None, before: str | None, *, backwards: bool = False
    ) -> Iterator[VoiceRecord]:
        """Read voices from the newest to the oldest, or backwards, fetching as they are taken.

        Ids are places in time: voices added or deleted meanwhile neither repeat nor hide others.

        Args:
            after: only voices older than this id.
            before: only voices newer than this id.
            backwards: from the oldest to the newest.
        """
        statement = select(VOICES)
        if after is not None:
            statement = statement.where(VOICES.c.id < after)
        if before is not None:
            statement = statement.where(VOICES.c.id > before)
        return self._rows(statement.order_by(VOICES.c.id if backwards else VOICES.c.id.desc()))

    def add(self, voice: VoiceRecord) -> None:
        """Store a new voice; its id comes from `new_voice_id`."""
        with self._transaction() as connection:
            connection.execute(insert(VOICES).values(_columns(voice)))

    def change(self, id: str, values: Mapping[str, str | None]) -> VoiceRecord | None:
        """Change some of what people say of a voice; return it, or None if it is gone.

        Args:
            id: of the voice.
            values: of name, description, gender, language and country.
        """
        with self._transaction() as connection:
            statement = update(VOICES).where(VOICES.c.id == id.lower()).values(**values)
            row = connection.execute(statement.returning(VOICES)).one_or_none()
        return None if row is None else _record(row)

    def set_accents(
        self, id: str, choose: Callable[[VoiceRecord], tuple[str, ...]]
    ) -> VoiceRecord | None:
        """Change the accents of a voice; return it, or None if it is gone.

        Args:
            id: of the voice.
            choose: makes its new accents of the voice as it is, which nobody changes meanwhile.
        """
        this = VOICES.c.id == id.lower()
        with self._transaction() as connection:
            row = connection.execute(select(VOICES).where(this).with_for_update()).one_or_none()
            if row is None:
                return None
            accents = " ".join(choose(_record(row)))
            statement = update(VOICES).where(this).values(accents=accents)
            return _record(connection.execute(statement.returning(VOICES)).one())

    def refine(self, id: str, embedding: VoicePoint) -> bool:
        """Change where a voice lies; return whether it was there."""
        with self._transaction() as connection:
            statement = update(VOICES).where(VOICES.c.id == id.lower())
            return bool(connection.execute(statement.values(embedding=_packed(embedding))).rowcount)

    def remove(self, id: str) -> bool:
        """Delete a voice for good; return whether it was there."""
        with self._transaction() as connection:
            return bool(
                connection.execute(delete(VOICES).where(VOICES.c.id == id.lower())).rowcount
            )

    def close(self) -> None:
        """Close the connections. The store opens again when it is used again."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    # --- the database ---

    def _rows(self, statement: Select[Any]) -> Iterator[VoiceRecord]:
        if not self._exists():
            return
        with _translated():
            engine = self._open().execution_options(**_READING, yield_per=_CHUNK)
            with engine.connect() as connection, connection.execute(statement) as rows:
                for row in rows:
                    yield _record(row)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with _translated(), self._open().begin() as connection:
            yield connection

    def _exists(self) -> bool:
        file = self._file()
        return file is None or file.exists()

    def _file(self) -> Path | None:
        sqlite = self._url.get_backend_name() == "sqlite" and self._url.database
        return Path(self._url.database or "") if sqlite else None

    def _open(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._connect()
            return self._engine

    def _connect(self) -> Engine:
        file = self._file()
        if file is None:
            engine = create_engine(self._url, pool_pre_ping=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self._url, connect_args={"timeout": _LOCK_PATIENCE})
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        migrate(engine)
        return engine


def _configure_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Readers go on while somebody writes; a commit is on the disk when it returns.
    deadline = time.monotonic() + _LOCK_PATIENCE
    while not _write_ahead(connection, last_try=time.monotonic() > deadline):
        time.sleep(_LOCK_RETRY)
    connection.execute("PRAGMA synchronous=FULL")


def _write_ahead(connection: sqlite3.Connection, *, last_try: bool) -> bool:
    # Of servers that open a new file together one switches it; SQLite has the others fail at once
    # where it waits for any other lock.
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if last_try or "locked" not in str(error):
            raise
        return False
    return True


def _begin_sqlite(connection: Connection) -> None:
    # A writer that took its lock late could fail instead of waiting for its turn.
    reading = _READING.items() <= connection.get_execution_options().items()
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StoreError("the voice database cannot be reached or written") from error


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
    }


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
